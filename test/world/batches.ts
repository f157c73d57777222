import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { z } from 'zod';
import { type BatchAnswer, BatchAnswerSchema } from '../../src/api/schemas/batch.js';
import type { RowResult } from '../../src/domain/user-batch.js';
import { bearer } from '../api/api.js';
import { federationId } from './world.js';

export const batchesUrl = `/v1/federations/${federationId}/batches`;

/** How a file is sent. */
export interface Sending {
  /** Besides `transition=onboard`. */
  readonly query?: Readonly<Record<string, string>>;
  readonly key?: string;
  readonly csv?: boolean;
}

const Accepted = z.object({ batch: BatchAnswerSchema });

/** A user of the API who sends batches and follows them. */
export class BatchCaller {
  constructor(private readonly app: FastifyInstance) {}

  post(file: string | Buffer, { query, key, csv = false }: Sending = {}): Promise<LightMyRequestResponse> {
    const headers = {
      ...bearer('operator'),
      'content-type': csv ? 'text/csv' : 'application/x-ndjson',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const url = `${batchesUrl}?${new URLSearchParams({ transition: 'onboard', ...query })}`;
    return this.app.inject({ method: 'POST', url, headers, payload: file });
  }

  /** Sends a file that must be accepted; returns the batch. */
  async start(file: string | Buffer, sending: Sending = {}): Promise<BatchAnswer> {
    const answer = await this.post(file, sending);
    if (answer.statusCode !== 202) throw new Error(`the file is refused: ${answer.body}`);
    return Accepted.parse(answer.json()).batch;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.app.inject({ url: path, headers: { ...bearer('viewer'), ...headers } });
  }

  order({ links }: BatchAnswer, order: 'pause' | 'resume' | 'cancel'): Promise<LightMyRequestResponse> {
    return this.app.inject({ method: 'POST', url: `${links.self}/${order}`, headers: bearer('operator') });
  }

  /** The batch once it is as `settles` says; once it has ended where nothing is said. */
  async settled(
    { links }: Pick<BatchAnswer, 'links'>,
    settles: (batch: BatchAnswer) => boolean = ({ endedAt }) => endedAt !== null,
  ): Promise<BatchAnswer> {
    for (;;) {
      const answer = await this.get(links.self);
      if (answer.statusCode === 200) {
        const batch = BatchAnswerSchema.parse(answer.json());
        if (settles(batch)) return batch;
      } else if (answer.statusCode !== 503) throw new Error(`the batch is gone: ${answer.body}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async rows({ links }: BatchAnswer, query = ''): Promise<RowResult[]> {
    const answer = await this.get(links.rows + query);
    if (answer.statusCode !== 200) throw new Error(`there are no rows: ${answer.body}`);
    return answer.body.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  }
}

/** NDJSON of these rows. */
export function ndjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Logins that no other test uses: `name-1@acme.example`, … */
export function logins(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}@acme.example`);
}
