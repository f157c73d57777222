import { decideAssignments, initialStatus, type SeenAssignments } from '../domain/assignments.js';
import { Org2OrgError } from '../domain/errors.js';
import { assignGroupToApplication, listApplicationGroupAssignments } from '../okta/application-groups.js';
import { assignUserToApplication, findApplicationUser } from '../okta/application-users.js';
import { findGroupsByName } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { findUserByLogin } from '../okta/users.js';
import type { Resource } from './resource.js';

async function seenGroups(
  session: OktaSession,
  appId: string | undefined,
  names: readonly string[],
): Promise<SeenAssignments['groups']> {
  if (names.length === 0) return [];
  const assigned = new Map(
    appId === undefined
      ? []
      : (await listApplicationGroupAssignments(session, appId)).map((group) => [group.id, group.profile]),
  );
  const groups: SeenAssignments['groups'][number][] = [];
  for (const name of names) {
    const found = await findGroupsByName(session, name);
    const group =
      found.find((each) => assigned.has(each.id)) ??
      found.find((each) => each.type === 'OKTA_GROUP') ??
      (found.length === 1 ? found[0] : undefined);
    const status = group === undefined ? undefined : assigned.get(group.id)?.initialStatus;
    groups.push({
      name,
      id: group?.id ?? null,
      sameName: found.length,
      assigned: group !== undefined && assigned.has(group.id),
      ...(typeof status === 'string' ? { initialStatus: status } : {}),
    });
  }
  return groups;
}

async function seenUsers(
  session: OktaSession,
  appId: string | undefined,
  logins: readonly string[],
): Promise<SeenAssignments['users']> {
  const users: SeenAssignments['users'][number][] = [];
  for (const [index, login] of logins.entries()) {
    const user = await findUserByLogin(session, login);
    const assignment = user === null || appId === undefined ? null : await findApplicationUser(session, appId, user.id);
    users.push({ position: index, id: user?.id ?? null, assigned: assignment !== null });
  }
  return users;
}

/** Groups and users of the IdP org that have the Org2Org app. */
export const assignments: Resource<SeenAssignments> = {
  name: 'assignments',
  side: 'idp',

  async observe(session, { known, spec }) {
    return {
      groups: await seenGroups(session, known.org2orgAppId, spec.assignments.groups),
      users: await seenUsers(session, known.org2orgAppId, spec.assignments.users),
    };
  },

  decide: decideAssignments,

  async write(session, { known, spec }, seen, change) {
    const id = change.fields[0]?.after;
    if (known.org2orgAppId === undefined || typeof id !== 'string') throw new Org2OrgError('O2O_INTERNAL');
    if (change.write === 'assignGroup') {
      await assignGroupToApplication(session, known.org2orgAppId, id, initialStatus);
      return {};
    }
    const position = seen.users.find((user) => user.id === id)?.position ?? -1;
    const userName = spec.assignments.users[position];
    await assignUserToApplication(session, known.org2orgAppId, id, {
      ...(userName === undefined ? {} : { userName }),
      profile: initialStatus,
    });
    return {};
  },
};
