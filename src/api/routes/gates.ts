import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { commandHeaders, documented } from '../schemas/command.js';
import { GatePath } from '../schemas/federation.js';
import { GateAnswerDocument, GateSchema } from '../schemas/gate.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

/** Gates: what a person decided or did. */
export async function gates(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/federations/:id/gates/:gate',
    {
      // Each gate names the role that it needs; its workflow holds the actor to it.
      config: { role: 'viewer', audit: 'federation.gate' },
      schema: {
        ...documented('Answers an open gate'),
        consumes: ['application/json', 'application/yaml'],
        params: GatePath,
        headers: commandHeaders,
        body: GateAnswerDocument,
        response: { 200: GateSchema, ...protectedProblems, ...problems(404, 409, 410, 413, 415) },
      },
    },
    ({ params: { id, gate }, body, actor, idempotencyKey }) =>
      app.federations.answerGate(id, { gate, ...body, actor }, idempotencyKey),
  );
}
