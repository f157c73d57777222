import { z } from 'zod';
import { DriftOptions } from '../../domain/drift.js';
import type { ScheduledKind } from '../../domain/federation.js';
import { VerificationOptions } from '../../domain/verification.js';
import { SweepScheduleSchema } from './sweep-schedule.js';

/** The same words and rules as for the schedule of sweeps. */
const { cron, timeZone, paused } = SweepScheduleSchema.shape;
const when = { cron: cron.describe('When it begins, for example `30 2 * * 1-5`'), timeZone, paused };

const found = {
  ...when,
  options: z.record(z.string(), z.unknown()),
  setBy: z.string(),
  nextTimes: z.array(z.string()),
  recentTimes: z.array(z.string()).describe('When it has begun the last ones, the latest first'),
};

/** Bodies of PUT …/verification-schedule and PUT …/drift-schedule. */
export const operationScheduleDocuments = {
  verification: z
    .strictObject({ ...when, options: VerificationOptions.prefault({}) })
    .meta({ id: 'VerificationSchedule' }),
  drift: z.strictObject({ ...when, options: DriftOptions.prefault({}) }).meta({ id: 'DriftSchedule' }),
} as const satisfies Readonly<Record<ScheduledKind, z.ZodType>>;

export const FoundOperationScheduleSchema = z.object(found).meta({ id: 'FoundOperationSchedule' });
