import type { DecideSweep, SweepRecord, SweepStep } from '../domain/sweep.js';
import { checkAnswer } from './gate.js';
import { refusal } from './problems.js';

/** The step whose gate is the latest. */
export function gateStep({ steps }: SweepRecord): SweepStep | undefined {
  return steps.findLast(({ gate }) => gate !== null);
}

/**
 * Turns down a decision that must not count: about another list, by the starter, without the role, a second one, or one
 * that comes too late, also where nobody has noticed yet that the time is over.
 *
 * @param cancelled whether somebody has ended the sweep.
 * @param now milliseconds since the epoch.
 * @throws ApplicationFailure with the error code as its type.
 */
export function checkDecision(record: SweepRecord, decided: DecideSweep, cancelled: boolean, now: number): void {
  const { decision, listDigest, why, actor } = decided;
  const gate = gateStep(record)?.gate ?? null;
  const late = gate?.state === 'open' && Date.parse(gate.expiresAt) <= now;
  if (late || (gate?.state === 'expired' && !cancelled)) throw refusal('O2O_SWEEP_APPROVAL_EXPIRED');
  if (gate?.state !== 'open')
    throw refusal('O2O_SWEEP_STATE', { state: record.state, order: `take the decision ${decision}` });
  if (listDigest !== record.listDigest) throw refusal('O2O_SWEEP_OTHER_LIST');
  if (decision === 'approve' && actor.name === record.startedBy) throw refusal('O2O_SWEEP_OWN_APPROVAL');
  checkAnswer(gate, { gate: gate.name, choice: decision, why, actor }, now);
}
