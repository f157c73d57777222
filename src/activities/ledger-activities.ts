import type { AuditEntry } from '../domain/audit.js';
import type { Erased } from '../domain/erasure.js';
import type { OffboardingProof } from '../domain/offboarding-proof.js';
import type { IdpLook, SpLook } from '../domain/user-lifecycle.js';

/** Whom an erasure is about, as both orgs were just seen. */
export interface SeenLeaver {
  readonly federationId: string;
  readonly login: string;
  readonly idp: IdpLook;
  readonly sp: SpLook;
}

/** What a worker does in the ledger for others than sweeps; on the queue of the workflows. Each of them can be repeated. */
export interface LedgerActivities {
  /** Keeps a proof beyond the retention of Temporal. */
  keepProof(proof: OffboardingProof): Promise<void>;
  /** Enters into the audit what could not be entered when it happened. */
  enterAudit(entries: readonly AuditEntry[]): Promise<void>;
  /**
   * Takes login, names and reasons of a person out of findings, proofs, sweeps and audit.
   *
   * @throws Org2OrgError `O2O_ERASURE_PRESENT`, `O2O_ERASURE_BUSY`
   */
  eraseUser(leaver: SeenLeaver): Promise<Erased>;
}
