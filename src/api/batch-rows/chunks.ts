import { createHash } from 'node:crypto';
import type { AddRows, BatchOptions, CheckedRow } from '../../domain/user-batch.js';

/** Most rows, and most bytes of rows, that are handed over together. */
const most = { rows: 200, bytes: 200 * 1024 };

function chained(digest: string, part: string): string {
  return createHash('sha256').update(digest).update('\0').update(part).digest('hex');
}

/** What a file without rows has as digest: the options count as its beginning. */
function firstDigest(options: BatchOptions): string {
  return chained('', JSON.stringify(options));
}

/**
 * Rows in lots that Temporal takes well. The same rows make the same lots, however they arrive, and each lot's digest
 * tells all rows up to its end.
 */
export async function* inChunks(rows: AsyncIterable<CheckedRow>, options: BatchOptions): AsyncGenerator<AddRows> {
  let held: CheckedRow[] = [];
  let texts: string[] = [];
  let bytes = 0;
  let chunk = 0;
  let digest = firstDigest(options);
  const take = (): AddRows => {
    digest = chained(digest, texts.join('\n'));
    const lot = { chunk, digest, rows: held };
    chunk += 1;
    [held, texts, bytes] = [[], [], 0];
    return lot;
  };
  for await (const row of rows) {
    const text = JSON.stringify(row);
    const size = Buffer.byteLength(text);
    if (held.length > 0 && (held.length >= most.rows || bytes + size > most.bytes)) yield take();
    held.push(row);
    texts.push(text);
    bytes += size;
  }
  if (held.length > 0) yield take();
}
