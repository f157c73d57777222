import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Org2OrgError } from '../../domain/errors.js';
import { TeardownOptions } from '../../domain/teardown.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { OperationAcceptedSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

/** The end of federations. */
export async function teardowns(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().delete(
    '/federations/:id',
    {
      config: { role: 'operator', audit: 'federation.teardown' },
      schema: {
        ...documented('Ends a federation, with a choice for its users'),
        description:
          'With `suspend` or `deactivate` another person approves the list of users, as for a sweep. The same command goes on where a teardown stopped.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: TeardownOptions.meta({ id: 'TeardownOptions' }),
        response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body: options, actor, idempotencyKey }, reply) => {
      const { operation } = await app.federations.get(id);
      const runs = operation?.kind === 'teardown' && operation.outcome === null;
      const sweep = runs ? null : await app.sweeps.running(id);
      if (sweep !== null) throw new Org2OrgError('O2O_SWEEP_RUNNING', { sweep });
      const work = runs ? null : await app.runningWork(id);
      if (work !== null) throw new Org2OrgError('O2O_WORK_RUNNING', { ...work });
      const accepted = await app.federations.operate(id, { kind: 'teardown', options, actor, idempotencyKey });
      return reply.code(202).header('location', federationPath(id)).send(accepted);
    },
  );
}
