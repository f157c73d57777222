import { z } from 'zod';
import type { BatchAnswer } from '../src/api/schemas/batch.js';
import { followBatch } from '../src/cli/follow.js';
import { renderBatch, renderRowIssue } from '../src/cli/render-batch.js';
import type { RowIssue } from '../src/domain/user-batch.js';
import { batchFile } from './people.js';
import { federationId, type Storyteller } from './storyteller.js';

/** What became of the batch of the story. */
export interface BatchTold {
  readonly batch: BatchAnswer;
  readonly refused: readonly RowIssue[];
  readonly rows: readonly z.output<typeof Row>[];
  readonly seconds: number;
}

const Row = z.object({
  row: z.int(),
  login: z.string().nullable(),
  kind: z.string().nullable(),
  state: z.string(),
  problem: z.looseObject({ message: z.string() }).nullable(),
});

/** Tells a batch of a few users, one of whom is misspelt. */
export async function tellBatch({ batches, say, headline, paint }: Storyteller): Promise<BatchTold> {
  const begun = performance.now();
  headline(`POST /v1/federations/${federationId}/batches?onError=skip with text/csv`);
  for (const line of batchFile.trimEnd().split('\n')) say(paint('quiet', `  ${line}`));
  const content = new TextEncoder().encode(batchFile);
  const { batch, refused } = await batches.send({ type: 'text/csv', content }, { onError: 'skip' });
  for (const issue of refused) say(renderRowIssue(issue, paint));
  const ended = await followBatch(batches, batch.id, () => undefined);
  const lines = (await batches.rows(batch.id)).trimEnd().split('\n');
  const rows = lines.map((line) => Row.parse(JSON.parse(line)));
  for (const { row, login, kind, state, problem } of rows) {
    const mark = state === 'done' ? paint('good', '✓') : paint('bad', '✗');
    say(
      `${mark} row ${row}: ${state}${login === null ? '' : `, ${kind} ${login}`}${problem === null ? '' : `: ${problem.message}`}`,
    );
  }
  say(renderBatch(ended, paint));
  return { batch: ended, refused, rows, seconds: (performance.now() - begun) / 1000 };
}
