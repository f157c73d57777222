import { vi } from 'vitest';
import type { AskedRequest, RateGovernor } from '../../../src/okta/rate-governor.js';

/** How an org limits requests, and how it shows that. */
export interface LimitedOrgOptions {
  readonly limit: number;
  readonly windowMs?: number;
  /** Its clock minus the true time. */
  readonly clockErrorMs?: number;
  /** Which way the end of a window becomes whole seconds. */
  readonly rounding?: 'ceil' | 'floor';
  /** Whether its answers show the budget. */
  readonly headers?: boolean;
  /** Time from the request to its arrival, and from there to its answer. */
  readonly latencyMs?: () => number;
}

/** One window of an org's budget: how it was used. */
export interface UsedWindow {
  readonly beganAt: number;
  readonly endsAt: number;
  /** Requests that were carried out, by whoever sent them. */
  readonly by: Map<string, number>;
  refused: number;
  /** When each request arrived, since the window began. */
  readonly arrivals: number[];
}

/** An org with one bucket, in the time of the test's fake timers: as Okta, its window begins with the first request. */
export class LimitedOrg {
  readonly windows: UsedWindow[] = [];
  readonly #options: Required<LimitedOrgOptions>;

  constructor(options: LimitedOrgOptions) {
    this.#options = {
      windowMs: 60_000,
      clockErrorMs: 0,
      rounding: 'ceil',
      headers: true,
      latencyMs: () => 50,
      ...options,
    };
  }

  /** Takes a request of somebody; answers status and headers. */
  take(sender: string): { readonly status: number; readonly headers: Headers } {
    const { limit, windowMs, clockErrorMs, rounding, headers } = this.#options;
    const now = Date.now();
    let window = this.windows.at(-1);
    if (window === undefined || now >= window.endsAt) {
      window = { beganAt: now, endsAt: now + windowMs, by: new Map(), refused: 0, arrivals: [] };
      this.windows.push(window);
    }
    const allowed = total(window) < limit;
    if (allowed) {
      window.by.set(sender, (window.by.get(sender) ?? 0) + 1);
      window.arrivals.push(now - window.beganAt);
    } else window.refused += 1;
    const shown = {
      date: new Date(now + clockErrorMs).toUTCString(),
      'x-rate-limit-limit': String(limit),
      'x-rate-limit-remaining': String(limit - total(window)),
      'x-rate-limit-reset': String(Math[rounding]((window.endsAt + clockErrorMs) / 1000)),
    };
    return { status: allowed ? 200 : 429, headers: new Headers(headers ? shown : {}) };
  }

  /** Sends one request through a governor. @throws what the governor throws */
  async send(sender: string, governor: RateGovernor, request: Partial<AskedRequest> = {}): Promise<number> {
    const admission = await governor.admit({ ...asked, ...request });
    await wait(this.#options.latencyMs());
    const { status, headers } = this.take(sender);
    await wait(this.#options.latencyMs());
    admission?.answered(status, headers);
    return status;
  }
}

const asked: AskedRequest = {
  method: 'GET',
  url: 'https://acme.okta.com/api/v1/apps/0oa1/users?limit=500',
  operation: 'listApplicationUsers',
  priority: 'sweep',
  progress: 'first',
  signal: undefined,
};

/** Requests of a window that were carried out; of one sender if named. */
export function total({ by }: UsedWindow, sender?: string): number {
  return [...by].reduce((sum, [name, count]) => sum + (sender === undefined || name === sender ? count : 0), 0);
}

/** Waits in the time of the fake timers. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lets the time of the fake timers pass. */
export async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

/** Goes on sending until the time is over; what is put off is tried again when it was told. */
export async function keepSending(
  org: LimitedOrg,
  sender: string,
  governor: RateGovernor,
  untilMs: number,
  request: Partial<AskedRequest> = {},
  pauseMs: () => number = () => 0,
): Promise<void> {
  while (Date.now() < untilMs) {
    try {
      await org.send(sender, governor, request);
      await wait(pauseMs());
    } catch (error) {
      await wait(delayOf(error));
    }
  }
}

function delayOf(error: unknown): number {
  if (error instanceof Error && 'retryAfterMs' in error && typeof error.retryAfterMs === 'number')
    return error.retryAfterMs;
  throw error;
}
