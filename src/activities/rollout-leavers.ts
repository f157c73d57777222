import {
  type Leaver,
  type LeaverLot,
  type LeaversReadBack,
  mostNamed,
  type RolloutInput,
} from '../domain/group-rollout.js';
import { listApplicationGroupAssignments } from '../okta/application-groups.js';
import { findApplicationUser } from '../okta/application-users.js';
import { listUserGroups } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { listLogEvents } from '../okta/system-log.js';
import { findUser, findUserByLogin, listUserIdentityProviders } from '../okta/users.js';
import { lastEvidence } from './rollout-members.js';

/** How far the org's clock may be off ours, in milliseconds. */
const clockSkewMs = 5 * 60 * 1000;

/** Users to whom such an event happened on the object since then, each once, in the order of ids. */
async function usersOfEvents(session: OktaSession, eventType: string, targetId: string, since: string) {
  const events = await listLogEvents(session, {
    since: new Date(Date.parse(since) - clockSkewMs),
    until: new Date(Date.now() + clockSkewMs),
    filter: `eventType eq "${eventType}" and target.id eq "${targetId}"`,
  });
  const ids = events.flatMap(({ target }) => target?.find(({ type }) => type === 'User')?.id ?? []);
  return [...new Set(ids)].sort();
}

/** Who was taken out of the group since then, up to a hundred at a time, with a fresh look at each. Never writes. */
export async function readRolloutLeavers(
  session: OktaSession,
  { federation, groupId }: RolloutInput,
  since: string,
  after: string | null,
): Promise<LeaverLot> {
  const { org2orgAppId } = federation;
  const removed = await usersOfEvents(session, 'group.user_membership.remove', groupId, since);
  const lot = removed.filter((id) => after === null || id > after).slice(0, mostNamed);
  if (lot.length === 0) return { leavers: [], keep: 0, after: null, evidence: lastEvidence(session) };
  const unassigned = new Set(await usersOfEvents(session, 'application.user_membership.remove', org2orgAppId, since));
  const giving = new Set((await listApplicationGroupAssignments(session, org2orgAppId)).map(({ id }) => id));
  const leavers: Leaver[] = [];
  let keep = 0;
  for (const id of lot) {
    const user = await findUser(session, id);
    const groups = user === null ? [] : await listUserGroups(session, id);
    if (user === null || groups.some((group) => group.id === groupId)) continue;
    const assignment = await findApplicationUser(session, org2orgAppId, id);
    const keeps = assignment !== null && (assignment.scope !== 'GROUP' || groups.some((group) => giving.has(group.id)));
    if (keeps) keep += 1;
    else leavers.push({ id, login: user.profile.login, pending: assignment !== null, wasAssigned: unassigned.has(id) });
  }
  const last = lot.at(-1) ?? null;
  return { leavers, keep, after: last === removed.at(-1) ? null : last, evidence: lastEvidence(session) };
}

/** Whether those who left are deactivated. Whoever never came by this federation is none of its business. */
export async function checkRolloutLeavers(
  session: OktaSession,
  { federation }: RolloutInput,
  leavers: readonly Leaver[],
): Promise<LeaversReadBack> {
  let deprovisioned = 0;
  const stillThere: string[] = [];
  for (const { id, login, pending, wasAssigned } of leavers) {
    const user = await findUserByLogin(session, login);
    const there = user !== null && user.status !== 'DEPROVISIONED';
    if (pending) stillThere.push(id);
    else if (!there) deprovisioned += wasAssigned || user !== null ? 1 : 0;
    else if (wasAssigned) stillThere.push(id);
    else {
      const linked = await listUserIdentityProviders(session, user.id);
      const groups = await listUserGroups(session, user.id);
      const ours =
        linked.includes(federation.identityProviderId) || groups.some((group) => group.id === federation.accessGroupId);
      if (ours) stillThere.push(id);
    }
  }
  return { deprovisioned, stillThere, evidence: lastEvidence(session) };
}
