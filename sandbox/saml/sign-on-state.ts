import type { Org } from '../core/org.js';
import type { AuthnRequest } from './authn-request.js';
import { ExpiringIds } from './expiring-ids.js';

/** An AuthnRequest that the org sent to an identity provider. */
export interface SentRequest {
  readonly idpId: string;
  /** Where the person goes on afterwards: a path of the org. */
  readonly target: string;
}

/** An AuthnRequest that arrived before the person had signed in. */
export interface PendingRequest {
  readonly appId: string;
  readonly asked: AuthnRequest;
  readonly relayState: string | null;
}

/** What an org keeps while people sign in. */
export interface SignOnState {
  readonly org: Org;
  /** Session tokens of `/api/v1/authn` with the user they stand for. */
  readonly sessionTokens: ExpiringIds<string>;
  /** Assertions that were accepted, so that none is accepted twice. */
  readonly usedAssertions: ExpiringIds;
  readonly sentRequests: ExpiringIds<SentRequest>;
  /** AuthnRequests that wait until the person has signed in. */
  readonly pendingRequests: ExpiringIds<PendingRequest>;
}

export function newSignOnState(org: Org): SignOnState {
  return {
    org,
    sessionTokens: new ExpiringIds(),
    usedAssertions: new ExpiringIds(),
    sentRequests: new ExpiringIds(),
    pendingRequests: new ExpiringIds(),
  };
}
