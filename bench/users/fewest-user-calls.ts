/** One call that a transition cannot do without, and why. */
export interface NeededUserCall {
  readonly org: 'idp' | 'sp';
  readonly operation: string;
  readonly reason: string;
}

/** What is read of the federation, not of the user: the next users of ten seconds share it. */
export const sharedCalls = ['getDefaultProvisioningConnectionForApplication', 'getIdentityProvider'] as const;

/** The fewest calls of the onboarding of a user whom the SP org does not know yet, assigned directly. */
export const fewestOnboardingCalls: readonly NeededUserCall[] = [
  { org: 'idp', operation: 'getUser', reason: 'find the id by the login' },
  { org: 'idp', operation: 'getApplicationUser', reason: 'look before the write: is the app assigned already' },
  { org: 'sp', operation: 'getUser', reason: 'look before the write: does somebody else have the login' },
  { org: 'idp', operation: 'assignUserToApplication', reason: 'the assignment' },
  { org: 'sp', operation: 'getUser', reason: 'read back: provisioned, with every attribute' },
  { org: 'idp', operation: 'getApplicationUser', reason: 'read back: pushed, and to this very user' },
  { org: 'sp', operation: 'assignUserToGroup', reason: 'access to the target app' },
  { org: 'sp', operation: 'getApplicationUser', reason: 'read back: the target app is assigned' },
];

/** The fewest calls of the offboarding of a user who is assigned directly. */
export const fewestOffboardingCalls: readonly NeededUserCall[] = [
  { org: 'idp', operation: 'getUser', reason: 'find the id by the login' },
  { org: 'idp', operation: 'getApplicationUser', reason: 'look: where the assignment comes from, whom it leads to' },
  { org: 'sp', operation: 'getUser', reason: 'look: the very user that the assignment leads to' },
  { org: 'sp', operation: 'listAssignedRolesForUser', reason: 'look: an administrator needs a decision' },
  { org: 'sp', operation: 'revokeUserSessions', reason: 'sessions and tokens end first' },
  { org: 'idp', operation: 'unassignUserFromApplication', reason: 'the assignment ends' },
  { org: 'idp', operation: 'getApplicationUser', reason: 'read back: no group gives the app to the user again' },
  { org: 'sp', operation: 'getUser', reason: 'read back: DEPROVISIONED' },
  { org: 'sp', operation: 'getApplicationUser', reason: 'read back: the target app is gone' },
];
