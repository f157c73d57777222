import type { SweepScope } from '../domain/sweep.js';
import type { Ledger } from '../ledger/ledger.js';
import { unseenSpUsers } from '../ledger/sweep-join.js';
import { keepPage, type SweepEntry } from '../ledger/sweep-reads.js';
import { findApplicationUser } from '../okta/application-users.js';
import { getApplication } from '../okta/applications.js';
import { listUserGroups } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import {
  findUserByLogin,
  listAssignedRolesForUser,
  listUserIdentityProviders,
  listUsersByIds,
  listUsersByLogins,
  type User,
} from '../okta/users.js';
import type { ListProgress, SweepInput } from './sweep-activities.js';
import { assignmentEntry, idpEntry, nobody, spEntry } from './sweep-entries.js';
import { attemptOf } from './sweep-lists.js';

type SomeUsers = Exclude<SweepScope, 'everyone'>;

/** Reads users whom the scope names, with everything the join needs of this side of the federation. */
export async function readSweptUsers(
  session: OktaSession,
  ledger: Ledger,
  input: SweepInput,
  side: 'idp' | 'sp',
  { users }: SomeUsers,
): Promise<ListProgress> {
  const of = attemptOf(input);
  const names = users.map((login) => login.toLowerCase());
  const lists =
    side === 'idp' ? await readIdpUsers(session, input, names) : await readSpUsers(session, ledger, input, names);
  for (const [list, entries] of Object.entries(lists)) {
    await keepPage(ledger, of, list as keyof typeof lists, 1, entries);
  }
  const [list, entries] =
    side === 'idp'
      ? (['assignments', lists.assignments] as const)
      : (['accessGroupMembers', lists.accessGroupMembers] as const);
  return {
    read: { list, pages: 1, items: entries?.length ?? 0, ended: true, repeated: 0, emptyWithin: 0 },
    after: null,
    done: true,
    evidence: session.evidence.slice(-20),
  };
}

type Lists = Partial<
  Record<
    | 'assignments'
    | 'otherIdpUsers'
    | 'accessGroupMembers'
    | 'identityProviderUsers'
    | 'otherSpUsers'
    | 'administrators',
    SweepEntry[]
  >
>;

/** That nobody is assigned counts only while there is an app: at its end it is asked for. */
async function readIdpUsers(
  session: OktaSession,
  { federation, rules }: SweepInput,
  names: readonly string[],
): Promise<Lists> {
  const assignments: SweepEntry[] = [];
  const otherIdpUsers: SweepEntry[] = [];
  for (const name of names) {
    const user = await findUserByLogin(session, name);
    if (user === null) otherIdpUsers.push(nobody(name));
    else {
      const assigned = await findApplicationUser(session, federation.org2orgAppId, user.id);
      if (assigned === null) otherIdpUsers.push(idpEntry(user, name, rules));
      else assignments.push(assignmentEntry({ ...assigned, _embedded: { user } }, rules));
    }
  }
  await getApplication(session, federation.org2orgAppId);
  return { assignments, otherIdpUsers };
}

async function readSpUsers(
  session: OktaSession,
  ledger: Ledger,
  input: SweepInput,
  names: readonly string[],
): Promise<Lists> {
  const { federation } = input;
  const named = await listUsersByLogins(session, names);
  const led = await listUsersByIds(session, await unseenSpUsers(ledger, attemptOf(input), '', 1_000));
  const users = new Map<string, User>([...named, ...led].map((user) => [user.id, user]));
  const lists = {
    accessGroupMembers: [] as SweepEntry[],
    identityProviderUsers: [] as SweepEntry[],
    otherSpUsers: [] as SweepEntry[],
    administrators: [] as SweepEntry[],
  };
  for (const user of users.values()) {
    if (led.some(({ id }) => id === user.id)) lists.otherSpUsers.push(spEntry(user));
    const groups = await listUserGroups(session, user.id);
    if (groups.some(({ id }) => id === federation.accessGroupId)) lists.accessGroupMembers.push(spEntry(user));
    const providers = await listUserIdentityProviders(session, user.id);
    if (providers.includes(federation.identityProviderId)) lists.identityProviderUsers.push(spEntry(user));
    const roles = await listAssignedRolesForUser(session, user.id);
    if (roles.length > 0) lists.administrators.push({ id: user.id });
  }
  return lists;
}
