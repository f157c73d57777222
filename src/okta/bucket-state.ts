import type { OrgClock } from './org-clock.js';
import type { RateBucket } from './rate-buckets.js';
import { type RateLimit, rateLimitOf, retryDelay } from './rate-limit.js';
import type { BucketView, UnderWay } from './rate-plan.js';

/** Length of Okta's windows in milliseconds. */
const windowMs = 60_000;

/** No window is believed to end later than this from now. */
const longest = 90_000;

/** Of the documented limit of a whole org, a single token or client gets half by default. */
const shareOfOneClient = 0.5;

interface Known extends BucketView {
  /** `X-Rate-Limit-Reset` of the window in seconds; null for a window that is only counted here, without headers. */
  readonly reset: number | null;
}

/** What one process knows of one bucket: the headers of the answers so far, and its own requests without an answer. */
export class BucketState {
  readonly #bucket: RateBucket;
  readonly #clock: OrgClock;
  #known: Known | null = null;
  #underWay = 0;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  /** The shortest distance between the ends of two windows: how long they are where an org's are shorter than Okta's. */
  #shortest = windowMs;

  constructor(bucket: RateBucket, clock: OrgClock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  get view(): BucketView | null {
    return this.#known;
  }

  get underWay(): UnderWay {
    return { count: this.#underWay, lastSentAt: this.#lastSentAt };
  }

  sent(now: number): void {
    this.#underWay += 1;
    this.#lastSentAt = now;
  }

  /** A request is over without an answer; Okta may have counted it. */
  lost(now: number): void {
    this.#underWay -= 1;
    if (this.#known !== null && now < this.#known.endsAt) this.#known = { ...this.#known, ...oneMore(this.#known) };
  }

  /** Takes in an answer; `sentAt` and `now` by the local monotonic clock. */
  answered(status: number, headers: Headers, sentAt: number, now: number): void {
    this.#underWay -= 1;
    const date = Date.parse(headers.get('date') ?? '');
    const said = rateLimitOf(headers);
    const told = said !== null && said.limit > 0 && !Number.isNaN(date) ? said : null;
    if (told !== null) this.#take(told, date, sentAt, now);
    else this.#count(sentAt, now);
    const refused = status === 429 && headers.get('x-rate-limit-limit') !== '0';
    if (refused && this.#known !== null) this.#close(this.#known, told === null ? retryDelay(headers, 0) : 0, now);
  }

  #take({ limit, remaining, resetAt }: RateLimit, date: number, sentAt: number, now: number): void {
    const at = Date.parse(resetAt);
    const reset = at / 1000;
    this.#clock.observe(date, sentAt, now);
    const endsAt = Math.min(this.#clock.localTimeOf(at), now + longest);
    const used = Math.max(0, limit - remaining);
    const known = this.#known;
    if (known?.reset === reset) {
      this.#known = {
        ...known,
        limit,
        used: Math.max(used, known.used),
        own: known.own + 1,
        endsAt: Math.max(endsAt, sentAt),
        seenAt: now,
      };
      return;
    }
    if (known !== null && known.reset !== null) {
      if (endsAt < known.endsAt - this.#shortest / 2) return;
      const distance = (reset - known.reset) * 1000;
      if (distance > 0) this.#shortest = Math.min(this.#shortest, distance);
    }
    const length = Math.max(this.#shortest, endsAt - now);
    this.#known = { limit, used, own: 1, windowMs: length, endsAt, seenAt: now, reset };
  }

  /** An answer that does not tell: counted in the window that is known, else in one of a minute from here. */
  #count(sentAt: number, now: number): void {
    if (this.#known !== null && now < this.#known.endsAt) {
      this.#known = { ...this.#known, ...oneMore(this.#known), seenAt: now };
      return;
    }
    const limit = Math.floor(this.#bucket.perMinute * shareOfOneClient);
    this.#known = { limit, used: 1, own: 1, windowMs, endsAt: sentAt + windowMs, seenAt: now, reset: null };
  }

  /** Okta has refused: nothing is left in this window. */
  #close(known: Known, atLeastMs: number, now: number): void {
    this.#known = { ...known, used: known.limit, endsAt: Math.max(known.endsAt, now + atLeastMs) };
  }
}

function oneMore({ used, own }: BucketView): Pick<BucketView, 'used' | 'own'> {
  return { used: used + 1, own: own + 1 };
}
