import { Org2OrgError } from '../domain/errors.js';
import type { OffboardingProof } from '../domain/offboarding-proof.js';
import type { Ledger } from '../ledger/ledger.js';
import { findProof } from '../ledger/proofs.js';
import { userKey } from './user-key.js';
import type { Users } from './users.js';

/** Finds proofs of offboardings: with the user's workflow while Temporal keeps it, and in the ledger ever after. */
export class Proofs {
  constructor(
    private readonly users: Users,
    private readonly ledger: Ledger,
  ) {}

  /**
   * The proof of the user's last offboarding.
   *
   * @throws Org2OrgError `O2O_USER_UNKNOWN_HERE`, `O2O_PROOF_NOT_FOUND`, `O2O_LEDGER_UNAVAILABLE`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async last(federationId: string, login: string): Promise<OffboardingProof> {
    const known = await this.users.get(federationId, login).catch((error: unknown) => {
      if (error instanceof Org2OrgError && error.code === 'O2O_USER_UNKNOWN_HERE') return error;
      throw error;
    });
    const shown = known instanceof Org2OrgError ? null : known.transitions.findLast(({ proof }) => proof !== null);
    const proof = shown?.proof ?? (await findProof(this.ledger, federationId, userKey(federationId, login)));
    if (proof !== null) return proof;
    throw known instanceof Org2OrgError ? known : new Org2OrgError('O2O_PROOF_NOT_FOUND');
  }
}
