import type {
  AcceptedTransition,
  Transition,
  TransitionCommand,
  UserRecord,
  UserState,
} from '../domain/user-lifecycle.js';
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

/** The command with which a user's workflow is started, and when it was sent (ISO 8601). */
export interface FirstCommand {
  readonly command: TransitionCommand;
  readonly sentAt: string;
}

/**
 * What is known of a user once the first command was taken. Who sends it and the workflow that it starts come to the
 * same: so it is answered before the workflow has run.
 */
export function firstRecord({ command, sentAt }: FirstCommand): UserRecord {
  const now = new Date(sentAt);
  const empty = newRecord(command.federationId, command.login, now);
  const record = withKey(withTransition(empty, command, now), command, 1);
  return { ...record, state: stateOf(record) };
}

/** Whether the command is for now: it names no time, or one that has passed. */
export function beginsNow({ at }: TransitionCommand, now: Date): boolean {
  return at === null || Date.parse(at) <= now.getTime();
}

/** With the command's transition, queued or planned, behind those that are there. */
export function withTransition(record: UserRecord, command: TransitionCommand, now: Date): UserRecord {
  const { kind, dryRun, at, reason, ticket, profile, assignBy, fingerprint, actor, mandate, ofBatch } = command;
  const transition: Transition = {
    number: lastNumber(record) + 1,
    kind,
    state: beginsNow(command, now) ? 'queued' : 'planned',
    dryRun,
    at,
    reason,
    ticket,
    profile,
    assignBy,
    ...(mandate === undefined ? {} : { mandate }),
    ...(ofBatch === undefined ? {} : { ofBatch }),
    fingerprint,
    requestedBy: actor.name,
    requestedAt: now.toISOString(),
    startedAt: null,
    endedAt: null,
    note: null,
    steps: [],
    before: null,
    after: null,
    proof: null,
  };
  const livesHereAgain = !dryRun && (kind === 'onboard' || kind === 'reactivate');
  const movedTo = livesHereAgain ? null : record.movedTo;
  return { ...record, movedTo, transitions: remembered([...record.transitions, transition]) };
}

/** With the key of a command, also of one that has joined: sent again after the end, it starts nothing. */
export function withKey(
  record: UserRecord,
  { idempotencyKey: key, fingerprint }: TransitionCommand,
  number: number,
): UserRecord {
  if (key === null || record.accepted.some((entry) => entry.key === key)) return record;
  const accepted: readonly AcceptedTransition[] = [...record.accepted, { key, fingerprint, number }];
  return { ...record, accepted: accepted.slice(-rememberedKeys) };
}

/** The number of the newest transition; 0 where there is none. */
export function lastNumber({ transitions }: UserRecord): number {
  return transitions.at(-1)?.number ?? 0;
}

/** The state as people search for it: what runs, or else what is planned, or else how the last transition ended. */
export function stateOf({ transitions }: UserRecord): UserState {
  const active = transitions.find(isActive);
  if (active !== undefined) return active.state === 'queued' ? 'running' : (active.state as UserState);
  if (transitions.some(({ state }) => state === 'planned')) return 'planned';
  return transitions.findLast(({ endedAt }) => endedAt !== null)?.state === 'stopped' ? 'stopped' : 'idle';
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
