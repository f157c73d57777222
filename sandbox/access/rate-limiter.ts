import { concurrencyLimits, type RateLimitBucket, type RateLimitPlan, rateLimitBucket } from './rate-limit-buckets.js';

/** How an org limits requests. */
export interface RateLimitSettings {
  /** Multiplies Okta's limits; 1 is what Okta gives. */
  factor: number;
  /** Length of the window in milliseconds; Okta's is a minute. */
  windowMs: number;
  /** Share of a bucket, in per cent, that one token or client may use. */
  sharePercent: number;
}

/** What the headers of an answer say about the budget. */
export interface RateLimitState {
  readonly limit: number;
  readonly remaining: number;
  /** When the window ends, in seconds since 1970. */
  readonly reset: number;
}

export interface RateLimitVerdict extends RateLimitState {
  readonly bucket: RateLimitBucket;
  readonly allowed: boolean;
  /** True for the first request that a window refuses: Okta writes it into the System Log once. */
  readonly firstRefusal: boolean;
}

interface Window {
  readonly endsAt: number;
  readonly used: Map<string, number>;
  total: number;
  refused: boolean;
}

/** Sign-ins with one login that Okta takes in a second. */
const signInsPerSecond = 4;

/** Counts the requests of one org per bucket, window and principal, as Okta does. */
export class RateLimiter {
  readonly settings: RateLimitSettings;
  readonly #plan: RateLimitPlan;
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();
  #inFlight = 0;
  #signIns = { endsAt: 0, used: new Map<string, number>() };

  constructor(plan: RateLimitPlan, now: () => number, settings: Partial<RateLimitSettings> = {}) {
    this.#plan = plan;
    this.#now = now;
    this.settings = { factor: 1, windowMs: 60_000, sharePercent: 50, ...settings };
  }

  /** Counts a request of a principal. Null where Okta limits nothing. */
  take(method: string, path: string, principal: string): RateLimitVerdict | null {
    const bucket = rateLimitBucket(method, path);
    if (bucket === null) return null;
    const window = this.#window(bucket.name);
    const orgLimit = Math.max(1, Math.floor(bucket.perMinute[this.#plan] * this.settings.factor));
    const limit = Math.max(1, Math.floor((orgLimit * this.settings.sharePercent) / 100));
    const used = window.used.get(principal) ?? 0;
    const left = Math.min(limit - used, orgLimit - window.total);
    const allowed = left > 0;
    const firstRefusal = !allowed && !window.refused;
    if (allowed) {
      window.used.set(principal, used + 1);
      window.total += 1;
    } else {
      window.refused = true;
    }
    const remaining = Math.max(0, left - 1);
    return { bucket, allowed, firstRefusal, limit, remaining, reset: Math.ceil(window.endsAt / 1000) };
  }

  /** Counts a sign-in with a login and a password: Okta takes four a second for one login. */
  takeSignIn(login: string): boolean {
    const now = this.#now();
    const second = this.settings.windowMs / 60;
    const { endsAt } = this.#signIns;
    if (now >= endsAt || endsAt - now > second) this.#signIns = { endsAt: now + second, used: new Map() };
    const used = this.#signIns.used.get(login) ?? 0;
    this.#signIns.used.set(login, used + 1);
    return used < Math.max(1, signInsPerSecond * this.settings.factor);
  }

  /** Counts a request as running. False if the org already runs as many as it may. */
  enter(): boolean {
    if (this.#inFlight >= concurrencyLimits[this.#plan] * Math.max(1, this.settings.factor)) return false;
    this.#inFlight += 1;
    return true;
  }

  /** Ends a request that `enter` counted. */
  leave(): void {
    this.#inFlight -= 1;
  }

  #window(bucket: string): Window {
    const now = this.#now();
    const current = this.#windows.get(bucket);
    if (current && now < current.endsAt && current.endsAt - now <= this.settings.windowMs) return current;
    const window: Window = { endsAt: now + this.settings.windowMs, used: new Map(), total: 0, refused: false };
    this.#windows.set(bucket, window);
    return window;
  }
}
