import type { Migration } from 'kysely';
import { sweeps } from './0001-sweeps.js';
import { auditAndProofs } from './0002-audit-and-proofs.js';
import { foundSuspensions } from './0003-found-suspensions.js';

/** The steps of the schema, in their order; one that was released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-sweeps': sweeps,
  '0002-audit-and-proofs': auditAndProofs,
  '0003-found-suspensions': foundSuspensions,
};
