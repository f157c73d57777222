import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { FederationSpecDocument } from '../../domain/federation-spec.js';
import { normalizeFederationSpec } from '../../domain/normalize-federation-spec.js';
import { documented } from '../schemas/command.js';
import { PreflightSchema } from '../schemas/preflight.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import type { OrgsOption } from './federations.js';

/** Preflights: can two orgs be federated at all? */
export async function preflights(app: FastifyInstance, { orgs }: OrgsOption): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/preflight',
    {
      config: { role: 'operator', bodyIsSpec: true, audit: 'federation.preflight' },
      schema: {
        ...documented('Can these two orgs be federated as the specification says? Looks into both and writes nothing'),
        description:
          'The verdict names the first failed check in the order of cause, and its fix. What could not be looked at is `unknown`. Takes up to 25 seconds.',
        consumes: ['application/json', 'application/yaml'],
        body: FederationSpecDocument,
        response: { 200: PreflightSchema, ...protectedProblems, ...problems(413, 415, 504) },
      },
    },
    ({ body }) => {
      const { spec, orgs: both } = normalizeFederationSpec(body, orgs);
      return app.preflights.preflight({ spec, orgs: both });
    },
  );
}
