import { z } from 'zod';
import type { RunningOrg } from './running-sandbox.js';

const delay = z.number().int().min(0).max(86_400_000).optional();

/** What can be set while the sandbox runs. What is left out stays as it is. */
export const Settings = z.strictObject({
  /** One org; both where absent. */
  org: z.enum(['idp', 'sp']).optional(),
  /** Time that every request takes longer. */
  latencyMs: z.number().int().min(0).max(60_000).optional(),
  /** The org's switch for just-in-time creation of users. */
  jit: z.boolean().optional(),
  /** A connection's credentials pass without a look. */
  openConnections: z.boolean().optional(),
  /** Most app instances of the org. */
  maxApps: z.number().int().min(0).optional(),
  /** Milliseconds until background work of a kind starts; `search` shows the past for as long. */
  delays: z
    .strictObject({ provisioning: delay, reconciliation: delay, search: delay, eventHooks: delay, lifecycle: delay })
    .optional(),
  rateLimits: z
    .strictObject({
      factor: z.number().positive().optional(),
      windowMs: z.number().int().min(100).optional(),
      sharePercent: z.number().min(1).max(100).optional(),
    })
    .optional(),
  eventHooks: z
    .strictObject({
      lose: z.number().int().min(0).optional(),
      duplicate: z.number().int().min(0).optional(),
      outOfOrder: z.boolean().optional(),
    })
    .optional(),
});
export type Settings = z.output<typeof Settings>;

export function applySettings(running: RunningOrg, settings: Settings): void {
  const { org, limiter, observation, eventHooks } = running;
  observation.latencyMs = settings.latencyMs ?? observation.latencyMs;
  org.settings.jit = settings.jit ?? org.settings.jit;
  org.settings.openConnections = settings.openConnections ?? org.settings.openConnections;
  org.settings.maxApps = settings.maxApps ?? org.settings.maxApps;
  Object.assign(org.background.delays, given(settings.delays));
  Object.assign(limiter.settings, given(settings.rateLimits));
  Object.assign(eventHooks.faults, given(settings.eventHooks));
  if (settings.eventHooks?.outOfOrder === false) eventHooks.release();
}

/** The settings in force. */
export function shownSettings({ org, limiter, observation, eventHooks }: RunningOrg) {
  return {
    latencyMs: observation.latencyMs,
    jit: org.settings.jit,
    openConnections: org.settings.openConnections,
    maxApps: org.settings.maxApps,
    delays: org.background.delays,
    rateLimits: limiter.settings,
    eventHooks: eventHooks.faults,
  };
}

function given(values: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined));
}
