import { Org2OrgError, problem } from '../domain/errors.js';
import { named, type RolloutAccess, type RolloutInput } from '../domain/group-rollout.js';
import { findApplicationGroupAssignment } from '../okta/application-groups.js';
import { assignUserToGroup, pageOfGroupUsers } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { findUser } from '../okta/users.js';
import { everyPage } from './every-page.js';
import { lastEvidence } from './rollout-members.js';

/** Who of these users is not in the group: it is read until all are found, and only ids are held. */
async function missingFrom(
  session: OktaSession,
  groupId: string,
  userIds: Iterable<string>,
  signal: AbortSignal,
): Promise<Set<string>> {
  const missing = new Set(userIds);
  if (missing.size === 0) return missing;
  await everyPage(
    (after) => pageOfGroupUsers(session, groupId, after),
    (users) => {
      for (const { id } of users) missing.delete(id);
      return missing.size > 0;
    },
    signal,
  );
  return missing;
}

/** Adds one user; false if the org does not have the user any more, or has deactivated the user. */
async function add(session: OktaSession, groupId: string, userId: string): Promise<boolean> {
  try {
    await assignUserToGroup(session, groupId, userId);
    return true;
  } catch (error) {
    if (!(error instanceof Org2OrgError) || error.problem.retryable) throw error;
    const user = await findUser(session, userId);
    if (user !== null && user.status !== 'DEPROVISIONED') throw error;
    return false;
  }
}

/**
 * Puts the users into the group that gives the target app and reads its members back, however many the group has.
 *
 * @throws Org2OrgError `O2O_READ_BACK_DIFFERS`
 */
export async function giveRolloutAccess(
  session: OktaSession,
  { federation }: RolloutInput,
  spUserIds: readonly string[],
  signal: AbortSignal,
): Promise<RolloutAccess> {
  const { accessGroupId, targetAppId } = federation;
  const result = { looked: spUserIds.length, added: 0, absent: named([]), blocker: null };
  const assigned = await findApplicationGroupAssignment(session, targetAppId, accessGroupId);
  if (assigned === null) {
    const blocker = problem('O2O_ACCESS_GROUP_UNASSIGNED', { org: session.org, group: accessGroupId });
    return { ...result, blocker, evidence: lastEvidence(session) };
  }
  const added: string[] = [];
  const absent: string[] = [];
  for (const id of await missingFrom(session, accessGroupId, spUserIds, signal)) {
    ((await add(session, accessGroupId, id)) ? added : absent).push(id);
  }
  for (const id of await missingFrom(session, accessGroupId, added, signal)) {
    const user = await findUser(session, id);
    if (user !== null && user.status !== 'DEPROVISIONED') {
      const detail = `the user ${id} is not a member`;
      throw new Org2OrgError('O2O_READ_BACK_DIFFERS', { resource: 'the access group', org: session.org, detail });
    }
    absent.push(id);
  }
  return { ...result, added: added.length, absent: named(absent), evidence: lastEvidence(session) };
}
