import type { AcceptedTransition, Transition, UserRecord } from '../domain/user-lifecycle.js';
import { isActive } from './transition-rules.js';

/** How many transitions and idempotency keys of a user are remembered, and how many reports in full. */
const rememberedTransitions = 50;
const rememberedKeys = 100;
const fullReports = 5;

/** What is known of a user of whom nothing was asked before. */
export function newRecord(federationId: string, login: string, now: Date): UserRecord {
  return {
    federationId,
    login,
    state: 'running',
    movedTo: null,
    transitions: [],
    accepted: [],
    updatedAt: now.toISOString(),
  };
}

/** The newest keys. */
export function rememberedKeysOf(accepted: readonly AcceptedTransition[]): readonly AcceptedTransition[] {
  return accepted.slice(-rememberedKeys);
}

/** What was under way when somebody ended the workflow from outside never ends by itself. What is planned stays so. */
export function withoutTheCutOff(record: UserRecord): UserRecord {
  const note = 'cut off: its workflow was ended from outside';
  const transitions = record.transitions.map((transition) =>
    isActive(transition)
      ? { ...transition, state: 'stopped' as const, note, endedAt: transition.endedAt ?? record.updatedAt }
      : transition,
  );
  return { ...record, transitions };
}

/** What had its turn here comes to it there. */
export function asPlanned(transition: Transition): Transition {
  return transition.state === 'queued'
    ? { ...transition, state: 'planned', at: transition.at ?? transition.requestedAt }
    : transition;
}

/** The newest transitions; steps of the newest reports only. What is planned or runs is never forgotten. */
export function remembered(transitions: readonly Transition[]): readonly Transition[] {
  const open = (transition: Transition) => isActive(transition) || transition.state === 'planned';
  const kept = transitions.filter(
    (transition, index) => open(transition) || index >= transitions.length - rememberedTransitions,
  );
  return kept.map((transition, index) =>
    open(transition) || index >= kept.length - fullReports
      ? transition
      : { ...transition, steps: [], before: null, after: null },
  );
}
