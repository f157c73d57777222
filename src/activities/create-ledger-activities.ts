import type { Client } from '@temporalio/client';
import { openWorkOn } from '../commands/erasures.js';
import { userKey } from '../commands/user-key.js';
import { presenceOf } from '../domain/erasure.js';
import { Org2OrgError } from '../domain/errors.js';
import { enterAudit } from '../ledger/audit.js';
import { erasePerson } from '../ledger/erasures.js';
import type { Ledger } from '../ledger/ledger.js';
import { keepProof } from '../ledger/proofs.js';
import type { LedgerActivities } from './ledger-activities.js';

/** What a worker does in the ledger for users and for the audit. */
export function createLedgerActivities(client: Client, ledger: Ledger): LedgerActivities {
  return {
    keepProof: (proof) => keepProof(ledger, userKey(proof.federationId, proof.user.login), proof),
    async enterAudit(entries) {
      await enterAudit(ledger, entries);
    },

    async eraseUser({ federationId, login, idp, sp }) {
      const because = presenceOf(idp, sp);
      if (because !== null) throw new Org2OrgError('O2O_ERASURE_PRESENT', { detail: because });
      const busy = await openWorkOn(client, federationId, login);
      if (busy !== null) throw new Org2OrgError('O2O_ERASURE_BUSY', { detail: busy });
      const seenIds = [idp.user?.id, sp.user?.id].flatMap((id) => (id === undefined ? [] : [id]));
      return erasePerson(ledger, { federationId, login, userKey: userKey(federationId, login), seenIds });
    },
  };
}
