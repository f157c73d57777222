import type { BatchAnswer } from '../api/schemas/batch.js';
import { type RowIssue, rowStates } from '../domain/user-batch.js';
import { type Paint, plain } from './render.js';

/** One thing that is wrong with a file: where, why, what to do. */
export function renderRowIssue({ line, column, reason, fix }: RowIssue, paint: Paint = plain): string {
  return `${paint('bad', `line ${line}${column === null ? '' : `, ${column}`}: ${reason}`)}. ${fix}`;
}

/** A batch in two lines: rows by state, and what it waits for. */
export function renderBatch({ id, state, rows, counts, changed, waitsFor }: BatchAnswer, paint: Paint = plain): string {
  const told = rowStates.flatMap((name) => (counts[name] === 0 ? [] : [`${counts[name]} ${name}`]));
  return [
    `${paint('strong', `Batch ${id}: ${state}`)}, ${rows} rows: ${told.join(', ')}; ${changed} changed something`,
    ...(waitsFor === null ? [] : [`Waits for ${waitsFor}`]),
  ].join('\n');
}
