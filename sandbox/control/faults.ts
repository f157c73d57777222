import { z } from 'zod';

/** What can go wrong between a client and an org. */
export const faultKinds = [
  'status',
  'rateLimit',
  'concurrencyLimit',
  'readOnly',
  'slow',
  'slowAfter',
  'resetBefore',
  'resetAfter',
  'truncatedJson',
  'html',
  'emptyPage',
  'endEarly',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Who sent a request: a client from outside; or the sandbox itself, for one org towards the other or for a person. */
export const requestOrigins = ['client', 'provisioning', 'jwks', 'console'] as const;
export type RequestOrigin = (typeof requestOrigins)[number];

/** A fault as a test asks for it. */
export const FaultRequest = z.strictObject({
  org: z.enum(['idp', 'sp']),
  /** Okta's operation id, or `*` for all. */
  operation: z.string().min(1).default('*'),
  kind: z.enum(faultKinds),
  /** How many requests are hit; null hits until the fault is removed. */
  count: z.number().int().min(1).nullable().default(1),
  /** Matching requests that pass before the first is hit. */
  skip: z.number().int().min(0).default(0),
  /** Hits only the nth matching request, counted from 1. In place of `skip` and `count`. */
  nth: z.number().int().min(1).optional(),
  onlyWrites: z.boolean().default(false),
  /** Whose requests are hit. */
  from: z.enum([...requestOrigins, 'any']).default('client'),
  /** Answer of `status` (500) and `html` (200). */
  status: z.number().int().min(200).max(599).optional(),
  /** Error code of the body of `status`; E0000009 where absent. */
  errorCode: z
    .string()
    .regex(/^E\d{7}$/)
    .optional(),
  /** Waiting time of `slow`, before the request is carried out, and of `slowAfter`, before it is answered. */
  delayMs: z.number().int().min(0).max(600_000).optional(),
  /** Seconds until the reset that `rateLimit` and `concurrencyLimit` announce. */
  resetSeconds: z.number().int().min(0).max(3600).default(1),
});
export type FaultRequest = z.output<typeof FaultRequest>;

/** A fault with what it has done so far. */
export interface Fault extends FaultRequest {
  readonly id: string;
  /** Requests that matched. */
  seen: number;
  /** Requests that were hit. */
  hits: number;
}

/** What of a request decides whether a fault matches it. */
export interface FaultTarget {
  readonly org: string;
  readonly operation: string;
  readonly write: boolean;
  readonly from: RequestOrigin;
}

/** The faults that are in force. At most one hits a request: the one that was added first. */
export class FaultBook {
  #faults: Fault[] = [];
  #next = 1;

  add(request: FaultRequest): Fault {
    const fault: Fault = { ...request, id: `fault-${this.#next}`, seen: 0, hits: 0 };
    this.#next += 1;
    this.#faults.push(fault);
    return fault;
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** Removes one fault, or all. Returns how many are gone. */
  remove(id?: string): number {
    const before = this.#faults.length;
    this.#faults = id === undefined ? [] : this.#faults.filter((fault) => fault.id !== id);
    return before - this.#faults.length;
  }

  /** Counts the request at every fault that matches it and returns the one that hits it. */
  hit(target: FaultTarget): Fault | null {
    let hit: Fault | null = null;
    for (const fault of this.#faults) {
      if (!matches(fault, target)) continue;
      fault.seen += 1;
      if (hit !== null || !isDue(fault)) continue;
      fault.hits += 1;
      hit = fault;
    }
    return hit;
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  const onlyWrites = fault.onlyWrites || fault.kind === 'readOnly';
  return (
    fault.org === target.org &&
    (fault.operation === '*' || fault.operation === target.operation) &&
    (fault.from === 'any' || fault.from === target.from) &&
    (target.write || !onlyWrites) &&
    (target.operation.startsWith('list') || !(fault.kind === 'emptyPage' || fault.kind === 'endEarly'))
  );
}

function isDue(fault: Fault): boolean {
  if (fault.nth !== undefined) return fault.seen === fault.nth;
  return fault.seen > fault.skip && (fault.count === null || fault.hits < fault.count);
}
