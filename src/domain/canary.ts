import type { FederationSpec } from './federation-spec.js';
import type { Profile } from './user-lifecycle.js';

/** How the login of every canary of a federation begins. A federation's id holds no dot, so no other one begins so. */
export function canaryPrefix(federationId: string): string {
  return `org2org-canary.${federationId}.`;
}

/** Whether a login is one of this federation's canaries: only such a user is ever removed. */
export function isCanary(federationId: string, login: string): boolean {
  return login.toLowerCase().startsWith(canaryPrefix(federationId));
}

/** The domain of a canary's login where nobody names one: the test user's, or one that belongs to nobody. */
function usualDomain(spec: FederationSpec): string {
  const login = spec.signOn.testUser?.login ?? '';
  return login.includes('@') ? login.slice(login.lastIndexOf('@') + 1) : 'example.com';
}

/** A user made to prove that provisioning and deactivation work. */
export interface Canary {
  readonly login: string;
  readonly profile: Profile;
  /** What the verification changes. */
  readonly changed: Profile;
}

/** The canary of one verification. */
export function canaryOf(spec: FederationSpec, federationId: string, number: string, domain: string | null): Canary {
  const login = `${canaryPrefix(federationId)}${number}@${domain ?? usualDomain(spec)}`;
  return {
    login,
    profile: { login, email: login, firstName: 'Org2Org', lastName: 'Canary' },
    changed: { lastName: 'Canary changed' },
  };
}

/** What is left of canaries in one org after they were removed. */
export interface RemovedCanaries {
  readonly org: string;
  /** Okta's ids of those that were deleted. */
  readonly removed: readonly string[];
  /** Those that are still there, and why. */
  readonly left: readonly { readonly id: string; readonly why: string }[];
}
