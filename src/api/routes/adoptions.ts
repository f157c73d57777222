import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { FederationSpecDocument } from '../../domain/federation-spec.js';
import { normalizeFederationSpec } from '../../domain/normalize-federation-spec.js';
import { AdoptionDocument, AdoptionSchema } from '../schemas/adoption.js';
import { documented } from '../schemas/command.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { addressesOf } from '../sp-addresses.js';
import type { OrgsOption } from './federations.js';

/** Adoptions: what is federated between two orgs already. */
export async function adoptions(app: FastifyInstance, { orgs }: OrgsOption): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/adoptions',
    {
      config: { role: 'operator', audit: 'federation.adopt' },
      schema: {
        ...documented(
          'What is federated between these orgs already? Finds the pairs and their specifications; writes nothing',
        ),
        description:
          'A federation that was made by hand is taken over by a PUT of the specification that stands at its pair. Takes up to 25 seconds.',
        consumes: ['application/json', 'application/yaml'],
        body: AdoptionDocument,
        response: { 200: AdoptionSchema, ...protectedProblems, ...problems(413, 415, 429, 502, 504) },
      },
    },
    ({ body }) => {
      const { spec, orgs: both } = normalizeFederationSpec(FederationSpecDocument.parse(body), orgs);
      return app.foundFederations.pairs({ spec, orgs: both, addresses: addressesOf(both.sp, orgs) });
    },
  );
}
