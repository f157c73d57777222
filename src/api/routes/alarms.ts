import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { AlarmsSchema } from '../schemas/alarm.js';
import { documented } from '../schemas/command.js';
import { protectedProblems } from '../schemas/problem-answers.js';

/** Alarms: what a person should look at before it hurts. */
export async function alarms(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/alarms',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The alarms that stand: certificates, verification, drift, fuses, gates', 'alarms'),
        response: { 200: AlarmsSchema, ...protectedProblems },
      },
    },
    async () => {
      const { alarms: standing, lookedAt } = (await app.alarms.list()) ?? { alarms: [], lookedAt: null };
      return { alarms: [...standing], lookedAt };
    },
  );
}
