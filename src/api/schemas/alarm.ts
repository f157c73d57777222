import { z } from 'zod';
import { alarmKinds, alarmSeverities } from '../../domain/alarm.js';
import { FactsSchema } from './assessment.js';

/** Answer of GET /v1/alarms. */
export const AlarmsSchema = z
  .object({
    alarms: z.array(
      z
        .object({
          id: z.string().describe('The same for as long as it is about the same thing'),
          kind: z.enum(alarmKinds),
          severity: z.enum(alarmSeverities),
          federationId: z.string(),
          message: z.string(),
          fix: z.string(),
          facts: FactsSchema,
          raisedAt: z.string(),
          changedAt: z.string(),
        })
        .meta({ id: 'Alarm' }),
    ),
    lookedAt: z.string().nullable().describe('When everything was last looked at; null if nobody has looked yet'),
  })
  .meta({ id: 'Alarms' });
