import { Readable } from 'node:stream';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { FederationRecords } from '../../commands/federation-records.js';
import { batchIdOf, UserBatches } from '../../commands/user-batches.js';
import { Org2OrgError } from '../../domain/errors.js';
import type { BatchLimits } from '../../domain/user-batch.js';
import type { TransitionKind } from '../../domain/user-lifecycle.js';
import { batchFormats, receiveBatch } from '../batch-rows/receive-batch.js';
import { readPageToken, writePageToken } from '../page-token.js';
import { longestArrivalMs } from '../plugins/arrival.js';
import {
  BatchAcceptedSchema,
  BatchAnswerSchema,
  BatchListQuery,
  BatchListSchema,
  BatchPath,
  batchAnswer,
  batchPath,
  NewBatchQuery,
} from '../schemas/batch.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { batchResults } from './batch-results.js';

export interface BatchesOptions {
  readonly temporal: Client;
  readonly limits: BatchLimits;
}

/** How long Temporal may take to tell of a federation, in milliseconds. */
const deadlineMs = 3_000;

/** Batches of users: sent as a file, followed, paused, resumed, cancelled. */
export async function batches(app: FastifyInstance, { temporal, limits }: BatchesOptions): Promise<void> {
  const userBatches = new UserBatches(temporal);
  const records = new FederationRecords(temporal);
  const typed = app.withTypeProvider<ZodTypeProvider>();

  await app.register(async (files) => {
    files.removeAllContentTypeParsers();
    files.addContentTypeParser(Object.keys(batchFormats), (_request, payload, done) => done(null, payload));
    files.withTypeProvider<ZodTypeProvider>().post(
      '/federations/:id/batches',
      {
        config: { role: 'operator', audit: 'batch.start', arrivesWithinMs: longestArrivalMs },
        schema: {
          ...documented('Moves many users: a file with one row per user'),
          description:
            'NDJSON or CSV in UTF-8, one row per user: login, transition, at, reason, ticket, assignBy and attributes of the profile (in CSV as columns `profile.<attribute>`). Every row is checked before anything begins. The same file with the same Idempotency-Key gives the same batch; a file that broke off goes on when it is sent again with its key.',
          consumes: Object.keys(batchFormats),
          params: FederationPath,
          querystring: NewBatchQuery,
          headers: commandHeaders,
          body: z.unknown(),
          response: { 202: BatchAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
        },
      },
      async ({ params: { id: federationId }, query, body, headers, actor, idempotencyKey, audited }, reply) => {
        const ready = (kind: TransitionKind) =>
          temporal.withDeadline(Date.now() + deadlineMs, () => records.forUsers(federationId, kind));
        const read = batchFormats[mediaType(headers)];
        if (!(body instanceof Readable) || read === undefined) throw new Org2OrgError('O2O_MEDIA_TYPE_UNSUPPORTED');
        await ready(query.transition ?? 'offboard');
        const options = { ...query, dryRun: query.dryRun === 'true', transition: query.transition ?? null };
        const id = batchIdOf(federationId, idempotencyKey);
        const { abandonAfterMs } = limits;
        const upload = userBatches.upload({ id, federationId, options, actor, abandonAfterMs });
        const { record, started, refused } = await receiveBatch(upload, { body, read, options, limits, ready });
        audited.details = { batch: id, started, dryRun: options.dryRun };
        reply.code(202).header('location', batchPath(federationId, id));
        return reply.send({ batch: batchAnswer(record), started, refused: [...refused] });
      },
    );
  });

  typed.get(
    '/federations/:id/batches',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The batches of a federation, page by page'),
        params: FederationPath,
        querystring: BatchListQuery,
        response: { 200: BatchListSchema, ...protectedProblems },
      },
    },
    async ({ params: { id }, query: { limit, pageToken, state } }) => {
      const query = userBatches.listQuery(id, state);
      const page = await userBatches.list(query, limit, readPageToken(query, pageToken));
      return {
        batches: page.batches.map((batch) => ({ ...batch, links: { self: batchPath(id, batch.id) } })),
        nextPageToken: writePageToken(query, page.position),
      };
    },
  );

  typed.get(
    '/federations/:id/batches/:batch',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('State and counts of a batch'),
        params: BatchPath,
        response: { 200: BatchAnswerSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id, batch } }) => batchAnswer(await userBatches.get(id, batch)),
  );

  for (const order of ['pause', 'resume', 'cancel'] as const) {
    typed.post(
      `/federations/:id/batches/:batch/${order}`,
      {
        config: { role: 'operator', audit: `batch.${order}` },
        schema: {
          ...documented(orderSummaries[order]),
          params: BatchPath,
          response: { 200: BatchAnswerSchema, ...protectedProblems, ...problems(404, 409) },
        },
      },
      async ({ params: { id, batch }, actor }) => batchAnswer(await userBatches.order(id, batch, order, actor)),
    );
  }

  await app.register(batchResults, { userBatches });
}

const orderSummaries = {
  pause: 'Begins no more rows until the batch is resumed; users who are under way go on',
  resume: 'Goes on with a paused batch',
  cancel: 'Begins no more rows at all; users who are under way go on',
} as const;

function mediaType(headers: Readonly<Record<string, unknown>>): string {
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}
