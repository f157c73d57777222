import { Org2OrgError } from './errors.js';
import type { Actor } from './gate.js';
import type { FieldIssue } from './normalize-federation-spec.js';
import type { AssignBy, Profile, TransitionKind } from './user-lifecycle.js';

/** What bad rows do: `stop` the whole batch before it begins, or `skip` themselves only. */
export const errorPolicies = ['stop', 'skip'] as const;
export type ErrorPolicy = (typeof errorPolicies)[number];

export interface BatchOptions {
  readonly onError: ErrorPolicy;
  readonly dryRun: boolean;
  /** The transition of rows that name none. */
  readonly transition: TransitionKind | null;
  /** How many users are under way at the same time. */
  readonly inFlight: number;
}

/** How large a file may be, and how long it may stand still on its way. */
export interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
  readonly abandonAfterMs: number;
}

export const usualBatchLimits: BatchLimits = { rows: 100_000, bytes: 64 * 1024 * 1024, abandonAfterMs: 600_000 };

/** How many users of a batch are under way at the same time: what is usual, and the most. */
export const usersInFlight = { usual: 10, most: 50 } as const;

/** One row that can be carried out. */
export interface BatchRow {
  /** Counts the rows of the file from 1, without the header. */
  readonly row: number;
  /** The line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly login: string;
  readonly kind: TransitionKind;
  readonly profile: Profile | null;
  readonly assignBy: AssignBy | null;
  /** ISO 8601 in UTC. */
  readonly at: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** One thing that is wrong with a file. */
export interface RowIssue {
  /** Null where it concerns no row: the header, the file as a whole. */
  readonly row: number | null;
  readonly line: number;
  /** Null where it concerns the row as a whole. */
  readonly column: string | null;
  readonly reason: string;
  readonly fix: string;
}

/** A row that is not carried out because something is wrong with it. */
export interface RefusedRow {
  readonly row: number;
  readonly line: number;
  readonly issues: readonly RowIssue[];
}

export type CheckedRow = BatchRow | RefusedRow;

export function isRefused(row: CheckedRow): row is RefusedRow {
  return 'issues' in row;
}

/**
 * What becomes of a row. `pending`: its turn has not come; `unfinished`: the batch no longer waits for its transition,
 * which may still end; the others as a transition's own states.
 */
export const rowStates = [
  'refused',
  'pending',
  'running',
  'done',
  'planned',
  'gate',
  'stopped',
  'unfinished',
  'superseded',
  'cancelled',
] as const;
export type RowState = (typeof rowStates)[number];

export interface RowProblem {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** A row and what became of it. */
export interface RowResult {
  readonly row: number;
  readonly line: number;
  readonly login: string | null;
  readonly kind: TransitionKind | null;
  readonly state: RowState;
  /** Whether anything was written in either org. */
  readonly changed: boolean;
  /** Which of the user's transitions this row started or joined. */
  readonly number: number | null;
  /** Why it stands where it stands; null if it went through. */
  readonly problem: RowProblem | null;
  /** What the transition says of its end, if anything. */
  readonly note: string | null;
}

export type RowCounts = Readonly<Record<RowState, number>>;

export const batchStates = ['receiving', 'running', 'paused', 'done', 'cancelled', 'refused', 'abandoned'] as const;
export type BatchState = (typeof batchStates)[number];

/** What the workflow `userBatch` is begun with. */
export interface NewBatch {
  readonly id: string;
  readonly federationId: string;
  readonly options: BatchOptions;
  readonly actor: Actor;
  /** How long a file may stand still on its way before the batch is given up, in milliseconds. */
  readonly abandonAfterMs: number;
}

/** What the workflow `userBatch` keeps and its query returns: counters, no rows. */
export interface BatchRecord {
  readonly id: string;
  readonly federationId: string;
  readonly state: BatchState;
  readonly options: BatchOptions;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Who paused, resumed or cancelled it last. */
  readonly orderedBy: string | null;
  /** Workflows that hold the rows. */
  readonly chunks: number;
  /** Digest over the options and all rows that have arrived: tells the same file from another one. */
  readonly digest: string;
  readonly rows: number;
  readonly counts: RowCounts;
  /** Rows that wrote something in either org. */
  readonly changed: number;
}

/** Rows on their way into a batch. */
export interface AddRows {
  /** Counts from 0. */
  readonly chunk: number;
  /** Digest over the options and all rows up to these. */
  readonly digest: string;
  readonly rows: readonly CheckedRow[];
}

/** The end of a file. */
export interface SealBatch {
  readonly chunks: number;
  readonly digest: string;
}

/** What a person, or for `refuse` the check of the file, asks of a batch. */
export type BatchOrder = 'pause' | 'resume' | 'cancel' | 'refuse';

/** What the batch asks of the workflow that holds some of its rows. */
export interface RowsOrder {
  readonly order: 'run' | 'hold' | 'cancel';
  readonly inFlight: number;
}

/** What has changed in a workflow that holds rows since it last told. */
export interface RowsProgress {
  readonly chunk: number;
  /** More or fewer rows in each state. */
  readonly counts: RowCounts;
  readonly changed: number;
  readonly ended: boolean;
}

/** A file that is turned down, with everything that is wrong with it, as far as it is told in detail. */
export class BatchRefused extends Org2OrgError {
  readonly issues: readonly FieldIssue[];

  constructor(
    code: 'O2O_BATCH_FILE_REFUSED' | 'O2O_BATCH_ROWS_REFUSED',
    found: readonly RowIssue[],
    values: Readonly<Record<string, number>> = {},
  ) {
    super(code, values);
    this.issues = found.map(({ row, line, column, reason, fix }) => ({
      pointer: [row, column].map((part) => (part === null ? '' : `/${part}`)).join(''),
      message: `${row === null ? '' : `row ${row}, `}line ${line}${column === null ? '' : `, ${column}`}: ${reason}`,
      fix,
    }));
  }
}
