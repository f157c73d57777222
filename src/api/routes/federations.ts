import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { FederationSpecDocument } from '../../domain/federation-spec.js';
import { normalizeFederationSpec, type RegisteredOrg } from '../../domain/normalize-federation-spec.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import {
  FederationAnswerSchema,
  FederationListQuery,
  FederationListSchema,
  FederationPath,
} from '../schemas/federation.js';
import { OperationAcceptedSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

/** Names and URLs of the orgs that a specification may name. */
export interface OrgsOption {
  readonly orgs: Readonly<Record<string, RegisteredOrg>>;
}

/** Federations: applied, read, listed. */
export async function federations(app: FastifyInstance, { orgs }: OrgsOption): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.put(
    '/federations/:id',
    {
      config: { role: 'operator', bodyIsSpec: true, audit: 'federation.apply' },
      schema: {
        ...documented('Federates the two orgs, or makes an existing federation agree with the specification'),
        description: 'The same specification again changes nothing in either org, and goes on where a setup stopped.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: FederationSpecDocument,
        response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(409, 413, 415) },
      },
    },
    async ({ params: { id }, body, actor, idempotencyKey }, reply) => {
      const normalized = normalizeFederationSpec(body, orgs);
      const accepted = await app.federations.start('setup', { federationId: id, ...normalized, actor, idempotencyKey });
      return reply.code(202).header('location', federationPath(id)).send(accepted);
    },
  );

  typed.get(
    '/federations/:id',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('State, steps, gates and checks of a federation'),
        params: FederationPath,
        response: { 200: FederationAnswerSchema, ...protectedProblems, ...problems(404) },
      },
    },
    ({ params: { id } }) => app.federations.get(id),
  );

  typed.get(
    '/federations',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('All federations, page by page'),
        querystring: FederationListQuery,
        response: { 200: FederationListSchema, ...protectedProblems },
      },
    },
    ({ query }) => app.federations.list(query),
  );
}
