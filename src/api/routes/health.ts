import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problems } from '../schemas/problem-answers.js';

const Status = z.object({ status: z.literal('ok') });
const tags = ['health'];

/** Health for whoever runs the API; needs no token. */
export async function health(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.get(
    '/healthz',
    { schema: { tags, summary: 'Is the process alive?', response: { 200: Status } } },
    async () => ({ status: 'ok' as const }),
  );

  typed.get(
    '/readyz',
    { schema: { tags, summary: 'Can it work: does Temporal answer?', response: { 200: Status, ...problems(503) } } },
    async () => {
      await app.federations.ready();
      return { status: 'ok' as const };
    },
  );
}
