/** State of the rate limit bucket that an answer counted against. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** When the bucket is full again (ISO 8601, UTC). */
  readonly resetAt: string;
}

const shortest = 1_000;
const longest = 90_000;
/** Okta's windows last a minute: what to wait when an answer does not say. */
const window = 60_000;
/** Requests that are too many at once are soon over; the reset time of such an answer is only a suggestion. */
const concurrency = 5_000;

/** The largest of the numbers in a header, which may come twice; null if there is none. */
function number(headers: Headers, name: string): number | null {
  const values = (headers.get(name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => /^\d{1,15}$/.test(part))
    .map(Number);
  return values.length === 0 ? null : Math.max(...values);
}

/** The bucket's state, or null if the answer does not tell. */
export function rateLimitOf(headers: Headers): RateLimit | null {
  const limit = number(headers, 'x-rate-limit-limit');
  const remaining = number(headers, 'x-rate-limit-remaining');
  const reset = number(headers, 'x-rate-limit-reset');
  if (limit === null || remaining === null || reset === null || reset > 8.64e12) return null;
  return { limit, remaining, resetAt: new Date(reset * 1000).toISOString() };
}

/**
 * How long to wait after an answer 429, in milliseconds between 1 s and 90 s: until `X-Rate-Limit-Reset` by the clock
 * of the answer's own `Date`, and one second more, as both headers drop fractions.
 *
 * @param now the local clock in milliseconds, for an answer without a readable `Date`.
 */
export function retryDelay(headers: Headers, now: number): number {
  if (number(headers, 'x-rate-limit-limit') === 0) return concurrency;
  const reset = number(headers, 'x-rate-limit-reset');
  if (reset === null) return window;
  const date = Date.parse(headers.get('date') ?? '');
  const delay = reset * 1000 - (Number.isNaN(date) ? now : date) + 1_000;
  return Math.min(Math.max(delay, shortest), longest);
}
