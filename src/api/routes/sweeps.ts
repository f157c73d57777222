import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type SweepOrder, SweepSpec } from '../../domain/sweep.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import {
  SweepAcceptedSchema,
  SweepAnswerSchema,
  SweepDecisionDocument,
  SweepListQuery,
  SweepListSchema,
  SweepPath,
  sweepAnswer,
  sweepPath,
} from '../schemas/sweep.js';
import { sweepEvents } from './sweep-events.js';
import { sweepFindings } from './sweep-findings.js';
import { sweepSchedule } from './sweep-schedule.js';

const decisions = { approve: 'Approves exactly the list that was read', reject: 'Ends the sweep; nothing is done' };

const orders: Readonly<Record<SweepOrder, string>> = {
  pause: 'Begins nothing more until it is resumed',
  resume: 'Goes on after a pause; what was read too long ago is read again',
  cancel: 'Ends the sweep; users who are being acted on are carried to their end',
};

/** Sweeps: SP users whose right to be there has ended are found, and acted on. */
export async function sweeps(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  await app.register(sweepEvents);
  await app.register(sweepFindings);
  await app.register(sweepSchedule);

  typed.post(
    '/federations/:id/sweeps',
    {
      config: { role: 'operator', audit: 'sweep.start' },
      schema: {
        ...documented('Starts a sweep: the mode report only finds, the mode enforce also acts', 'sweeps'),
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: SweepSpec.meta({ id: 'SweepSpec' }),
        response: { 202: SweepAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body: spec, actor, idempotencyKey, audited }, reply) => {
      await app.federationRecords.forUsers(id, 'offboard');
      const asked = { federationId: id, spec, trigger: 'request' as const, actor, idempotencyKey };
      const { sweep, started } = await app.sweeps.start(asked);
      audited.details = { sweep: sweep.id, started };
      const answer = sweepAnswer(sweep);
      return reply.code(202).header('location', answer.links.self).send({ sweep: answer, started });
    },
  );

  typed.get(
    '/federations/:id/sweeps',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The sweeps of a federation, the latest first', 'sweeps'),
        params: FederationPath,
        querystring: SweepListQuery,
        response: { 200: SweepListSchema, ...protectedProblems },
      },
    },
    async ({ params: { id }, query: { limit, before } }) => {
      const rows = await app.sweeps.list(id, before ?? null, limit);
      return {
        sweeps: rows.map(({ id: sweep, startedAt, record }) => ({
          id: sweep,
          state: record?.state ?? ('running' as const),
          startedAt,
          links: { self: sweepPath(id, sweep) },
        })),
        nextBefore: rows.length < limit ? null : (rows.at(-1)?.startedAt ?? null),
      };
    },
  );

  typed.get(
    '/federations/:id/sweeps/:sweep',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('State, steps and counts of a sweep', 'sweeps'),
        params: SweepPath,
        response: { 200: SweepAnswerSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id, sweep } }) => sweepAnswer(await app.sweeps.get(id, sweep)),
  );

  for (const decision of ['approve', 'reject'] as const) {
    typed.post(
      `/federations/:id/sweeps/:sweep/${decision}`,
      {
        config: { role: 'approver', audit: `sweep.${decision}` },
        schema: {
          ...documented(decisions[decision], 'sweeps'),
          consumes: ['application/json', 'application/yaml'],
          params: SweepPath,
          body: SweepDecisionDocument,
          response: { 200: SweepAnswerSchema, ...protectedProblems, ...problems(404, 409, 410, 413, 415) },
        },
      },
      async ({ params: { id, sweep }, body, actor }) =>
        sweepAnswer(await app.sweeps.decide(id, sweep, { decision, ...body, actor })),
    );
  }

  for (const order of ['pause', 'resume', 'cancel'] as const) {
    typed.post(
      `/federations/:id/sweeps/:sweep/${order}`,
      {
        config: { role: 'operator', audit: `sweep.${order}` },
        schema: {
          ...documented(orders[order], 'sweeps'),
          params: SweepPath,
          response: { 200: SweepAnswerSchema, ...protectedProblems, ...problems(404, 409) },
        },
      },
      async ({ params: { id, sweep }, actor }) => sweepAnswer(await app.sweeps.order(id, sweep, order, actor)),
    );
  }
}
