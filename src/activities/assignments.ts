import { decideAssignments, initialStatus, type SeenAssignments } from '../domain/assignments.js';
import { Org2OrgError } from '../domain/errors.js';
import { foldLogin } from '../domain/login.js';
import { assignGroupToApplication, listAssignedGroups } from '../okta/application-groups.js';
import {
  type ApplicationUser,
  assignUserToApplication,
  findApplicationUser,
  updateApplicationUser,
} from '../okta/application-users.js';
import { findGroupsByName } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { findUserByLogin } from '../okta/users.js';
import type { Resource } from './resource.js';

async function seenGroups(
  session: OktaSession,
  appId: string | undefined,
  names: readonly string[],
): Promise<Pick<SeenAssignments, 'groups' | 'all'>> {
  const assignments = appId === undefined ? [] : await listAssignedGroups(session, appId);
  const assigned = new Map(assignments.map((each) => [each.id, each.profile]));
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
  return { groups, all: assignments.map(({ id, _embedded }) => ({ id, name: _embedded?.group?.profile.name ?? id })) };
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
    users.push({
      position: index,
      id: user?.id ?? null,
      assigned: assignment !== null,
      ...(assignment?.scope === 'USER' ? ofDirectAssignment(assignment, [login, user?.profile.login ?? login]) : {}),
    });
  }
  return users;
}

function ofDirectAssignment({ credentials, profile }: ApplicationUser, logins: readonly string[]) {
  const name = credentials?.userName ?? null;
  const status = profile?.initialStatus;
  return {
    underLogin: name === null || logins.some((login) => foldLogin(login) === foldLogin(name)),
    ...(typeof status === 'string' ? { initialStatus: status } : {}),
  };
}

/** Groups and users of the IdP org that have the Org2Org app. */
export const assignments: Resource<SeenAssignments> = {
  name: 'assignments',
  side: 'idp',

  async observe(session, { known, spec }) {
    return {
      ...(await seenGroups(session, known.org2orgAppId, spec.assignments.groups)),
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
    const credentials = userName === undefined ? {} : { userName };
    if (change.write === 'correctName') await updateApplicationUser(session, known.org2orgAppId, id, { credentials });
    else if (change.write === 'correctStatus')
      await updateApplicationUser(session, known.org2orgAppId, id, { profile: initialStatus });
    else await assignUserToApplication(session, known.org2orgAppId, id, { ...credentials, profile: initialStatus });
    return {};
  },
};
