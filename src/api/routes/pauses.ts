import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { PauseOptions } from '../../domain/pause.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { OperationAcceptedSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

const summaries = {
  pause: 'Turns the provisioning connection off; the app stays on',
  resume: 'Turns the provisioning connection on again',
} as const;

/** Pauses of federations. */
export async function pauses(app: FastifyInstance): Promise<void> {
  for (const kind of ['pause', 'resume'] as const) {
    app.withTypeProvider<ZodTypeProvider>().post(
      `/federations/:id/${kind}`,
      {
        config: { role: 'operator', audit: kind === 'pause' ? 'federation.pause' : 'federation.resume' },
        schema: {
          ...documented(summaries[kind]),
          consumes: ['application/json', 'application/yaml'],
          params: FederationPath,
          headers: commandHeaders,
          body: PauseOptions,
          response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
        },
      },
      async ({ params: { id }, body: options, actor, idempotencyKey }, reply) => {
        const accepted = await app.federations.operate(id, { kind, options, actor, idempotencyKey });
        return reply.code(202).header('location', federationPath(id)).send(accepted);
      },
    );
  }
}
