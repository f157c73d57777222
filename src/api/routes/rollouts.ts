import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RolloutRecord } from '../../domain/group-rollout.js';
import { federationPath } from '../federations.js';
import { readPageToken, writePageToken } from '../page-token.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { GateAnswerDocument, GateSchema } from '../schemas/gate.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import {
  RolloutAcceptedSchema,
  type RolloutAnswer,
  RolloutAnswerSchema,
  RolloutDocument,
  RolloutGatePath,
  RolloutListQuery,
  RolloutListSchema,
  RolloutPath,
} from '../schemas/rollout.js';

function rolloutPath(federationId: string, groupId: string): string {
  return `${federationPath(federationId)}/rollouts/${groupId}`;
}

function rolloutAnswer(record: RolloutRecord): RolloutAnswer {
  return { ...record, links: { self: rolloutPath(record.federationId, record.groupId) } };
}

/** Rollouts: a group of the IdP org gets the Org2Org app and is followed. */
export async function rollouts(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.post(
    '/federations/:id/rollouts',
    {
      config: { role: 'operator', audit: 'rollout.start' },
      schema: {
        ...documented(
          'Assigns a group to the Org2Org app and follows it until every member is provisioned or explained',
          'rollouts',
        ),
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: RolloutDocument,
        response: { 202: RolloutAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body, actor, idempotencyKey, audited }, reply) => {
      await app.federationRecords.forUsers(id, 'onboard');
      const { rollout, started } = await app.rollouts.start({
        federationId: id,
        group: typeof body.group === 'string' ? { name: body.group } : body.group,
        dryRun: body.dryRun,
        reason: body.reason ?? null,
        ticket: body.ticket ?? null,
        actor,
        idempotencyKey,
      });
      audited.details = { group: rollout.groupId, started };
      const answer = rolloutAnswer(rollout);
      return reply.code(202).header('location', answer.links.self).send({ rollout: answer, started });
    },
  );

  typed.get(
    '/federations/:id/rollouts',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The rollouts of a federation, page by page', 'rollouts'),
        params: FederationPath,
        querystring: RolloutListQuery,
        response: { 200: RolloutListSchema, ...protectedProblems },
      },
    },
    async ({ params: { id }, query: { limit, pageToken } }) => {
      const query = app.rollouts.listQuery(id);
      const page = await app.rollouts.list(query, limit, readPageToken(query, pageToken));
      return {
        rollouts: page.rollouts.map((found) => ({ ...found, links: { self: rolloutPath(id, found.groupId) } })),
        nextPageToken: writePageToken(query, page.position),
      };
    },
  );

  typed.get(
    '/federations/:id/rollouts/:group',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('State, steps and counts of the last rollout of a group', 'rollouts'),
        params: RolloutPath,
        response: { 200: RolloutAnswerSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id, group } }) => rolloutAnswer(await app.rollouts.get(id, group)),
  );

  typed.post(
    '/federations/:id/rollouts/:group/cancel',
    {
      config: { role: 'operator', audit: 'rollout.cancel' },
      schema: {
        ...documented('Stops following the members; what was assigned stays', 'rollouts'),
        params: RolloutPath,
        response: { 200: RolloutAnswerSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id, group }, actor }) => rolloutAnswer(await app.rollouts.cancel(id, group, actor)),
  );

  typed.post(
    '/federations/:id/rollouts/:group/gates/:gate',
    {
      // Each gate names the role that it needs; its workflow holds the actor to it.
      config: { role: 'viewer', audit: 'rollout.gate' },
      schema: {
        ...documented('Answers an open gate of a rollout', 'rollouts'),
        consumes: ['application/json', 'application/yaml'],
        params: RolloutGatePath,
        body: GateAnswerDocument,
        response: { 200: GateSchema, ...protectedProblems, ...problems(404, 409, 410, 413, 415) },
      },
    },
    ({ params: { id, group, gate }, body, actor }) => app.rollouts.answerGate(id, group, { gate, ...body, actor }),
  );
}
