import { problem } from '../domain/errors.js';
import { belongs, decideSpUser, type SeenSpUser } from '../domain/sp-user.js';
import { differingAttributes } from '../domain/user-attributes.js';
import type {
  AssignmentView,
  Finding,
  SpExpectation,
  SpLook,
  SpWait,
  UserInput,
  UserView,
} from '../domain/user-lifecycle.js';
import { listUserGroups } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import {
  deactivateUser,
  findUser,
  findUserByLogin,
  listAssignedRolesForUser,
  listUserIdentityProviders,
  revokeUserSessions,
  suspendUser,
  type User,
  unsuspendUser,
} from '../okta/users.js';
import { lookUntil } from './looking.js';
import { deprovisionedStatement } from './offboarding-proof.js';
import { userView } from './user-views.js';

/** How the SP org knows the user: by the id that was found or that the assignment leads to, or else by the name that is pushed. */
function findPushed(
  session: OktaSession,
  { login, spUserId }: UserInput,
  assignment: AssignmentView | null,
): Promise<User | null> {
  const id = spUserId ?? assignment?.externalId ?? null;
  if (id !== null) return findUser(session, id);
  return findUserByLogin(session, assignment?.userName ?? login);
}

/** Reads no more than the decision needs: whoever the assignment leads to belongs here without a further look. */
async function observe(session: OktaSession, input: UserInput, assignment: AssignmentView | null): Promise<SeenSpUser> {
  const user = await findPushed(session, input, assignment);
  if (user === null) return { user: null, roles: [], identityProviderIds: [], inAccessGroup: false };
  const view = userView(user);
  const leads = assignment?.externalId === user.id;
  const ended = input.kind === 'offboard' && user.status === 'DEPROVISIONED';
  const withRoles = !ended && input.kind !== 'update' && input.kind !== 'resume';
  const roles = withRoles ? (await listAssignedRolesForUser(session, user.id)).map((role) => role.type) : [];
  const identityProviderIds = leads || ended ? [] : await listUserIdentityProviders(session, user.id);
  const links = input.kind === 'onboard' || input.kind === 'reactivate';
  const seen = { user: view, roles, identityProviderIds, inAccessGroup: false };
  if (ended || links || belongs(input, assignment, seen)) return seen;
  const groups = await listUserGroups(session, user.id);
  return { ...seen, inAccessGroup: groups.some(({ id }) => id === input.federation.accessGroupId) };
}

/** The user in the SP org, and whether the transition may touch this very user. Never writes. */
export async function lookAtSpUser(
  session: OktaSession,
  input: UserInput,
  assignment: AssignmentView | null,
): Promise<SpLook> {
  const seen = await observe(session, input, assignment);
  return {
    ...decideSpUser(input, assignment, seen),
    user: seen.user,
    roles: seen.roles,
    identityProviderIds: seen.identityProviderIds,
    applied: [],
    checks: [],
    evidence: session.evidence,
  };
}

function shows(expectation: SpExpectation, user: UserView | null): boolean {
  if (user === null || user.transitioningToStatus !== null) return false;
  if (expectation.shows === 'deprovisioned') return user.status === 'DEPROVISIONED';
  return user.status !== 'DEPROVISIONED' && differingAttributes(expectation.profile, user).length === 0;
}

function waited(expectation: SpExpectation, user: UserView | null, org: string): string {
  if (user === null) return `${org} does not show the user.`;
  const differing = differingAttributes(expectation.profile, user);
  const state =
    user.transitioningToStatus === null ? user.status : `${user.status}, on its way to ${user.transitioningToStatus}`;
  return differing.length === 0 || expectation.shows === 'deprovisioned'
    ? `The user ${user.id} is ${state} in ${org}.`
    : `The user ${user.id} is ${state} in ${org}; still different: ${differing.join(', ')}.`;
}

/** Asks the SP org, whose budget for single users is large, until it shows what is expected; for some seconds only. */
export async function awaitSpUser(
  session: OktaSession,
  expectation: SpExpectation,
  signal: AbortSignal,
): Promise<SpWait> {
  const { id, login } = expectation;
  const user = await lookUntil(
    async () => {
      const found = id === null ? await findUserByLogin(session, login) : await findUser(session, id);
      return found === null ? null : userView(found);
    },
    (seen) => shows(expectation, seen),
    signal,
  );
  const met = shows(expectation, user);
  return {
    met,
    user,
    proven:
      met && user !== null && expectation.shows === 'deprovisioned'
        ? deprovisionedStatement(session, user.id, user)
        : null,
    decided: waited(expectation, user, session.org),
    changes: [],
    applied: [],
    checks: [],
    blocker: null,
    evidence: session.evidence,
  };
}

/** What a look right before a write says: the same user as agreed on, in a state in which the write makes sense. */
async function freshLook(
  session: OktaSession,
  agreed: SpLook,
  takesAccess: boolean,
): Promise<
  { readonly user: UserView; readonly stop: null } | { readonly user: UserView | null; readonly stop: Finding }
> {
  const id = agreed.user?.id ?? '';
  const found = await findUser(session, id);
  const user = found === null ? null : userView(found);
  const stop = (detail: string): { user: UserView | null; stop: Finding } => ({
    user,
    stop: {
      decided: detail,
      changes: [],
      applied: [],
      checks: [],
      blocker: problem('O2O_CHANGED_MEANWHILE', { org: session.org, detail }),
      evidence: session.evidence,
    },
  });
  if (user === null) return stop(`the user ${id} is gone`);
  if (user.login.toLowerCase() !== agreed.user?.login.toLowerCase())
    return stop(`the user ${id} has another login now`);
  const roles = takesAccess ? (await listAssignedRolesForUser(session, id)).map((role) => role.type) : [];
  const newRoles = roles.filter((role) => !agreed.roles.includes(role));
  if (newRoles.length > 0) return stop(`the user ${id} holds the administrator role ${newRoles.join(', ')} now`);
  return { user, stop: null };
}

/** Ends the sessions and tokens that the user, who was looked at a moment ago, has in the SP org. */
export async function revokeSpSessions(session: OktaSession, agreed: SpLook): Promise<Finding> {
  const id = agreed.user?.id ?? '';
  await revokeUserSessions(session, id);
  return {
    decided: `Every session of the user ${id} in ${session.org} is ended, and every token revoked.`,
    changes: [],
    applied: ['End sessions and revoke tokens'],
    checks: [],
    blocker: null,
    evidence: session.evidence,
  };
}

const writes = {
  deactivate: { carryOut: deactivateUser, from: null, to: 'DEPROVISIONED' },
  suspend: { carryOut: suspendUser, from: 'ACTIVE', to: 'SUSPENDED' },
  unsuspend: { carryOut: unsuspendUser, from: 'SUSPENDED', to: 'ACTIVE' },
} as const;

/** A write to the status of an SP user. */
export type SpStatusWrite = keyof typeof writes;

/** Changes the status of the user in the SP org after a fresh look at this very user, and reads it back. */
export async function changeSpStatus(
  session: OktaSession,
  agreed: SpLook,
  write: SpStatusWrite,
  signal: AbortSignal,
): Promise<Finding & { readonly user: UserView | null }> {
  const { carryOut, from, to } = writes[write];
  const { user, stop } = await freshLook(session, agreed, write !== 'unsuspend');
  if (stop !== null) return { ...stop, user };
  const summary = agreed.changes[0]?.summary ?? `Deactivate the user ${user.id} in ${session.org}`;
  const settled = user.status === to || user.transitioningToStatus === to;
  if (!settled && from !== null && user.status !== from) {
    const blocker = problem('O2O_CHANGED_MEANWHILE', {
      org: session.org,
      detail: `the user ${user.id} is ${user.status} now`,
    });
    return {
      user,
      decided: blocker.message,
      changes: [],
      applied: [],
      checks: [],
      blocker,
      evidence: session.evidence,
    };
  }
  if (!settled) await carryOut(session, user.id);
  const after = await lookUntil(
    async () => {
      const found = await findUser(session, user.id);
      return found === null ? null : userView(found);
    },
    (seen) => seen?.status === to,
    signal,
  );
  const done = after?.status === to;
  return {
    user: after,
    decided: `The user ${user.id} reads ${after?.status ?? 'absent'} in ${session.org}.`,
    changes: [],
    applied: settled ? [] : [summary],
    checks: [],
    blocker: done
      ? null
      : problem('O2O_NOT_ARRIVED', {
          org: session.org,
          detail: `the user ${user.id} is not ${to} after it was written`,
        }),
    evidence: session.evidence,
  };
}
