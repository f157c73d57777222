import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { FoundSweepSchedule } from '../../commands/sweep-schedules.js';
import { federationPath } from '../federations.js';
import { documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { MissedTimeDocument, SweepScheduleDocument, SweepScheduleSchema } from '../schemas/sweep-schedule.js';

function answer(federationId: string, schedule: FoundSweepSchedule) {
  const sweep = (id: string) => `${federationPath(federationId)}/sweeps/${id}`;
  return { ...schedule, nextTimes: [...schedule.nextTimes], recentSweeps: schedule.recentSweeps.map(sweep) };
}

const orders = {
  pause: 'Begins no more sweeps until it is resumed; one that runs goes on',
  resume: 'Goes on after a pause',
} as const;

/** The schedule of a federation's sweeps. Its rules are also those of the looks that event hooks give reason to. */
export async function sweepSchedule(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const path = '/federations/:id/sweep-schedule';

  typed.put(
    path,
    {
      config: { role: 'operator', audit: 'sweepSchedule.put' },
      schema: {
        ...documented('Sets when sweeps begin and what they do, in place of the schedule before', 'sweeps'),
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        body: SweepScheduleDocument,
        response: { 200: SweepScheduleSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body, actor }) => {
      await app.federationRecords.forUsers(id, 'offboard');
      return answer(id, await app.sweepSchedules.put(id, body, actor));
    },
  );

  typed.get(
    path,
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The schedule of sweeps, its next times and its last sweeps', 'sweeps'),
        params: FederationPath,
        response: { 200: SweepScheduleSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id } }) => answer(id, await app.sweepSchedules.get(id)),
  );

  typed.post(
    `${path}/run`,
    {
      config: { role: 'operator', audit: 'sweepSchedule.run' },
      schema: {
        ...documented('Begins a sweep of the schedule now, unless one of them runs', 'sweeps'),
        params: FederationPath,
        response: { 200: SweepScheduleSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id } }) => answer(id, await app.sweepSchedules.run(id)),
  );

  typed.post(
    `${path}/backfill`,
    {
      config: { role: 'operator', audit: 'sweepSchedule.backfill' },
      schema: {
        ...documented(
          'Begins one sweep now if any was due in a time that has passed, unless one of them runs',
          'sweeps',
        ),
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        body: MissedTimeDocument,
        response: { 200: SweepScheduleSchema, ...protectedProblems, ...problems(404, 413, 415) },
      },
    },
    async ({ params: { id }, body }) => answer(id, await app.sweepSchedules.backfill(id, body)),
  );

  for (const order of ['pause', 'resume'] as const) {
    typed.post(
      `${path}/${order}`,
      {
        config: { role: 'operator', audit: `sweepSchedule.${order}` },
        schema: {
          ...documented(orders[order], 'sweeps'),
          params: FederationPath,
          response: { 200: SweepScheduleSchema, ...protectedProblems, ...problems(404) },
        },
      },
      async ({ params: { id }, actor }) => answer(id, await app.sweepSchedules.order(id, order, actor)),
    );
  }

  typed.delete(
    path,
    {
      config: { role: 'operator', audit: 'sweepSchedule.delete' },
      schema: {
        ...documented('Begins no more sweeps by schedule; one that runs goes on', 'sweeps'),
        params: FederationPath,
        response: { 200: SweepScheduleSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id } }) => answer(id, await app.sweepSchedules.delete(id)),
  );
}
