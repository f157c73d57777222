import type { Readable } from 'node:stream';
import type { BatchUpload } from '../../commands/user-batches.js';
import { Org2OrgError } from '../../domain/errors.js';
import {
  type BatchLimits,
  type BatchOptions,
  type BatchRecord,
  BatchRefused,
  type CheckedRow,
  isRefused,
  type RowIssue,
} from '../../domain/user-batch.js';
import type { TransitionKind } from '../../domain/user-lifecycle.js';
import { rowCheck } from './check-rows.js';
import { inChunks } from './chunks.js';
import { decodeUtf8 } from './decode-utf8.js';
import type { FileRow } from './file-row.js';
import { readCsv } from './read-csv.js';
import { readNdjson } from './read-ndjson.js';

/** The forms of a file, by their media types. */
export const batchFormats: Readonly<Record<string, (text: AsyncIterable<string>) => AsyncIterable<FileRow>>> = {
  'application/x-ndjson': readNdjson,
  'text/csv': readCsv,
};

/** How many refused rows are told in detail; all are counted. */
const mostDetails = 1_000;

/** A file on its way in. */
export interface IncomingFile {
  readonly body: Readable;
  readonly read: (text: AsyncIterable<string>) => AsyncIterable<FileRow>;
  readonly options: BatchOptions;
  readonly limits: BatchLimits;
  /** Raises an error if the federation cannot carry out such a transition. */
  readonly ready: (kind: TransitionKind) => Promise<unknown>;
}

export interface ReceivedBatch {
  readonly record: BatchRecord;
  /** False if the same file had begun before with the same key. */
  readonly started: boolean;
  /** What is wrong with the rows that were refused, as far as it is told in detail. */
  readonly refused: readonly RowIssue[];
}

async function* within(body: Readable, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The body of a request comes as bytes.');
    bytes += chunk.length;
    if (bytes > limit) throw new Org2OrgError('O2O_BATCH_TOO_LARGE', { limit: `${limit} bytes` });
    yield chunk;
  }
}

/**
 * Checks the rows of a file one by one and hands them over as they come; the batch begins once all of them were seen
 * and none, or with `onError: skip` not all, are wrong. Holds a few hundred rows at a time.
 *
 * @throws BatchRefused | Org2OrgError `O2O_BATCH_FILE_REFUSED`, `O2O_BATCH_ROWS_REFUSED`, `O2O_BATCH_TOO_LARGE`: nothing
 * is begun; and what `BatchUpload` raises
 */
export async function receiveBatch(upload: BatchUpload, file: IncomingFile): Promise<ReceivedBatch> {
  const { body, read, options, limits, ready } = file;
  const check = rowCheck(options.transition);
  const kinds = new Set<TransitionKind>();
  const issues: RowIssue[] = [];
  let rows = 0;
  let refused = 0;

  async function* checked(): AsyncGenerator<CheckedRow> {
    for await (const row of read(decodeUtf8(within(body, limits.bytes)))) {
      rows += 1;
      if (rows > limits.rows) throw new Org2OrgError('O2O_BATCH_TOO_LARGE', { limit: `${limits.rows} rows` });
      const found = check(row);
      if (isRefused(found)) {
        refused += 1;
        if (refused <= mostDetails) issues.push(...found.issues);
      } else if (!kinds.has(found.kind)) {
        await ready(found.kind);
        kinds.add(found.kind);
      }
      yield found;
    }
  }

  try {
    for await (const lot of inChunks(checked(), options)) {
      if (refused === 0 || options.onError === 'skip') await upload.add(lot);
    }
    if (rows === 0) {
      const fix = 'Send at least one row; a CSV file has its header first.';
      throw new BatchRefused('O2O_BATCH_FILE_REFUSED', [
        { row: null, line: 1, column: null, reason: 'the file holds no rows', fix },
      ]);
    }
    if (refused > 0 && (options.onError === 'stop' || refused === rows)) {
      throw new BatchRefused('O2O_BATCH_ROWS_REFUSED', issues, { refused, rows });
    }
    return { ...(await upload.seal()), refused: issues };
  } catch (error) {
    const final =
      error instanceof Org2OrgError && !error.problem.retryable && error.code !== 'O2O_IDEMPOTENCY_KEY_REUSED';
    if (final) await upload.refuse();
    throw error;
  } finally {
    body.resume();
  }
}
