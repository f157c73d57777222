import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UserBatches } from '../../commands/user-batches.js';
import type { RowResult, RowState } from '../../domain/user-batch.js';
import { asCsv, asNdjson } from '../batch-rows/write-rows.js';
import { progressStreams } from '../progress-stream.js';
import { BatchPath, BatchRowsQuery, batchAnswer } from '../schemas/batch.js';
import { documented } from '../schemas/command.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

/** What becomes of a batch: its rows as a file, its progress as a stream of events. */
export async function batchResults(app: FastifyInstance, { userBatches }: { userBatches: UserBatches }): Promise<void> {
  const sendProgress = await progressStreams(app);
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.get(
    '/federations/:id/batches/:batch/rows',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('What became of each row: NDJSON, or CSV with `Accept: text/csv`'),
        params: BatchPath,
        querystring: BatchRowsQuery,
        response: {
          200: streamed('One row per line', ['application/x-ndjson', 'text/csv']),
          ...protectedProblems,
          ...problems(404),
        },
      },
    },
    async ({ params: { id, batch }, query: { state }, headers }, reply) => {
      const rows = await begun(userBatches.rows(await userBatches.get(id, batch)));
      const asked = ofState(rows, state);
      const csv =
        /\btext\/csv\b/i.test(headers.accept ?? '') && !/\bapplication\/x-ndjson\b/i.test(headers.accept ?? '');
      reply.type(csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
      return reply.send(csv ? asCsv(asked) : asNdjson(asked));
    },
  );

  typed.get(
    '/federations/:id/batches/:batch/events',
    {
      config: { role: 'viewer' },
      sse: 'manual',
      schema: {
        ...documented('Progress of a batch as server-sent events, until it has ended'),
        description: 'Each event `progress` holds what GET of the batch answers; the last one is named `end`.',
        params: BatchPath,
        response: {
          200: streamed('Events', ['text/event-stream']),
          ...protectedProblems,
          ...problems(404),
        },
      },
    },
    ({ params: { id, batch } }, reply) =>
      sendProgress(reply, async () => batchAnswer(await userBatches.get(id, batch))),
  );
}

function streamed(description: string, mediaTypes: readonly string[]) {
  return {
    description,
    content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: z.unknown().meta({ type: 'string' }) }])),
  };
}

/** The same rows once the first of them is there: what keeps them from coming is an answer then, not a broken stream. */
async function begun(rows: AsyncGenerator<RowResult>): Promise<AsyncGenerator<RowResult>> {
  const first = await rows.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* rows;
  })();
}

async function* ofState(rows: AsyncIterable<RowResult>, state: RowState | undefined): AsyncGenerator<RowResult> {
  for await (const row of rows) if (state === undefined || row.state === state) yield row;
}
