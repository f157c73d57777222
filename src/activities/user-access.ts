import { problem } from '../domain/errors.js';
import type { Finding, UserInput } from '../domain/user-lifecycle.js';
import { findApplicationUser } from '../okta/application-users.js';
import { assignUserToGroup, listUserGroups } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { followsAfterMs, lookUntil } from './looking.js';

/** Statuses of an assignment that gives no access. */
const ended: readonly (string | undefined)[] = [undefined, 'SUSPENDED', 'DEPROVISIONED', 'INACTIVE', 'UNASSIGNED'];

/**
 * Puts the user into the group that gives the target app, and waits until the target app is assigned.
 *
 * @param isNew a user who was created a moment ago is in no group yet: nobody needs to look.
 */
export async function giveAccess(
  session: OktaSession,
  input: UserInput,
  spUserId: string,
  isNew: boolean,
  signal: AbortSignal,
): Promise<Finding> {
  const { accessGroupId, targetAppId } = input.federation;
  const groups = isNew ? [] : await listUserGroups(session, spUserId);
  const member = groups.some(({ id }) => id === accessGroupId);
  if (!member) await assignUserToGroup(session, accessGroupId, spUserId);
  const assigned = await lookUntil(
    () => findApplicationUser(session, targetAppId, spUserId),
    (seen) => !ended.includes(seen?.status),
    signal,
    member ? 0 : followsAfterMs,
  );
  const has = !ended.includes(assigned?.status);
  const detail = `the target app is ${assigned?.status ?? 'not assigned'} for the user ${spUserId}`;
  return {
    decided: has ? `The target app is assigned to the user ${spUserId}.` : `${detail}.`,
    changes: [],
    applied: member ? [] : ['Add the user to the group that gives the target app'],
    checks: [
      {
        name: 'targetApp',
        statement: 'The target app is assigned in the SP org',
        result: has ? 'passed' : 'failed',
        detail: assigned?.status ?? 'not assigned',
        fix: has ? null : 'Send the same PUT of the federation again: it assigns the access group to the target app.',
        evidence: [],
      },
    ],
    blocker: has ? null : problem('O2O_NOT_ARRIVED', { org: session.org, detail }),
    evidence: session.evidence,
  };
}
