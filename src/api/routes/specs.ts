import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { stringify } from 'yaml';
import { Org2OrgError } from '../../domain/errors.js';
import { documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { FederationSpecSchema } from '../schemas/federation-spec.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { addressesOf } from '../sp-addresses.js';
import type { OrgsOption } from './federations.js';

/** Header of an answer that names what no specification can say as it is. */
const differsHeader = 'x-org2org-differs';

/** Specifications as both orgs hold them. */
export async function specs(app: FastifyInstance, { orgs }: OrgsOption): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/federations/:id/spec',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The specification as both orgs hold it now; to PUT it writes nothing'),
        description:
          'YAML with `Accept: application/yaml`, else JSON. Where an org holds what no specification can say, the header `x-org2org-differs` names the resources: there a PUT would write. Takes up to 25 seconds.',
        produces: ['application/json', 'application/yaml'],
        params: FederationPath,
        response: { 200: FederationSpecSchema, ...protectedProblems, ...problems(404, 409, 429, 502, 504) },
      },
    },
    async ({ params: { id }, headers }, reply) => {
      const { spec: agreed, orgs: both, known, state } = await app.federations.spec(id);
      if (known.org2orgAppId === undefined || known.identityProviderId === undefined) {
        throw new Org2OrgError('O2O_FEDERATION_NOT_READY', { federation: id, state });
      }
      const input = { spec: agreed, orgs: both, known, addresses: addressesOf(both.sp, orgs) };
      const { spec, differs } = await app.foundFederations.spec(id, input);
      if (differs.length > 0) reply.header(differsHeader, differs.join(', '));
      if (!/\b(application|text)\/(x-)?yaml\b/.test(headers.accept ?? '')) return reply.send(spec);
      return reply.type('application/yaml').serializer(stringify).send(spec);
    },
  );
}
