import { z } from 'zod';
import { SecretReference } from '../domain/federation-spec.js';

const loopback = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/]|$)/;

/** The part `alarms` of the configuration file: when alarms are raised and who is told. */
export const AlarmSettings = z.strictObject({
  /** How often everything is looked at. */
  everyMinutes: z.number().int().min(1).max(1440).default(5),
  /** Days before the end of a certificate at which an alarm is raised; the fewest make it critical. */
  certificateDays: z.array(z.number().int().min(1).max(3650)).min(1).max(10).default([60, 30, 7]),
  /** Hours for which a gate may wait. */
  gateStuckAfterHours: z.number().min(1).max(720).default(24),
  /** Where alarms are posted. Without it they are shown by the API and counted in metrics only. */
  webhook: z
    .strictObject({
      url: z
        .url()
        .refine((url) => url.startsWith('https://') || loopback.test(url), 'must use https (loopback excepted)'),
      /** Reference to the secret with which each delivery is signed. */
      secret: SecretReference,
    })
    .optional(),
});
export type AlarmSettings = z.output<typeof AlarmSettings>;

/** What holds where the configuration file says nothing. */
export const usualAlarmSettings: AlarmSettings = AlarmSettings.parse({});
