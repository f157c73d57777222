import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { FoundOperationSchedule } from '../../commands/operation-schedules.js';
import { scheduledKinds } from '../../domain/federation.js';
import { documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { FoundOperationScheduleSchema, operationScheduleDocuments } from '../schemas/operation-schedule.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

const named = { verification: 'verifications', drift: 'drift checks' } as const;

function answer(schedule: FoundOperationSchedule) {
  return { ...schedule, nextTimes: [...schedule.nextTimes], recentTimes: [...schedule.recentTimes] };
}

/** The schedules of verifications and of drift checks. What is due while another operation runs drops out. */
export async function operationSchedules(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  for (const kind of scheduledKinds) {
    const path = `/federations/:id/${kind}-schedule`;
    const schedules = app.operationSchedules[kind];

    typed.put(
      path,
      {
        config: { role: 'operator', audit: `${kind}Schedule.put` },
        schema: {
          ...documented(`Sets when ${named[kind]} begin, in place of the schedule before`),
          consumes: ['application/json', 'application/yaml'],
          params: FederationPath,
          body: operationScheduleDocuments[kind],
          response: { 200: FoundOperationScheduleSchema, ...protectedProblems, ...problems(404, 413, 415) },
        },
      },
      async ({ params: { id }, body, actor }) => {
        await app.federations.spec(id);
        return answer(await schedules.put(id, body, actor));
      },
    );

    typed.get(
      path,
      {
        config: { role: 'viewer' },
        schema: {
          ...documented(`The schedule of ${named[kind]} and its next times`),
          params: FederationPath,
          response: { 200: FoundOperationScheduleSchema, ...protectedProblems, ...problems(404) },
        },
      },
      async ({ params: { id } }) => answer(await schedules.get(id)),
    );

    typed.delete(
      path,
      {
        config: { role: 'operator', audit: `${kind}Schedule.delete` },
        schema: {
          ...documented(`Begins no more ${named[kind]} by schedule; one that runs goes on`),
          params: FederationPath,
          response: { 200: FoundOperationScheduleSchema, ...protectedProblems, ...problems(404) },
        },
      },
      async ({ params: { id } }) => answer(await schedules.delete(id)),
    );
  }
}
