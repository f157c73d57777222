import { rowCheck } from '../../../src/api/batch-rows/check-rows.js';
import { decodeUtf8 } from '../../../src/api/batch-rows/decode-utf8.js';
import { readCsv } from '../../../src/api/batch-rows/read-csv.js';
import { readNdjson } from '../../../src/api/batch-rows/read-ndjson.js';
import { BatchRefused, type CheckedRow } from '../../../src/domain/user-batch.js';
import type { TransitionKind } from '../../../src/domain/user-lifecycle.js';

export const readers = { csv: readCsv, ndjson: readNdjson };
export type Format = keyof typeof readers;

/** What a file came to: its rows, or why it was refused as a whole. */
export type Outcome = { readonly rows: readonly CheckedRow[] } | { readonly refused: BatchRefused['issues'] };

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  for (const [index, start] of places.entries()) yield bytes.subarray(start, places[index + 1] ?? bytes.length);
}

/** Reads a file that arrives in pieces, cut at these places. */
export async function readRows(
  format: Format,
  file: string | Uint8Array,
  { cuts = [], transition = 'onboard' }: { cuts?: readonly number[]; transition?: TransitionKind | null } = {},
): Promise<Outcome> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const check = rowCheck(transition);
  const rows: CheckedRow[] = [];
  try {
    for await (const row of readers[format](decodeUtf8(pieces(bytes, cuts)))) rows.push(check(row));
  } catch (error) {
    if (error instanceof BatchRefused) return { refused: error.issues };
    throw error;
  }
  return { rows };
}
