import type { OffboardingProof } from '../domain/offboarding-proof.js';
import type { Ledger } from './ledger.js';

/** Keeps a proof under the opaque key of its user; one that was kept, or erased, before stays as it is. */
export async function keepProof(ledger: Ledger, userKey: string, proof: OffboardingProof): Promise<void> {
  const { federationId, digest, transition, user, provenAt } = proof;
  await ledger.ask((database) =>
    database
      .insertInto('proofs')
      .values({
        federation_id: federationId,
        digest,
        user_key: userKey,
        transition,
        idp_user_id: user.idpUserId,
        sp_user_id: user.spUserId,
        proven_at: provenAt,
        document: JSON.stringify(proof),
      })
      .onConflict((conflict) => conflict.columns(['federation_id', 'digest']).doNothing())
      .execute(),
  );
}

/** The proof of the user's last offboarding; null if there is none, or it was erased. */
export function findProof(ledger: Ledger, federationId: string, userKey: string): Promise<OffboardingProof | null> {
  return ledger.ask(async (database) => {
    const row = await database
      .selectFrom('proofs')
      .select('document')
      .where('federation_id', '=', federationId)
      .where('user_key', '=', userKey)
      .where('document', 'is not', null)
      .orderBy('proven_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.document ?? null;
  });
}
