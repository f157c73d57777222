import { z } from 'zod';
import { Nothing } from './answer.js';
import { Group } from './groups.js';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

/** The assignment of a group to an app. */
export const ApplicationGroupAssignment = z.looseObject({
  /** Okta's id of the group. */
  id: z.string(),
  priority: z.number().nullish(),
  profile: z.record(z.string(), z.unknown()).nullish(),
  _embedded: z.looseObject({ group: Group.nullish() }).nullish(),
});
export type ApplicationGroupAssignment = z.output<typeof ApplicationGroupAssignment>;

const facts = (group: ApplicationGroupAssignment) => ({ id: group.id });

/** The group's assignment; null if the group is not assigned to the app. */
export function findApplicationGroupAssignment(
  session: OktaSession,
  appId: string,
  groupId: string,
): Promise<ApplicationGroupAssignment | null> {
  return session.find({
    operation: 'getApplicationGroupAssignment',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/groups/${groupId}`,
    answer: ApplicationGroupAssignment,
    facts,
  });
}

/** All groups that are assigned to the app, each with what the org knows of the group. */
export function listAssignedGroups(session: OktaSession, appId: string): Promise<ApplicationGroupAssignment[]> {
  return session.list({ ...listCall(appId), query: { limit: 200, expand: 'group' } });
}

/** All groups that are assigned to the app. */
export function listApplicationGroupAssignments(
  session: OktaSession,
  appId: string,
): Promise<ApplicationGroupAssignment[]> {
  return session.list(listCall(appId));
}

const listCall = (appId: string) =>
  ({
    operation: 'listApplicationGroupAssignments',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/groups`,
    query: { limit: 200 },
    answer: z.array(ApplicationGroupAssignment),
    facts: (groups: readonly ApplicationGroupAssignment[]) => ({ ids: groups.map((group) => group.id) }),
  }) as const;

/** Assigns the group. Idempotent. `profile` holds attributes that every member gets, for example `initialStatus`. */
export function assignGroupToApplication(
  session: OktaSession,
  appId: string,
  groupId: string,
  profile: Readonly<Record<string, unknown>> = {},
): Promise<ApplicationGroupAssignment> {
  return session.call({
    operation: 'assignGroupToApplication',
    method: 'PUT',
    path: path`/api/v1/apps/${appId}/groups/${groupId}`,
    body: { profile },
    answer: ApplicationGroupAssignment,
    facts,
  });
}

/** Takes the assignment away; members who have no other one are unassigned in the background. */
export function unassignApplicationFromGroup(session: OktaSession, appId: string, groupId: string): Promise<void> {
  return session.call({
    operation: 'unassignApplicationFromGroup',
    method: 'DELETE',
    path: path`/api/v1/apps/${appId}/groups/${groupId}`,
    answer: Nothing,
    facts: () => ({ id: groupId }),
  });
}
