/** Whose request goes first. */
export const ratePriorities = ['interactive', 'batch', 'sweep'] as const;
export type RatePriority = (typeof ratePriorities)[number];

/** What one process knows of a bucket. Times are milliseconds of the local monotonic clock. */
export interface BucketView {
  /** Requests per window, as the headers say. */
  readonly limit: number;
  /** Used in this window by everybody, as the last answer says; and those of them that this process has sent. */
  readonly used: number;
  readonly own: number;
  readonly windowMs: number;
  /** When the window ends. */
  readonly endsAt: number;
  /** When the last answer came. */
  readonly seenAt: number;
}

/** Requests of this process that have no answer yet. */
export interface UnderWay {
  readonly count: number;
  readonly lastSentAt: number;
}

/**
 * What is to be done with a request: `send` it now, `wait` for its turn, or `refuse` it until the window ends because
 * what its priority may use is used up. `ms` is from now.
 */
export type RateDecision =
  | { readonly action: 'send' }
  | { readonly action: 'wait'; readonly ms: number }
  | { readonly action: 'refuse'; readonly ms: number };

/** How long one request without an answer keeps others back that wait for what it will tell. */
const scoutMs = 1_000;

/** How much of the share may be used at once when a window begins; the rest is spread over the window. */
const headStart: Readonly<Record<RatePriority, number>> = { interactive: 0.5, batch: 0.25, sweep: 0.2 };

/** When in the window the whole share may be used: a window may end a second before its reset time, which is rounded. */
const wholeShareAt = 0.97;

/** How long a window may go on after its reset time, which is rounded. */
const overtimeMs = 1_000;

/** The part of the share that is left to interactive work until the end of the window. */
const reserved = 0.025;

/** Requests of the window that all processes together may send. */
export function allowedOf(limit: number, share: number): number {
  return Math.max(1, Math.floor(limit * share));
}

/** Of those, how many a priority may use up. */
export function ceilingOf(allowed: number, priority: RatePriority): number {
  return priority === 'interactive' ? allowed : Math.max(1, allowed - Math.max(1, Math.ceil(allowed * reserved)));
}

/**
 * Decides on one request. All processes see the same use in Okta's headers and keep it below the same line, which climbs
 * from a head start at the beginning of the window to the whole share at its end; so they share without a word between
 * them, and whoever else uses the budget is counted too.
 *
 * @param view null before the first answer.
 * @param ahead requests that wait already and go first.
 */
export function planRequest(
  view: BucketView | null,
  underWay: UnderWay,
  share: number,
  priority: RatePriority,
  now: number,
  ahead = 0,
): RateDecision {
  if (view === null || now >= view.endsAt + overtimeMs) return scout(underWay, now, ahead);
  const { windowMs, used } = view;
  const left = view.endsAt + overtimeMs - now;
  const allowed = allowedOf(view.limit, share);
  const ceiling = ceilingOf(allowed, priority);
  const known = used + underWay.count + ahead;
  if (known + 1 > ceiling) return { action: 'refuse', ms: left };

  const age = now - view.seenAt;
  const fresh = age < Math.max(windowMs / 20, (2 * windowMs) / allowed);
  const elapsed = clamp(windowMs - (view.endsAt - now), 0, windowMs);
  const free = Math.max(0, ceilingOf(allowed, 'sweep') - used);
  const guessed = fresh ? unseen(view, age) : 0;
  // Of what is reserved for interactive work nothing else takes: no more than one of them can have been sent elsewhere.
  const taken = known + (priority === 'interactive' ? Math.min(guessed, Math.max(1, free)) : guessed);
  const start = Math.max(1, allowed * headStart[priority]);
  const climbMs = windowMs * wholeShareAt;
  const line = Math.min(ceiling, start + (ceiling - start) * (elapsed / climbMs));
  if (taken + 1 > line) {
    const due = (climbMs * (taken + 1 - start)) / (ceiling - start);
    return { action: 'wait', ms: clamp(due - elapsed, 1, left) };
  }
  if (!fresh) return scout(underWay, now, ahead);
  const most = Math.max(1, Math.floor((ceiling - used) / 4));
  return underWay.count + ahead < most ? { action: 'send' } : { action: 'wait', ms: scoutMs };
}

/** One request goes first to see how the budget stands; the others wait for its answer. */
function scout({ count, lastSentAt }: UnderWay, now: number, ahead: number): RateDecision {
  if (count === 0 && ahead === 0) return { action: 'send' };
  const ms = count === 0 ? scoutMs : lastSentAt + scoutMs - now;
  return ms <= 0 && ahead === 0 ? { action: 'send' } : { action: 'wait', ms: Math.max(1, ms) };
}

/** About how many others have sent since the last answer, if they go on as in this window so far. */
function unseen({ used, own, seenAt, endsAt, windowMs }: BucketView, age: number): number {
  const others = Math.max(0, used - own);
  const seenAfter = clamp(windowMs - (endsAt - seenAt), 1, windowMs);
  return Math.min(others, Math.ceil((others / seenAfter) * age));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
