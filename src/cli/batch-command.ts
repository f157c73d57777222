import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import { errorPolicies } from '../domain/user-batch.js';
import { transitionKinds } from '../domain/user-lifecycle.js';
import { apiAccess, type Options, WrongUsage } from './arguments.js';
import { BatchesClient, type BatchFile } from './batches-client.js';
import { followBatch } from './follow.js';
import { renderBatch, renderRowIssue } from './render-batch.js';
import { paint, say } from './terminal.js';

const types: Readonly<Record<string, BatchFile['type']>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
};

const BatchQuery = z.object({
  transition: z.enum(transitionKinds).nullable(),
  onError: z.enum(errorPolicies),
  dryRun: z.boolean(),
});

/** Sends a file with one row per user; with `--watch` until the batch has ended: the exit code is 1 unless all went through. */
export async function batch(options: Options, federation: string, file: string): Promise<void> {
  const type = types[extname(file).toLowerCase()];
  if (type === undefined) throw new WrongUsage(`${file} must end in ${Object.keys(types).join(', ')}.`);
  const query = BatchQuery.safeParse({
    transition: options.transition ?? null,
    onError: options['on-error'] ?? 'stop',
    dryRun: options['dry-run'],
  });
  if (!query.success) throw new WrongUsage(z.prettifyError(query.error));
  const client = new BatchesClient(apiAccess(), federation);
  const accepted = await client.send({ type, content: Uint8Array.from(await readFile(file)) }, query.data);
  for (const issue of accepted.refused) say(renderRowIssue(issue, paint));
  if (!options.watch) return say(renderBatch(accepted.batch, paint));
  const seen = await followBatch(client, accepted.batch.id, () => undefined);
  say(renderBatch(seen, paint));
  const through = seen.counts.done + seen.counts.planned;
  if (through !== seen.rows) process.exitCode = 1;
}
