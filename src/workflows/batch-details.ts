import type { BatchRecord, RowCounts, RowState } from '../domain/user-batch.js';

/** The states of rows as people read them, in the order in which they are told. */
const words: readonly (readonly [RowState, string])[] = [
  ['done', 'done'],
  ['planned', 'planned'],
  ['gate', 'at a gate'],
  ['stopped', 'stopped'],
  ['unfinished', 'still running when the batch went on'],
  ['superseded', 'superseded'],
  ['cancelled', 'cancelled'],
  ['refused', 'refused for what stands in the file'],
  ['running', 'under way'],
  ['pending', 'to come'],
];

function told(counts: RowCounts): string {
  const parts = words.flatMap(([state, text]) => (counts[state] === 0 ? [] : [`${counts[state]} ${text}`]));
  return parts.length === 0 ? 'no rows yet' : parts.join(', ');
}

/** What a batch waits for, in words; null once it has ended. */
export function waitsFor({ state, endedAt, counts, orderedBy }: BatchRecord): string | null {
  if (endedAt !== null) return null;
  if (state === 'receiving') return 'the rest of the file';
  if (state === 'paused') {
    const underWay = counts.running === 0 ? '' : ` Users under way: ${counts.running}.`;
    return `someone who resumes it; paused by ${orderedBy ?? 'nobody'}.${underWay}`;
  }
  if (state === 'running') return `the users under way: ${counts.running}, and to come: ${counts.pending}`;
  return `the users under way: ${counts.running}`;
}

/** A batch as Markdown for the Temporal UI: counts and what it waits for, no names. */
export function batchDetails(record: BatchRecord): string {
  const { options, state, startedBy, rows, counts, changed } = record;
  const waiting = waitsFor(record);
  return [
    `**Batch** by ${startedBy}${options.dryRun ? ' (dry run)' : ''}: **${state}**`,
    '',
    `${rows} rows: ${told(counts)}. Rows that changed something: ${changed}.`,
    ...(waiting === null ? [] : ['', `Waits for ${waiting}`]),
  ].join('\n');
}

/** Some rows of a batch as Markdown for the Temporal UI. */
export function batchRowsDetails(first: number, last: number, counts: RowCounts): string {
  return `**Rows ${first} to ${last}**: ${told(counts)}.`;
}
