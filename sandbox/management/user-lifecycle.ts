import { newSecret } from '../core/ids.js';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { User } from '../core/records.js';
import type { LogActor } from '../core/system-log.js';
import { unassignEverywhere } from './app-assignments.js';
import { leaveAllGroups } from './group-members.js';
import { changeUser, removeUser, setStatus, userTarget } from './user-store.js';

/** What activation hands out so that the user can set a password. */
export interface ActivationToken {
  readonly activationUrl: string;
  readonly activationToken: string;
}

function activationToken(org: Org): ActivationToken {
  const token = newSecret(20);
  return { activationUrl: `${org.url}/tokens/${token}/verify`, activationToken: token };
}

/**
 * Activates a STAGED or DEPROVISIONED user.
 *
 * @throws OktaError E0000016, E0000038
 */
export function activateUser(org: Org, user: User, actor: LogActor): ActivationToken {
  if (user.status === 'ACTIVE' || user.status === 'PROVISIONED') throw new OktaError('E0000016');
  if (user.status !== 'STAGED' && user.status !== 'DEPROVISIONED') throw new OktaError('E0000038');
  const reactivates = user.status === 'DEPROVISIONED';
  const ready = user.passwordHash !== null || user.provider.type !== 'OKTA';
  setStatus(org, user, ready ? 'ACTIVE' : 'PROVISIONED');
  user.activated = org.clock.iso();
  org.log.write({ eventType: 'user.lifecycle.activate', actor, target: [userTarget(user)] });
  if (reactivates) org.log.write({ eventType: 'user.lifecycle.reactivate', actor, target: [userTarget(user)] });
  org.events.emit({ type: 'user.activated', userId: user.id });
  return activationToken(org);
}

/**
 * Sends a user that is not through with activation through it again.
 *
 * @throws OktaError E0000038
 */
export function reactivateUser(org: Org, user: User, actor: LogActor): ActivationToken {
  if (user.status !== 'PROVISIONED' && user.status !== 'RECOVERY') throw new OktaError('E0000038');
  setStatus(org, user, 'PROVISIONED');
  org.log.write({ eventType: 'user.lifecycle.reactivate', actor, target: [userTarget(user)] });
  return activationToken(org);
}

/**
 * Deactivates a user: it loses its apps, groups, roles, sessions and password. With a delay for `lifecycle` the user
 * is in transition until then.
 *
 * @throws OktaError E0000038 if it is deactivated already
 */
export function deactivateUser(org: Org, user: User, actor: LogActor): void {
  if (user.status === 'DEPROVISIONED' || user.transitioningToStatus === 'DEPROVISIONED') {
    throw new OktaError('E0000038');
  }
  if (org.background.delays.lifecycle === 0) {
    finishDeactivation(org, user, actor);
    return;
  }
  changeUser(org, user, () => {
    user.transitioningToStatus = 'DEPROVISIONED';
  });
  org.background.schedule('lifecycle', () => finishDeactivation(org, user, actor));
}

function finishDeactivation(org: Org, user: User, actor: LogActor): void {
  changeUser(org, user, () => {
    user.status = 'DEPROVISIONED';
    user.transitioningToStatus = null;
    user.statusChanged = org.clock.iso();
    user.passwordHash = null;
    user.failedSignIns = 0;
  });
  org.log.write({ eventType: 'user.lifecycle.deactivate', actor, target: [userTarget(user)] });
  endSessions(org, user);
  unassignEverywhere(org, user, actor);
  leaveAllGroups(org, user, actor);
  for (const role of org.roleAssignments.filter((entry) => entry.principalId === user.id)) {
    org.roleAssignments.delete(role.id);
  }
  org.events.emit({ type: 'user.deactivated', userId: user.id });
}

/** First call: deactivates. Second call: deletes for good. */
export function deleteUser(org: Org, user: User, actor: LogActor): void {
  if (user.status !== 'DEPROVISIONED') {
    deactivateUser(org, user, actor);
    return;
  }
  org.log.write({ eventType: 'user.lifecycle.delete.initiated', actor, target: [userTarget(user)] });
  for (const links of org.identityProviderUsers.values()) links.delete(user.id);
  removeUser(org, user);
  org.log.write({ eventType: 'user.lifecycle.delete.completed', actor, target: [userTarget(user)] });
  org.events.emit({ type: 'user.deleted', userId: user.id });
}

/** @throws OktaError E0000001 if the user is not ACTIVE */
export function suspendUser(org: Org, user: User, actor: LogActor): void {
  if (user.status !== 'ACTIVE') throw new OktaError('E0000001', 'Cannot suspend a user that is not active');
  setStatus(org, user, 'SUSPENDED');
  endSessions(org, user);
  org.log.write({ eventType: 'user.lifecycle.suspend', actor, target: [userTarget(user)] });
  org.events.emit({ type: 'user.suspended', userId: user.id });
}

/** @throws OktaError E0000001 if the user is not SUSPENDED */
export function unsuspendUser(org: Org, user: User, actor: LogActor): void {
  if (user.status !== 'SUSPENDED') throw new OktaError('E0000001', 'Cannot unsuspend a user that is not suspended');
  setStatus(org, user, 'ACTIVE');
  org.log.write({ eventType: 'user.lifecycle.unsuspend', actor, target: [userTarget(user)] });
  org.events.emit({ type: 'user.unsuspended', userId: user.id });
}

/** @throws OktaError E0000032 if the user is not LOCKED_OUT */
export function unlockUser(org: Org, user: User, actor: LogActor): void {
  if (user.status !== 'LOCKED_OUT') throw new OktaError('E0000032', '', ['The user is not locked out.']);
  setStatus(org, user, 'ACTIVE');
  user.failedSignIns = 0;
  org.log.write({ eventType: 'user.account.unlock', actor, target: [userTarget(user)] });
}

/** Ends all sessions of a user. */
export function endSessions(org: Org, user: User): void {
  for (const session of [...org.sessions.values()]) if (session.userId === user.id) org.sessions.delete(session.id);
}
