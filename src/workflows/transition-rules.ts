import type { ErrorCode } from '../domain/errors.js';
import type { Transition, TransitionCommand, UserRecord } from '../domain/user-lifecycle.js';

/** How many transitions of one user may wait, for their turn or for their time. */
const longestQueue = 20;

/** Why a command is turned down. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly values: Readonly<Record<string, string | number>>;
}

/** What an accepted command does to the transitions that are there. */
export interface Admission {
  /** The transition that the same command has started or planned before. */
  readonly joins: number | null;
  /** Transitions that are running or queued and end because of it. */
  readonly supersedes: readonly number[];
  /** Planned transitions that it cancels. */
  readonly cancels: readonly number[];
}

/** Whether the transition has begun or waits for its turn. */
export function isActive({ state }: Transition): boolean {
  return state === 'queued' || state === 'running' || state === 'waiting' || state === 'gate';
}

function known(record: UserRecord, { idempotencyKey }: TransitionCommand) {
  return record.accepted.find((entry) => idempotencyKey !== null && entry.key === idempotencyKey);
}

/** Why the command cannot be accepted now; null if it can. However much is planned, a person's offboarding is taken. */
export function refuse(record: UserRecord, command: TransitionCommand, beginsNow: boolean): Refusal | null {
  const earlier = known(record, command);
  if (earlier !== undefined) {
    // The key itself: a row of a batch that was under way when rows had no fingerprint of their own.
    const isSame = earlier.fingerprint === command.fingerprint || earlier.fingerprint === earlier.key;
    return isSame ? null : { code: 'O2O_IDEMPOTENCY_KEY_REUSED', values: {} };
  }
  const active = record.transitions.filter(isActive);
  const leaving = active.find(({ kind, dryRun }) => kind === 'offboard' && !dryRun);
  const changes = command.kind === 'update' || command.kind === 'suspend' || command.kind === 'resume';
  if (leaving !== undefined && changes && !command.dryRun) {
    return { code: 'O2O_TRANSITION_CONTRADICTS', values: { kind: command.kind, other: 'offboard' } };
  }
  const { joins, supersedes, cancels } = admit(record, command, beginsNow);
  const ends = new Set([...supersedes, ...cancels]);
  const open = record.transitions.filter(
    (transition) => (isActive(transition) || transition.state === 'planned') && !ends.has(transition.number),
  );
  const endsAccessNow = beginsNow && command.kind === 'offboard' && !command.dryRun && command.mandate === undefined;
  if (endsAccessNow && leaving === undefined) return null;
  return joins === null && open.length >= longestQueue
    ? { code: 'O2O_USER_BUSY', values: { count: open.length } }
    : null;
}

/**
 * What an accepted command does. The same command again joins what it started, unless a later command has overtaken
 * that: the last command counts. An offboarding that begins now takes the place of everything that runs or waits, an
 * onboarding or reactivation that begins now cancels planned offboardings, a resume or a later promise those that sweeps
 * have promised; everything else waits for its turn, also what a sweep asks for: it never takes the place of what a
 * person wants.
 */
export function admit(record: UserRecord, command: TransitionCommand, beginsNow: boolean): Admission {
  const joins = known(record, command)?.number ?? same(record, command)?.number ?? null;
  if (joins !== null || command.dryRun) return { joins, supersedes: [], cancels: [] };
  const takesAll = beginsNow && command.kind === 'offboard' && command.mandate === undefined;
  return { joins, supersedes: takesAll ? superseded(record) : [], cancels: cancelled(record, command, beginsNow) };
}

/** Planned offboardings that the command cancels: all of them, or those that a sweep has promised. */
function cancelled({ transitions }: UserRecord, { kind, mandate }: TransitionCommand, beginsNow: boolean): number[] {
  const all = beginsNow && (kind === 'onboard' || kind === 'reactivate');
  const promised = beginsNow ? kind === 'resume' : kind === 'offboard' && mandate !== undefined;
  const ends = (planned: Transition) => all || (promised && planned.mandate !== undefined);
  return transitions
    .filter((other) => other.state === 'planned' && other.kind === 'offboard' && ends(other))
    .map(({ number }) => number);
}

/** The transition that the same command has started or planned, as long as it still leads to what the command wants. */
function same({ transitions }: UserRecord, { fingerprint }: TransitionCommand): Transition | undefined {
  const writing = transitions.filter((transition) => isActive(transition) && !transition.dryRun);
  const leaving = writing.some(({ kind }) => kind === 'offboard');
  const overtaken = ({ number, kind, state }: Transition) =>
    writing.some((other) => other.number > number) || (leaving && kind !== 'offboard' && state !== 'queued');
  return transitions.findLast(
    (transition) =>
      transition.fingerprint === fingerprint &&
      (transition.state === 'planned' || (isActive(transition) && !overtaken(transition))),
  );
}

/** What an offboarding that begins takes the place of. */
export function superseded(record: UserRecord): readonly number[] {
  return record.transitions
    .filter((transition) => isActive(transition) && transition.kind !== 'offboard')
    .map(({ number }) => number);
}
