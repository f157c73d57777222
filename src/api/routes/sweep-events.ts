import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { progressStreams } from '../progress-stream.js';
import { documented } from '../schemas/command.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { SweepPath, sweepProgress } from '../schemas/sweep.js';

/** The progress of a sweep as a stream of events. */
export async function sweepEvents(app: FastifyInstance): Promise<void> {
  const sendProgress = await progressStreams(app);
  app.withTypeProvider<ZodTypeProvider>().get(
    '/federations/:id/sweeps/:sweep/events',
    {
      config: { role: 'viewer' },
      sse: 'manual',
      schema: {
        ...documented('Progress of a sweep as server-sent events, until it has ended', 'sweeps'),
        description:
          'Each event `progress` holds what GET of the sweep answers, without specification and steps, and `pages` and `users`: how much was read. The last one is named `end`.',
        params: SweepPath,
        response: {
          200: {
            description: 'Events',
            content: { 'text/event-stream': { schema: z.unknown().meta({ type: 'string' }) } },
          },
          ...protectedProblems,
          ...problems(404),
        },
      },
    },
    ({ params: { id, sweep } }, reply) =>
      sendProgress(reply, async () => sweepProgress(await app.sweeps.get(id, sweep))),
  );
}
