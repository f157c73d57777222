import type { Check } from './check.js';
import type { Evidence } from './evidence.js';
import type { UserView } from './user-lifecycle.js';

/** What shows that a leaver is gone: statements, each with the read after the last write that carries it. */
export interface OffboardingProof {
  readonly kind: 'org2org/offboarding-proof/1';
  readonly federationId: string;
  readonly transition: number;
  readonly user: { readonly login: string; readonly idpUserId: string | null; readonly spUserId: string | null };
  readonly requestedBy: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly statements: readonly Check[];
  /** When the last read was made (ISO 8601, UTC). */
  readonly provenAt: string;
  /** `sha256:` and the hex digest of the rest of this document in canonical form (RFC 8785). */
  readonly digest: string;
}

/** How long after it a read is fresh enough for a proof, in milliseconds. */
const freshForMs = 60_000;

/** Whether the statement rests on a read that is fresh at `now` (milliseconds since the epoch). */
export function isFresh({ evidence }: Check, now: number): boolean {
  const read = evidence.at(-1);
  return read !== undefined && now - Date.parse(read.at) <= freshForMs;
}

/** The SP user as the read that ended the wait for the deactivation has shown the user, with what it proves. */
export interface SeenGone {
  readonly user: UserView;
  readonly statement: Check;
}

/** The IdP org's part of the proof. */
export interface IdpProof {
  readonly idpUserId: string | null;
  readonly statements: readonly Check[];
  readonly evidence: readonly Evidence[];
}
