import { z } from 'zod';
import { Nothing } from './answer.js';
import { path, quoted } from './request-path.js';
import type { OktaPage, OktaSession } from './session.js';
import { User } from './users.js';

export const Group = z.looseObject({
  id: z.string(),
  /** `OKTA_GROUP`, `APP_GROUP` or `BUILT_IN`. */
  type: z.string(),
  profile: z.looseObject({ name: z.string(), description: z.string().nullish() }),
});
export type Group = z.output<typeof Group>;

/** How many groups Okta returns at most to a search by the beginning of the name. */
const shortListLimit = 300;

/**
 * The groups with exactly this name: one, none, or several where groups of apps or directories share it.
 * Reads what was written a moment ago, unless the org has hundreds of groups that begin with the name.
 */
export async function findGroupsByName(session: OktaSession, name: string): Promise<Group[]> {
  const begins = await session.call(listCall({ q: name, limit: shortListLimit }));
  const named = (groups: readonly Group[]) => groups.filter((group) => group.profile.name === name);
  const found = named(begins);
  if (found.length > 0 || begins.length < shortListLimit) return found;
  return named(await session.list(listCall({ search: `profile.name eq ${quoted(name)}`, limit: 200 })));
}

const listCall = (query: Readonly<Record<string, string | number>>) =>
  ({
    operation: 'listGroups',
    method: 'GET',
    path: '/api/v1/groups',
    query,
    answer: z.array(Group),
    facts: (groups: readonly Group[]) => ({ count: groups.length }),
  }) as const;

/** Null if the org has no such group. */
export function findGroup(session: OktaSession, groupId: string): Promise<Group | null> {
  return session.find({
    operation: 'getGroup',
    method: 'GET',
    path: path`/api/v1/groups/${groupId}`,
    answer: Group,
    facts: (group) => ({ id: group.id, type: group.type }),
  });
}

export function addGroup(session: OktaSession, profile: { name: string; description: string }): Promise<Group> {
  return session.call({
    operation: 'addGroup',
    method: 'POST',
    path: '/api/v1/groups',
    body: { profile },
    answer: Group,
    facts: (group) => ({ id: group.id, type: group.type }),
  });
}

/** Deletes the group; its members stay. */
export function deleteGroup(session: OktaSession, groupId: string): Promise<void> {
  return session.call({
    operation: 'deleteGroup',
    method: 'DELETE',
    path: path`/api/v1/groups/${groupId}`,
    answer: Nothing,
    facts: () => ({ id: groupId }),
  });
}

/** All members of the group. */
export function listGroupUsers(session: OktaSession, groupId: string): Promise<User[]> {
  return session.list(membersCall(groupId, null));
}

/** Up to `limit` of them, 1,000 at most: the first page, or the one that begins at `after`. */
export function pageOfGroupUsers(
  session: OktaSession,
  groupId: string,
  after: string | null,
  limit = 200,
): Promise<OktaPage<User>> {
  return session.page(membersCall(groupId, after, limit));
}

const membersCall = (groupId: string, after: string | null, limit = 200) =>
  ({
    operation: 'listGroupUsers',
    method: 'GET',
    path: path`/api/v1/groups/${groupId}/users`,
    query: { limit, after: after ?? undefined },
    answer: z.array(User),
    facts: (users: readonly User[]) => ({ count: users.length }),
  }) as const;

/** Makes the user a member. Idempotent. */
export function assignUserToGroup(session: OktaSession, groupId: string, userId: string): Promise<void> {
  return session.call({
    operation: 'assignUserToGroup',
    method: 'PUT',
    path: path`/api/v1/groups/${groupId}/users/${userId}`,
    answer: Nothing,
    facts: () => ({ groupId, userId }),
  });
}

/** Takes the user out of the group. Idempotent. */
export function unassignUserFromGroup(session: OktaSession, groupId: string, userId: string): Promise<void> {
  return session.call({
    operation: 'unassignUserFromGroup',
    method: 'DELETE',
    path: path`/api/v1/groups/${groupId}/users/${userId}`,
    answer: Nothing,
    facts: () => ({ groupId, userId }),
  });
}

/** The groups that the user is a member of. */
export function listUserGroups(session: OktaSession, userId: string): Promise<Group[]> {
  return session.list({
    operation: 'listUserGroups',
    method: 'GET',
    path: path`/api/v1/users/${userId}/groups`,
    answer: z.array(Group),
    facts: (groups) => ({ ids: groups.map((group) => group.id) }),
  });
}
