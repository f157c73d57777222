import { newId } from '../core/ids.js';
import { apiUrl, logoLinks } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Group, GroupType, Json } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';
import type { LogActor } from '../core/system-log.js';
import { unassignGroup } from './app-assignments.js';
import { groupTarget, memberIds, removeMember } from './group-members.js';

/** The group as Okta answers it. */
export function groupAnswer(org: Org, group: Group): Json {
  const path = `/groups/${group.id}`;
  const objectClass = group.sourceAppId === null ? 'okta:user_group' : 'okta:app_group';
  return {
    id: group.id,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
    objectClass: [objectClass],
    type: group.type,
    profile: group.profile,
    ...(group.sourceAppId === null ? {} : { source: { id: group.sourceAppId } }),
    _links: {
      logo: logoLinks(org, 'okta'),
      owners: { href: apiUrl(org, `${path}/owners`) },
      users: { href: apiUrl(org, `${path}/users`) },
      apps: { href: apiUrl(org, `${path}/apps`) },
      ...(group.sourceAppId === null ? {} : { source: { href: apiUrl(org, `/apps/${group.sourceAppId}`) } }),
    },
  };
}

/** @throws OktaError E0000007 */
export function groupOf(org: Org, id: string): Group {
  const group = org.groups.get(id);
  if (group === undefined) throw notFound(id, 'UserGroup');
  return group;
}

/** The group of the org itself with this name. */
export function findGroupByName(org: Org, name: string): Group | undefined {
  return org.groups.get(org.groupIdsByName.get(name) ?? '');
}

/**
 * Creates a group.
 *
 * @param input the body of `POST /groups`
 * @throws OktaError E0000001 for a missing or taken name
 */
export function createGroup(org: Org, input: Json, actor: LogActor): Group {
  const group = addGroup(org, checkedProfile(org, input), 'OKTA_GROUP');
  org.log.write({ eventType: 'group.lifecycle.create', actor, target: [groupTarget(group)] });
  return group;
}

/** Puts a group into the org, without a check or a log. */
export function addGroup(org: Org, profile: Json, type: GroupType, sourceAppId: string | null = null): Group {
  const now = org.clock.iso();
  const group: Group = {
    id: newId('00g'),
    type,
    created: now,
    lastUpdated: now,
    lastMembershipUpdated: now,
    profile,
    sourceAppId,
  };
  org.groups.add(group);
  if (sourceAppId === null) org.groupIdsByName.set(String(profile.name), group.id);
  return group;
}

/** Replaces the profile of a group of the org itself. */
export function replaceGroup(org: Org, group: Group, input: Json, actor: LogActor): void {
  if (group.type !== 'OKTA_GROUP') throw readOnly(group);
  const profile = checkedProfile(org, input, group);
  org.groupIdsByName.delete(String(group.profile.name));
  group.profile = profile;
  group.lastUpdated = org.clock.iso();
  org.groupIdsByName.set(String(profile.name), group.id);
  org.log.write({ eventType: 'group.profile.update', actor, target: [groupTarget(group)] });
  org.events.emit({ type: 'group.updated', groupId: group.id });
}

/** Deletes a group with its memberships and assignments. */
export function deleteGroup(org: Org, group: Group, actor: LogActor): void {
  if (group.type === 'BUILT_IN') throw readOnly(group);
  const members = [...memberIds(org, group)];
  for (const appId of [...(org.appsOfGroup.get(group.id)?.all() ?? [])]) {
    const app = org.apps.get(appId);
    if (app !== undefined) unassignGroup(org, app, group.id, actor);
  }
  for (const userId of members) {
    const user = org.users.get(userId);
    if (user !== undefined) removeMember(org, group, user, actor);
  }
  org.groups.delete(group.id);
  if (group.sourceAppId === null) org.groupIdsByName.delete(String(group.profile.name));
  org.groupMembers.delete(group.id);
  for (const role of org.roleAssignments.filter((entry) => entry.principalId === group.id))
    org.roleAssignments.delete(role.id);
  for (const rule of org.groupRules.all()) if (rule.groupIds.includes(group.id)) rule.status = 'INVALID';
  org.log.write({ eventType: 'group.lifecycle.delete', actor, target: [groupTarget(group)] });
  org.events.emit({ type: 'group.deleted', groupId: group.id });
}

/** The refusal to change a group that another system or Okta itself owns. */
export function readOnly(group: Group): OktaError {
  return group.type === 'BUILT_IN' ? new OktaError('E0000038') : new OktaError('E0000023');
}

function checkedProfile(org: Org, input: Json, group?: Group): Json {
  const sent = asObject(input.profile);
  const name = asText(sent.name) ?? '';
  if (name.trim() === '') throw invalid('name', 'name: The field cannot be left blank');
  if (name.length > 255) throw invalid('name', 'name: The field is too long');
  const owner = findGroupByName(org, name);
  if (owner !== undefined && owner.id !== group?.id) {
    throw invalid('name', 'name: An object with this field already exists in the current organization');
  }
  return { description: null, ...sent };
}
