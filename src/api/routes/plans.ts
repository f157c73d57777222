import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { FederationSpecDocument } from '../../domain/federation-spec.js';
import { normalizeFederationSpec } from '../../domain/normalize-federation-spec.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { OperationAcceptedSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import type { OrgsOption } from './federations.js';

/** Plans: what an apply would change in either org. */
export async function plans(app: FastifyInstance, { orgs }: OrgsOption): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/federations/:id/plan',
    {
      config: { role: 'operator', bodyIsSpec: true, audit: 'federation.plan' },
      schema: {
        ...documented('What would change in either org; writes nothing'),
        description:
          'With a specification as body, or without one for the specification that the federation has. The finished plan stands under `lastPlan` of the federation.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: FederationSpecDocument.nullish(),
        response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body, actor, idempotencyKey }, reply) => {
      const {
        spec,
        orgs: both,
        notices,
      } = body == null ? await app.federations.spec(id) : normalizeFederationSpec(body, orgs);
      const command = { federationId: id, spec, orgs: both, notices, actor, idempotencyKey };
      const accepted = await app.federations.start('plan', command);
      return reply.code(202).header('location', federationPath(id)).send(accepted);
    },
  );
}
