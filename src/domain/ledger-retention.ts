/** How long the ledger keeps things, in days. */
export interface LedgerRetention {
  /** Findings of sweeps that have ended, and these sweeps. */
  readonly findingsDays: number;
  readonly proofsDays: number;
  readonly auditDays: number;
}

/** A year for what sweeps have found, three for the audit, seven for proofs. */
export const usualRetention: LedgerRetention = { findingsDays: 365, proofsDays: 7 * 365, auditDays: 3 * 365 };
