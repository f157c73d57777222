import { type Problem, problem } from './errors.js';
import type { UserDecision } from './idp-user.js';
import type { AssignmentView, TransitionKind, UserChange, UserInput, UserView } from './user-lifecycle.js';

/** What the SP org shows of the user who has the login, or the id, that the federation pushes. */
export interface SeenSpUser {
  readonly user: UserView | null;
  readonly roles: readonly string[];
  readonly identityProviderIds: readonly string[];
  readonly inAccessGroup: boolean;
}

export interface SpUserDecision extends UserDecision {
  readonly protectedBecause: string | null;
}

/** Who authenticates and masters a user elsewhere: Org2Org cannot push into such a profile. */
const otherMasters: readonly string[] = ['ACTIVE_DIRECTORY', 'LDAP'];

/** Whether the SP user is there because of this federation. */
export function belongs(input: UserInput, assignment: AssignmentView | null, seen: SeenSpUser): boolean {
  if (seen.user === null) return false;
  return (
    assignment?.externalId === seen.user.id ||
    seen.identityProviderIds.includes(input.federation.identityProviderId) ||
    seen.inAccessGroup
  );
}

/** Whether the transition may touch the user whom the SP org shows, and what it would change there. */
export function decideSpUser(input: UserInput, assignment: AssignmentView | null, seen: SeenSpUser): SpUserDecision {
  const { user } = seen;
  const org = input.federation.orgs.sp.name;
  if (input.kind === 'onboard' || input.kind === 'reactivate') return decideLink(input, assignment, seen);
  if (user === null) {
    if (input.kind === 'offboard') return fine(`${org} has no such user.`);
    return refused(problem('O2O_SP_USER_MISSING', { org }));
  }
  if (input.kind === 'offboard' && user.status === 'DEPROVISIONED') {
    return fine(`The user ${user.id} is DEPROVISIONED in ${org} already.`);
  }
  if (!belongs(input, assignment, seen)) return refused(problem('O2O_SP_USER_NOT_FEDERATED', { org, id: user.id }));
  const change = statusChange(input, user);
  if (change === 'wrong') return refused(wrongStatus(input, user));
  return {
    decided: `The user ${user.id} is ${user.status} in ${org} and belongs to this federation.`,
    changes: change === null ? [] : [change],
    blocker: null,
    protectedBecause: input.kind === 'offboard' || input.kind === 'suspend' ? protection(input, seen) : null,
  };
}

function decideLink(input: UserInput, assignment: AssignmentView | null, seen: SeenSpUser): SpUserDecision {
  const org = input.federation.orgs.sp.name;
  const { user } = seen;
  if (user === null) {
    return input.kind === 'reactivate'
      ? refused(problem('O2O_SP_USER_MISSING', { org }))
      : fine(`${org} has nobody with this login: Okta will create the user.`);
  }
  const because = assignment?.externalId === user.id ? null : neverLinked(input, seen);
  if (because !== null) return refused(problem('O2O_SP_USER_NEVER_LINKED', { org, id: user.id, because }));
  if (user.status === 'SUSPENDED') return refused(wrongStatus(input, user));
  if (user.status === 'DEPROVISIONED') {
    return deactivatedThere(assignment, user)
      ? refused(problem('O2O_SP_USER_DEACTIVATED_THERE', { org, id: user.id }))
      : fine(`The user ${user.id} is DEPROVISIONED in ${org}: the same one returns.`);
  }
  return fine(
    assignment?.externalId === user.id
      ? `The user ${user.id} was provisioned by this federation and is ${user.status}.`
      : `The user ${user.id} with this login is ${user.status} in ${org}: Okta will link this one, nobody is created.`,
  );
}

/**
 * Whether somebody deactivated the user in the SP org although the assignment stayed: Okta does not push what it calls
 * provisioned, so nothing brings the user back.
 */
export function deactivatedThere(assignment: AssignmentView | null, user: UserView): boolean {
  return (
    user.status === 'DEPROVISIONED' &&
    user.transitioningToStatus === null &&
    assignment?.externalId === user.id &&
    assignment.syncState !== 'SYNCING'
  );
}

/** Why a user with the same login must not be taken over: an administrator, or somebody else's user. */
function neverLinked({ federation }: UserInput, { user, roles, identityProviderIds }: SeenSpUser): string | null {
  const others = identityProviderIds.filter((id) => id !== federation.identityProviderId);
  if (roles.length > 0) return `the user holds the administrator role ${roles.join(', ')}`;
  if (others.length > 0) return `the user belongs to the identity provider ${others.join(', ')}`;
  if (user?.provider != null && otherMasters.includes(user.provider)) return `the user is mastered by ${user.provider}`;
  return null;
}

function protection({ federation, login }: UserInput, { roles }: SeenSpUser): string | null {
  if (roles.length > 0)
    return `the user holds the administrator role ${roles.join(', ')} in ${federation.orgs.sp.name}`;
  const exempt = federation.users.exempt.some((entry) => entry.toLowerCase() === login.toLowerCase());
  return exempt ? 'the user is on the exempt list of the specification' : null;
}

/** The change of status that a transition makes in the SP org itself; null if there is none to make. */
function statusChange({ kind, federation }: UserInput, { id, status }: UserView): UserChange | 'wrong' | null {
  const change = (write: string, summary: string, after: string, reversible: boolean): UserChange => ({
    org: federation.orgs.sp.name,
    resource: 'spUser',
    write,
    summary: `${summary} the user ${id} in ${federation.orgs.sp.name}`,
    fields: [{ field: 'status', before: status, after }],
    reversible,
  });
  if (kind === 'suspend' && status !== 'SUSPENDED') {
    return status === 'ACTIVE' ? change('suspend', 'Suspend', 'SUSPENDED', true) : 'wrong';
  }
  if (kind === 'resume' && status !== 'ACTIVE') {
    return status === 'SUSPENDED' ? change('unsuspend', 'Resume', 'ACTIVE', true) : 'wrong';
  }
  if (kind === 'update' && status === 'DEPROVISIONED') return 'wrong';
  return null;
}

const wanted: Readonly<Record<TransitionKind, string>> = {
  onboard: 'an active or deactivated user, or none',
  reactivate: 'a deactivated user',
  update: 'a user who is not deactivated',
  suspend: 'ACTIVE',
  resume: 'SUSPENDED',
  offboard: 'any status',
};

function wrongStatus({ kind, federation }: UserInput, { status }: UserView): Problem {
  return problem('O2O_SP_USER_STATUS', { org: federation.orgs.sp.name, status, kind, wanted: wanted[kind] });
}

function fine(decided: string): SpUserDecision {
  return { decided, changes: [], blocker: null, protectedBecause: null };
}

function refused(blocker: Problem): SpUserDecision {
  return { decided: blocker.message, changes: [], blocker, protectedBecause: null };
}
