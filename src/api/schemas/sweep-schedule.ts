import { z } from 'zod';
import { SweepSpec } from '../../domain/sweep.js';

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const schedule = {
  cron: z
    .string()
    .trim()
    .regex(/^\S+( \S+){4}$/, 'must be five fields: minute, hour, day of month, month, day of week')
    .max(200)
    .describe('When sweeps begin, for example `30 2 * * 1-5`'),
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, for example Europe/Berlin').default('UTC'),
  paused: z.boolean().default(false),
};

const Time = z.iso.datetime({ offset: true, error: 'must be a time with its zone' });

/** Body of POST …/sweep-schedule/backfill. */
export const MissedTimeDocument = z
  .strictObject({
    from: Time,
    to: Time.refine((time) => !(Date.parse(time) > Date.now()), 'must have passed').describe('Not later than now'),
  })
  .refine(({ from, to }) => !(Date.parse(from) >= Date.parse(to)), { path: ['to'], message: 'must be after from' })
  .meta({ id: 'MissedTime' });

/** Body of PUT …/sweep-schedule. */
export const SweepScheduleDocument = z
  .strictObject({ ...schedule, spec: SweepSpec.prefault({}) })
  .meta({ id: 'SweepSchedule' });

export const SweepScheduleSchema = z
  .object({
    ...schedule,
    spec: SweepSpec,
    setBy: z.string().describe('Counts as the starter of its sweeps, and cannot approve them'),
    note: z.string().nullable().describe('Who paused or resumed it last'),
    nextTimes: z.array(z.string()),
    recentSweeps: z.array(z.string()).describe('The last ones that it has started, the latest first'),
    droppedOut: z.int().describe('Sweeps that did not begin because the one before still ran'),
  })
  .meta({ id: 'FoundSweepSchedule' });
