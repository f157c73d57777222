import { type Fault, FaultRequest } from '../../sandbox/control/faults.js';
import type { Sandbox } from '../../sandbox/sandbox.js';

/** Whether also what takes a quarter of an hour and more is to be run. */
export const long = process.env.LONG_TESTS === 'true';

/** What a writing call may meet, by how a test's name says it. */
export const writeFaults = {
  answerLost: { name: 'is carried out and its answer is lost', fault: { kind: 'resetAfter' } },
  unavailable: { name: 'is answered with 503 once', fault: { kind: 'status', status: 503 } },
  /** The bucket is left alone until its next minute then. */
  tooMany: { name: 'is answered with 429 once', fault: { kind: 'rateLimit', resetSeconds: 1 } },
} as const;
export type WriteFault = (typeof writeFaults)[keyof typeof writeFaults];

/** A writing call, of a list that names all of them in their order. */
interface Write {
  readonly org: 'idp' | 'sp';
  readonly operation: string;
}

/** Of cases that are alike, every third; all of them with LONG_TESTS. */
export function someOf<Case>(cases: readonly Case[]): readonly Case[] {
  return long ? cases : cases.filter((_, index) => index % 3 === 0);
}

/** Each of the first with some of the second, so that every one of both comes up; with all of them with LONG_TESTS. */
export function pairsOf<First, Second>(firsts: readonly First[], seconds: readonly Second[], nth = 3) {
  return firsts.flatMap((first, index) =>
    seconds.flatMap((second, at) => (long || (index + at) % nth === 0 ? [{ first, second }] : [])),
  );
}

/** Lets the fault meet the first attempt at every one of these calls. @returns a fault for each, in the same order */
export function meetEvery(sandbox: Sandbox, { fault }: WriteFault, writes: readonly Write[]): readonly Fault[] {
  return writes.map(({ org, operation }, at) => {
    const before = writes.slice(0, at).filter((write) => write.org === org && write.operation === operation).length;
    // A call whose answer is lost was carried out; any other is made once more before the next of its operation.
    const nth = fault.kind === 'resetAfter' ? before + 1 : 2 * before + 1;
    return sandbox.faults.add(FaultRequest.parse({ ...fault, org, operation, nth, onlyWrites: true }));
  });
}

/** Each writing call with how often a fault met it, to be compared with `once`. */
export function met(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ org, operation, hits }) => `${org} ${operation} ${hits}`);
}

/** What `met` gives where every call was met once. */
export function once(writes: readonly Write[]): readonly string[] {
  return writes.map(({ org, operation }) => `${org} ${operation} 1`);
}
