import { log, patched, proxyActivities } from '@temporalio/workflow';
import type { LedgerActivities } from '../activities/ledger-activities.js';
import type { OffboardingProof } from '../domain/offboarding-proof.js';

/** However long the ledger is away, up to a month. */
const { keepProof } = proxyActivities<Pick<LedgerActivities, 'keepProof'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '30 days',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** The proofs of a user that are on their way to the ledger: transitions go on meanwhile, the workflow stays open. */
export class ProofsToKeep {
  private onTheirWay = 0;

  /** Whether none is on its way. */
  get kept(): boolean {
    return this.onTheirWay === 0;
  }

  /**
   * Hands a proof to the ledger in the background.
   *
   * @param readsAhead whether the transition does: it began when every proof went there, and needs no mark of it.
   */
  hand(proof: OffboardingProof, readsAhead: boolean): void {
    if (!readsAhead && !patched('proofInLedger')) return;
    this.onTheirWay += 1;
    keepProof(proof)
      .catch(() => log.warn('The ledger has not taken a proof', { transition: proof.transition }))
      .finally(() => {
        this.onTheirWay -= 1;
      });
  }
}
