import type { Check } from './check.js';
import type { Evidence } from './evidence.js';

/** What shows that a leaver is gone: statements, each with the fresh reads that carry it. */
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

/** The IdP org's part of the proof. */
export interface IdpProof {
  readonly idpUserId: string | null;
  readonly statements: readonly Check[];
  readonly evidence: readonly Evidence[];
}
