import { Collection } from '../core/collection.js';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, AppGroup, AppUser, Json, User } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';
import { SortedIds } from '../core/sorted-ids.js';
import type { LogActor, LogTarget } from '../core/system-log.js';
import { mappedAppProfile } from './app-user-profile.js';
import { fillTemplate } from './expressions.js';
import { groupIdsOf, groupTarget, memberIds } from './group-members.js';
import { userTarget } from './user-store.js';

/** The app as target of a log event. */
export function appTarget(app: App): LogTarget {
  return { id: app.id, type: 'AppInstance', alternateId: app.label, displayName: app.name };
}

/** Assignments of an app by user. */
export function appUsersOf(org: Org, appId: string): Collection<AppUser> {
  const known = org.appUsers.get(appId);
  if (known !== undefined) return known;
  const fresh = new Collection<AppUser>();
  org.appUsers.set(appId, fresh);
  return fresh;
}

/** Assignments of an app by group. */
export function appGroupsOf(org: Org, appId: string): Collection<AppGroup> {
  const known = org.appGroups.get(appId);
  if (known !== undefined) return known;
  const fresh = new Collection<AppGroup>();
  org.appGroups.set(appId, fresh);
  return fresh;
}

function appUserTarget(appUser: AppUser, user: User): LogTarget {
  return {
    id: appUser.id,
    type: 'AppUser',
    alternateId: appUser.userName ?? 'unknown',
    displayName: userTarget(user).displayName,
  };
}

/** Whether the app creates users in its target: connection on and the feature on. */
function createsUsers(org: Org, app: App): boolean {
  const provisioning = org.appFeatures.get(app.id)?.get('USER_PROVISIONING');
  const create = asObject(asObject(asObject(provisioning).create).lifecycleCreate);
  return org.connections.get(app.id)?.status === 'ENABLED' && create.status === 'ENABLED';
}

/** What the body of an assignment may carry. */
export interface AssignmentInput {
  readonly credentials?: Json;
  readonly profile?: Json;
}

/**
 * Assigns a user to an app directly. An assignment by group becomes a direct one.
 *
 * @throws OktaError E0000062 if the user is assigned directly already, E0000117 if it is deactivated
 */
export function assignUserToApp(org: Org, app: App, user: User, input: AssignmentInput, actor: LogActor): AppUser {
  if (user.status === 'DEPROVISIONED') throw new OktaError('E0000117');
  const existing = org.appUsers.get(app.id)?.get(user.id);
  if (existing?.scope === 'USER') throw new OktaError('E0000062');
  if (existing !== undefined) {
    existing.scope = 'USER';
    updateAppUser(org, existing, input, actor);
    return existing;
  }
  return addAppUser(org, app, user, 'USER', input, actor);
}

function addAppUser(
  org: Org,
  app: App,
  user: User,
  scope: 'USER' | 'GROUP',
  input: AssignmentInput,
  actor: LogActor,
): AppUser {
  const now = org.clock.iso();
  const userName = asText(asObject(input.credentials).userName) ?? userNameFor(app, user);
  const appUser: AppUser = {
    id: user.id,
    appId: app.id,
    externalId: null,
    created: now,
    lastUpdated: now,
    scope,
    status: createsUsers(org, app) ? 'STAGED' : 'ACTIVE',
    statusChanged: now,
    passwordChanged: null,
    syncState: 'DISABLED',
    lastSync: null,
    userName,
    passwordSet: asText(asObject(asObject(input.credentials).password).value) !== undefined,
    profile: { ...mappedAppProfile(org, app, user, userName), ...input.profile },
  };
  appUsersOf(org, app.id).add(appUser);
  idsOf(org.appsOfUser, user.id).add(app.id);
  org.log.write({
    eventType: 'application.user_membership.add',
    actor,
    target: [appUserTarget(appUser, user), appTarget(app), userTarget(user)],
  });
  org.events.emit({ type: 'appUser.assigned', appId: app.id, userId: user.id });
  return appUser;
}

/** Changes credentials and profile of an assignment. */
export function updateAppUser(org: Org, appUser: AppUser, input: AssignmentInput, actor: LogActor): void {
  const credentials = asObject(input.credentials);
  appUser.userName = asText(credentials.userName) ?? appUser.userName;
  if (asText(asObject(credentials.password).value) !== undefined) {
    appUser.passwordSet = true;
    appUser.passwordChanged = org.clock.iso();
  }
  if (input.profile !== undefined) appUser.profile = { ...appUser.profile, ...input.profile };
  appUser.lastUpdated = org.clock.iso();
  const user = org.users.get(appUser.id);
  const app = org.apps.get(appUser.appId);
  if (user === undefined || app === undefined) return;
  org.log.write({
    eventType: 'application.user_membership.update',
    actor,
    target: [appUserTarget(appUser, user), appTarget(app), userTarget(user)],
  });
  org.events.emit({ type: 'appUser.updated', appId: app.id, userId: user.id });
}

/** The user name that the app's template gives to a user. */
export function userNameFor(app: App, user: User): string {
  const template = asObject(app.credentials.userNameTemplate);
  const context = { source: user.profile, user: user.profile };
  return fillTemplate(asText(template.template) ?? '${source.login}', context) || String(user.profile.login);
}

/** Ends the assignment of a user to an app. */
export function unassignUser(org: Org, app: App, appUser: AppUser, actor: LogActor): void {
  org.appUsers.get(app.id)?.delete(appUser.id);
  org.appsOfUser.get(appUser.id)?.delete(app.id);
  const user = org.users.get(appUser.id);
  org.log.write({
    eventType: 'application.user_membership.remove',
    actor,
    target: user === undefined ? [appTarget(app)] : [appUserTarget(appUser, user), appTarget(app), userTarget(user)],
  });
  org.events.emit({ type: 'appUser.unassigned', appId: app.id, userId: appUser.id, externalId: appUser.externalId });
}

/** Ends all assignments of a user that was deactivated. */
export function unassignEverywhere(org: Org, user: User, actor: LogActor): void {
  for (const appId of [...(org.appsOfUser.get(user.id)?.all() ?? [])]) {
    const app = org.apps.get(appId);
    const appUser = org.appUsers.get(appId)?.get(user.id);
    if (app !== undefined && appUser !== undefined) unassignUser(org, app, appUser, actor);
  }
}

/** Assigns a group to an app, or changes the assignment. Members follow in the background. */
export function assignGroupToApp(
  org: Org,
  app: App,
  groupId: string,
  input: { priority?: number; profile?: Json },
  actor: LogActor,
): AppGroup {
  const assignments = appGroupsOf(org, app.id);
  const existing = assignments.get(groupId);
  const group = org.groups.get(groupId);
  if (existing !== undefined) {
    existing.priority = input.priority ?? existing.priority;
    existing.profile = input.profile ?? existing.profile;
    existing.lastUpdated = org.clock.iso();
    org.log.write({
      eventType: 'group.application_assignment.update',
      actor,
      target: group === undefined ? [] : [appTarget(app), groupTarget(group)],
    });
    return existing;
  }
  const assignment: AppGroup = {
    id: groupId,
    appId: app.id,
    priority: input.priority ?? assignments.size,
    lastUpdated: org.clock.iso(),
    profile: input.profile ?? {},
  };
  assignments.add(assignment);
  idsOf(org.appsOfGroup, groupId).add(app.id);
  org.log.write({
    eventType: 'group.application_assignment.add',
    actor,
    target: group === undefined ? [] : [appTarget(app), groupTarget(group)],
  });
  org.events.emit({ type: 'appGroup.assigned', appId: app.id, groupId });
  scheduleMembers(org, app, groupId, actor);
  return assignment;
}

/** Ends the assignment of a group. Members whose assignment came from groups only follow in the background. */
export function unassignGroup(org: Org, app: App, groupId: string, actor: LogActor): void {
  org.appGroups.get(app.id)?.delete(groupId);
  org.appsOfGroup.get(groupId)?.delete(app.id);
  const group = org.groups.get(groupId);
  org.log.write({
    eventType: 'group.application_assignment.remove',
    actor,
    target: group === undefined ? [] : [appTarget(app), groupTarget(group)],
  });
  org.events.emit({ type: 'appGroup.unassigned', appId: app.id, groupId });
  scheduleMembers(org, app, groupId, actor);
}

function scheduleMembers(org: Org, app: App, groupId: string, actor: LogActor): void {
  org.background.schedule(
    'reconciliation',
    () => {
      const group = org.groups.get(groupId);
      if (group === undefined || !org.apps.has(app.id)) return;
      for (const userId of [...memberIds(org, group)]) reconcile(org, app, userId, actor);
    },
    `app ${app.id}`,
  );
}

/** Brings all assignments of a user into line with the groups that it is in. */
export function reconcileUser(org: Org, userId: string, actor: LogActor): void {
  const appIds = new Set(org.appsOfUser.get(userId)?.all() ?? []);
  for (const groupId of groupIdsOf(org, userId)) {
    for (const appId of org.appsOfGroup.get(groupId)?.all() ?? []) appIds.add(appId);
  }
  for (const appId of appIds) {
    const app = org.apps.get(appId);
    if (app !== undefined) reconcile(org, app, userId, actor);
  }
}

/** All members of all groups of an app, after it was switched on or off. */
export function reconcileApp(org: Org, app: App, actor: LogActor): void {
  for (const assignment of org.appGroups.get(app.id)?.all() ?? []) scheduleMembers(org, app, assignment.id, actor);
}

function reconcile(org: Org, app: App, userId: string, actor: LogActor): void {
  const user = org.users.get(userId);
  if (user === undefined) return;
  const current = org.appUsers.get(app.id)?.get(userId);
  const wanted =
    app.status === 'ACTIVE' && user.status !== 'DEPROVISIONED' ? groupAssignmentFor(org, app, userId) : undefined;
  if (wanted === undefined && current?.scope === 'GROUP') unassignUser(org, app, current, actor);
  if (wanted !== undefined && current === undefined)
    addAppUser(org, app, user, 'GROUP', { profile: wanted.profile }, actor);
}

/** The assignment by group that counts for a user: of all its groups the one with the first priority. */
export function groupAssignmentFor(org: Org, app: App, userId: string): AppGroup | undefined {
  const assignments = org.appGroups.get(app.id);
  if (assignments === undefined) return undefined;
  return groupIdsOf(org, userId)
    .flatMap((groupId) => assignments.get(groupId) ?? [])
    .sort((a, b) => a.priority - b.priority)[0];
}

function idsOf(index: Map<string, SortedIds>, key: string): SortedIds {
  const known = index.get(key);
  if (known !== undefined) return known;
  const fresh = new SortedIds();
  index.set(key, fresh);
  return fresh;
}
