import type { AnswerGate, Gate, GateAnswer, Role } from '../domain/gate.js';
import { refusal } from './problems.js';

const ranks: Record<Role, number> = { viewer: 0, operator: 1, approver: 2 };

/** What a step knows when it opens a gate; the operation adds the times. */
export type GateQuestion = Omit<Gate, 'openedAt' | 'expiresAt' | 'state' | 'answer'>;

export function openGate(question: GateQuestion, now: Date, expiresAfterMs: number): Gate {
  return {
    ...question,
    openedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + expiresAfterMs).toISOString(),
    state: 'open',
    answer: null,
  };
}

/**
 * Turns down an answer that must not count, also one that comes too late while nobody has noticed yet that the time is
 * over.
 *
 * @param now milliseconds since the epoch.
 * @throws ApplicationFailure with the error code as its type.
 */
export function checkAnswer(gate: Gate | undefined, answer: AnswerGate, now: number): void {
  const values = { gate: answer.gate };
  if (gate === undefined) throw refusal('O2O_GATE_NOT_FOUND', values);
  const late = gate.state === 'open' && Date.parse(gate.expiresAt) <= now;
  if (late || gate.state === 'expired') throw refusal('O2O_GATE_EXPIRED', values);
  if (gate.state === 'answered')
    throw refusal('O2O_GATE_ALREADY_ANSWERED', { ...values, by: gate.answer?.by ?? 'someone' });
  const rank = Math.max(-1, ...answer.actor.roles.map((role) => ranks[role]));
  if (rank < ranks[gate.role]) throw refusal('O2O_GATE_FORBIDDEN', { ...values, role: gate.role });
  if (!gate.choices.some((choice) => choice.value === answer.choice)) {
    throw refusal('O2O_GATE_CHOICE_UNKNOWN', { ...values, choice: answer.choice });
  }
}

export function answered(gate: Gate, answer: GateAnswer): Gate {
  return { ...gate, state: 'answered', answer };
}
