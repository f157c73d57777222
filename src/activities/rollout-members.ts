import type { Evidence } from '../domain/evidence.js';
import {
  type Candidate,
  type CandidateLot,
  compareMembers,
  type NeverLinked,
  type RolloutInput,
  type RolloutLook,
  type Window,
} from '../domain/group-rollout.js';
import { provisioningState, type SeenAppUser } from '../domain/provisioned-users.js';
import { type ApplicationUser, pageOfApplicationUsers } from '../okta/application-users.js';
import { pageOfGroupUsers } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { everyPage } from './every-page.js';
import { lookAtSpUser } from './sp-user.js';

/** About how many candidates are handed on at a time. */
const candidatesInLot = 1_000;

/** The last answers of a long read: what is kept of it. */
export function lastEvidence({ evidence }: OktaSession): readonly Evidence[] {
  return evidence.slice(-5);
}

function seen(user: ApplicationUser): SeenAppUser {
  return {
    id: user.id,
    status: user.status,
    scope: user.scope ?? 'USER',
    syncState: user.syncState ?? null,
    externalId: user.externalId ?? null,
  };
}

/**
 * The next members who are not provisioned yet, with the login under which they will be pushed. Okta tells of the
 * assignments of many users only by the list of the whole app, so it is read first and only its ids are held.
 */
export async function readRolloutCandidates(
  session: OktaSession,
  { federation, groupId }: RolloutInput,
  from: string | null,
  signal: AbortSignal,
): Promise<CandidateLot> {
  const provisioned = new Set<string>();
  const userNames = new Map<string, string>();
  await everyPage(
    (after) => pageOfApplicationUsers(session, federation.org2orgAppId, after),
    (users) => {
      for (const user of users) {
        if (provisioningState(seen(user)) === 'provisioned') provisioned.add(user.id);
        else if (user.credentials?.userName != null) userNames.set(user.id, user.credentials.userName);
      }
      return true;
    },
    signal,
  );
  const people: Candidate[] = [];
  let walked = 0;
  let next: string | null = null;
  await everyPage(
    (after) => pageOfGroupUsers(session, groupId, after),
    (users, after) => {
      walked += users.length;
      next = after;
      for (const { id, profile } of users) {
        if (!provisioned.has(id)) people.push({ id, login: userNames.get(id) ?? profile.login });
      }
      return people.length < candidatesInLot;
    },
    signal,
    from,
  );
  return { people, walked, after: next, evidence: lastEvidence(session) };
}

/** Who has a counterpart in the SP org that must not be linked: an administrator, somebody else's user. Never writes. */
export async function findNeverLinked(
  session: OktaSession,
  { federation }: RolloutInput,
  people: readonly Candidate[],
): Promise<{ neverLinked: NeverLinked[]; evidence: readonly Evidence[] }> {
  const neverLinked: NeverLinked[] = [];
  for (const { id, login } of people) {
    const input = { federation, kind: 'onboard', login, profile: null, assignBy: 'direct' } as const;
    const { user, blocker } = await lookAtSpUser(session, input, null);
    if (user !== null && blocker !== null) neverLinked.push({ id, spUserId: user.id, because: blocker.message });
  }
  return { neverLinked, evidence: lastEvidence(session) };
}

/** The members of the group compared with the users of the Org2Org app; holds only what is compared. Never writes. */
export async function lookAtRollout(
  session: OktaSession,
  { federation, groupId }: RolloutInput,
  window: Window | null,
  signal: AbortSignal,
): Promise<RolloutLook> {
  const members = new Set<string>();
  await everyPage(
    (after) => pageOfGroupUsers(session, groupId, after),
    (users) => {
      for (const { id } of users) members.add(id);
      return true;
    },
    signal,
  );
  const appUsers = new Map<string, SeenAppUser>();
  await everyPage(
    (after) => pageOfApplicationUsers(session, federation.org2orgAppId, after),
    (users) => {
      for (const user of users) if (members.has(user.id)) appUsers.set(user.id, seen(user));
      return true;
    },
    signal,
  );
  return { ...compareMembers(members, appUsers, window), evidence: lastEvidence(session) };
}
