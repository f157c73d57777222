import { Org2OrgError } from '../domain/errors.js';
import { BucketState } from './bucket-state.js';
import { Concurrency } from './concurrency.js';
import { OrgClock } from './org-clock.js';
import { type RateBucket, rateBucketOf } from './rate-buckets.js';
import { planRequest, type RatePriority, ratePriorities } from './rate-plan.js';

/** How far the work is that a request belongs to: what has begun goes first and waits longer before it is put off. */
export const workProgresses = ['first', 'further', 'nextPage'] as const;
export type WorkProgress = (typeof workProgresses)[number];

/** What a request waits for its turn in place, in milliseconds. A list is not begun anew for the sake of a wait. */
const patienceMs: Readonly<Record<WorkProgress, number>> = { first: 5_000, further: 15_000, nextPage: 120_000 };

/** The longest delay that a request is told that is put off. */
const longestDelayMs = 90_000;

/** A request that asks to be sent. */
export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly operation: string;
  readonly priority: RatePriority;
  readonly progress: WorkProgress;
  readonly signal: AbortSignal | undefined;
}

/** A request that may be sent now; its end must be told. */
export interface Admission {
  answered(status: number, headers: Headers): void;
  /** There is no answer. */
  lost(): void;
}

/** Is told what the governor does, for metrics. */
export interface RateObserver {
  admitted(bucket: string, priority: RatePriority, waitedMs: number): void;
  putOff(bucket: string, priority: RatePriority): void;
  budget(bucket: string, limit: number, used: number): void;
}

interface Waiting extends AskedRequest {
  readonly since: number;
  readonly putOffAt: number;
  readonly begin: (admission: Admission) => void;
  readonly fail: (reason: unknown) => void;
}

interface Lane {
  readonly bucket: RateBucket;
  readonly state: BucketState;
  /** In the order in which they go. */
  readonly waiting: Waiting[];
  /** Until when requests of each priority are put off already: the next one is told a later time. */
  readonly putOffUntil: Map<RatePriority, number>;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Holds back the requests of one process to one org, so that all processes together leave others their share of each
 * bucket. It learns everything from the headers of Okta's answers and keeps nothing elsewhere.
 */
export class RateGovernor {
  readonly #org: string;
  readonly #share: number;
  readonly #observer: RateObserver | undefined;
  readonly #clock = new OrgClock();
  readonly #concurrency: Concurrency;
  readonly #lanes = new Map<string, Lane>();

  /** @param share of the limit that Okta's headers show, above 0 up to 1. */
  constructor(org: string, share: number, observer?: RateObserver) {
    this.#org = org;
    this.#share = share;
    this.#observer = observer;
    this.#concurrency = new Concurrency(share);
  }

  /**
   * Waits for the request's turn. Null where nothing is held back.
   *
   * @throws Org2OrgError `O2O_OKTA_RATE_LIMITED` with the delay, if the turn comes too late to wait for it in place; the
   * reason of the signal once it is aborted.
   */
  async admit(request: AskedRequest): Promise<Admission | null> {
    request.signal?.throwIfAborted();
    const bucket = rateBucketOf(request.method, new URL(request.url).pathname);
    if (bucket === null) return null;
    const lane = this.#lane(bucket);
    const now = performance.now();
    const place = placeOf(lane.waiting, request);
    const ms = this.#turn(lane, request, place, now);
    if (ms === 0) return this.#begin(lane, request, now, now);
    if (ms > patienceMs[request.progress]) throw this.#putOff(lane, request, ms, now);
    return this.#wait(lane, request, place, now);
  }

  #lane(bucket: RateBucket): Lane {
    const known = this.#lanes.get(bucket.name);
    if (known !== undefined) return known;
    const state = new BucketState(bucket, this.#clock);
    const lane: Lane = { bucket, state, waiting: [], putOffUntil: new Map(), timer: undefined };
    this.#lanes.set(bucket.name, lane);
    return lane;
  }

  /** Milliseconds until a request's turn if so many go before it; 0: now. */
  #turn({ state }: Lane, { priority }: AskedRequest, ahead: number, now: number): number {
    const decision = planRequest(state.view, state.underWay, this.#share, priority, now, ahead);
    if (decision.action !== 'send') return decision.ms;
    return ahead === 0 && this.#concurrency.admits(priority) ? 0 : 1_000;
  }

  #wait(lane: Lane, request: AskedRequest, place: number, now: number): Promise<Admission> {
    return new Promise((resolve, reject) => {
      const { signal } = request;
      const abort = () => {
        lane.waiting.splice(lane.waiting.indexOf(waiting), 1);
        reject(signal?.reason);
        this.#advance(lane);
      };
      const waiting: Waiting = {
        ...request,
        since: now,
        putOffAt: now + patienceMs[request.progress],
        begin(admission) {
          signal?.removeEventListener('abort', abort);
          resolve(admission);
        },
        fail(reason) {
          signal?.removeEventListener('abort', abort);
          reject(reason);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      lane.waiting.splice(place, 0, waiting);
      this.#advance(lane);
    });
  }

  /** Lets those go whose turn has come, puts those off who have waited too long, and sets the time for the next look. */
  #advance(lane: Lane): void {
    clearTimeout(lane.timer);
    const now = performance.now();
    for (let head = lane.waiting[0]; head !== undefined; head = lane.waiting[0]) {
      const ms = this.#turn(lane, head, 0, now);
      if (ms > 0) {
        this.#putOffLate(lane, ms, now);
        const next = Math.min(ms, ...lane.waiting.map(({ putOffAt }) => putOffAt - now));
        if (lane.waiting.length > 0) lane.timer = setTimeout(() => this.#advance(lane), Math.ceil(Math.max(1, next)));
        return;
      }
      lane.waiting.shift();
      head.begin(this.#begin(lane, head, head.since, now));
    }
  }

  #putOffLate(lane: Lane, ms: number, now: number): void {
    const late = lane.waiting.filter(({ putOffAt }) => putOffAt <= now);
    for (const waiting of late) {
      lane.waiting.splice(lane.waiting.indexOf(waiting), 1);
      waiting.fail(this.#putOff(lane, waiting, ms, now));
    }
  }

  #putOff(lane: Lane, { operation, priority }: AskedRequest, ms: number, now: number): Org2OrgError {
    const { view } = lane.state;
    const spacing = view === null ? 1_000 : view.windowMs / Math.max(1, view.limit * this.#share);
    const until = Math.max(now + ms, (lane.putOffUntil.get(priority) ?? 0) + spacing);
    const delay = Math.min(until - now, longestDelayMs);
    lane.putOffUntil.set(priority, now + delay);
    this.#observer?.putOff(lane.bucket.name, priority);
    return new Org2OrgError('O2O_OKTA_RATE_LIMITED', { org: this.#org, operation }, { retryAfterMs: Math.ceil(delay) });
  }

  #begin(lane: Lane, { priority }: AskedRequest, since: number, sentAt: number): Admission {
    lane.state.sent(sentAt);
    this.#concurrency.enter();
    this.#observer?.admitted(lane.bucket.name, priority, sentAt - since);
    const ended = (tooMany: boolean) => {
      this.#concurrency.leave(tooMany, sentAt, performance.now());
      for (const each of this.#lanes.values()) if (each.waiting.length > 0) this.#advance(each);
    };
    return {
      answered: (status, headers) => {
        lane.state.answered(status, headers, sentAt, performance.now());
        const { view } = lane.state;
        if (view !== null) this.#observer?.budget(lane.bucket.name, view.limit, view.used);
        ended(status === 429 && headers.get('x-rate-limit-limit') === '0');
      },
      lost: () => {
        lane.state.lost(performance.now());
        ended(false);
      },
    };
  }
}

/** After how many of those who wait the request goes: by priority, then what has begun, then who came first. */
function placeOf(waiting: readonly Waiting[], request: AskedRequest): number {
  const rank = ({ priority, progress }: AskedRequest) =>
    ratePriorities.indexOf(priority) * workProgresses.length - workProgresses.indexOf(progress);
  const mine = rank(request);
  const after = waiting.findIndex((other) => rank(other) > mine);
  return after === -1 ? waiting.length : after;
}
