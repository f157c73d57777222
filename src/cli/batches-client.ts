import { BatchAcceptedSchema, type BatchAnswer, BatchAnswerSchema } from '../api/schemas/batch.js';
import type { BatchOptions, RowIssue } from '../domain/user-batch.js';
import { type ApiAccess, apiPath, askApi, askApiFor } from './api-request.js';

/** A file with one row per user. */
export interface BatchFile {
  readonly type: 'text/csv' | 'application/x-ndjson';
  readonly content: Uint8Array<ArrayBuffer>;
}

/** What a batch was answered with: as it stands, and what is wrong with refused rows. */
export interface BatchAccepted {
  readonly batch: BatchAnswer;
  readonly started: boolean;
  readonly refused: readonly RowIssue[];
}

/** The API's routes of batches as functions. All throw `ApiProblem` for an answer that is not a success. */
export class BatchesClient {
  constructor(
    private readonly access: ApiAccess,
    private readonly federation: string,
  ) {}

  send(file: BatchFile, options: Partial<BatchOptions> = {}): Promise<BatchAccepted> {
    const query = new URLSearchParams(
      Object.entries(options).flatMap(([name, value]): [string, string][] =>
        value === null || value === undefined ? [] : [[name, String(value)]],
      ),
    );
    const path = `${apiPath('federations', this.federation, 'batches')}?${query}`;
    return askApiFor(this.access, { method: 'POST', path, body: file }, BatchAcceptedSchema);
  }

  get(batch: string): Promise<BatchAnswer> {
    const path = apiPath('federations', this.federation, 'batches', batch);
    return askApiFor(this.access, { method: 'GET', path }, BatchAnswerSchema);
  }

  /** What became of each row: one JSON object a line. */
  rows(batch: string): Promise<string> {
    return askApi(this.access, {
      method: 'GET',
      path: apiPath('federations', this.federation, 'batches', batch, 'rows'),
    });
  }
}
