import type { RowCounts, RowResult, RowState } from '../domain/user-batch.js';

function countsOf(count: (state: RowState) => number): RowCounts {
  return {
    refused: count('refused'),
    pending: count('pending'),
    running: count('running'),
    done: count('done'),
    planned: count('planned'),
    gate: count('gate'),
    stopped: count('stopped'),
    unfinished: count('unfinished'),
    superseded: count('superseded'),
    cancelled: count('cancelled'),
  };
}

export const noRows = countsOf(() => 0);

/** Counts rows by their state. */
export function countRows(results: readonly RowResult[]): RowCounts {
  return countsOf((state) => results.filter((result) => result.state === state).length);
}

/** State by state; `more` may be negative. */
export function plus(counts: RowCounts, more: Partial<RowCounts>): RowCounts {
  return countsOf((state) => counts[state] + (more[state] ?? 0));
}

/** State by state, so that `plus(less, minus(counts, less))` is `counts`. */
export function minus(counts: RowCounts, less: RowCounts): RowCounts {
  return countsOf((state) => counts[state] - less[state]);
}
