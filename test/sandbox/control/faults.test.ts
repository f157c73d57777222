import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultBook, FaultRequest, type FaultTarget } from '../../../sandbox/control/faults.js';

const write: FaultTarget = { org: 'idp', operation: 'createApplication', write: true, from: 'client' };
const read: FaultTarget = { ...write, operation: 'getApplication', write: false };

function book(...faults: object[]): FaultBook {
  const made = new FaultBook();
  for (const fault of faults) made.add(FaultRequest.parse({ org: 'idp', kind: 'status', ...fault }));
  return made;
}

describe('faults', () => {
  it('hits the first matching request once where nothing else is said', () => {
    const faults = book({});
    expect(faults.hit(write)).not.toBeNull();
    expect(faults.hit(write)).toBeNull();
  });

  it('leaves the other org, other operations and the sandbox itself alone', () => {
    const faults = book({ operation: 'createApplication' });
    expect(faults.hit({ ...write, org: 'sp' })).toBeNull();
    expect(faults.hit(read)).toBeNull();
    expect(faults.hit({ ...write, from: 'provisioning' })).toBeNull();
    expect(faults.hit(write)).not.toBeNull();
  });

  it('lets requests pass that it is told to skip', () => {
    const faults = book({ skip: 2, count: 2 });
    expect([1, 2, 3, 4, 5].map(() => faults.hit(write) !== null)).toEqual([false, false, true, true, false]);
  });

  it('hits writes only, where it is told so and in read-only mode', () => {
    for (const faults of [book({ onlyWrites: true }), book({ kind: 'readOnly' })]) {
      expect(faults.hit(read)).toBeNull();
      expect(faults.hit(write)).not.toBeNull();
    }
  });

  it('breaks pages of lists only', () => {
    const faults = book({ kind: 'emptyPage' });
    expect(faults.hit(read)).toBeNull();
    expect(faults.hit({ ...read, operation: 'listUsers' })).not.toBeNull();
  });

  it('hits exactly the nth write of a run, whatever reads lie between', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.boolean(), { maxLength: 60 }), (nth, writes) => {
        const faults = book({ nth, onlyWrites: true });
        const hits = writes.map((isWrite) => (faults.hit(isWrite ? write : read) === null ? '' : 'hit'));
        const positions = writes.flatMap((isWrite, index) => (isWrite ? [index] : []));
        const expected = positions[nth - 1];
        return (
          hits.filter((hit) => hit === 'hit').length === (expected === undefined ? 0 : 1) &&
          (expected === undefined || hits[expected] === 'hit')
        );
      }),
    );
  });

  it('ends when it is removed', () => {
    const faults = book({ count: null });
    expect(faults.hit(write)).not.toBeNull();
    expect(faults.remove()).toBe(1);
    expect(faults.hit(write)).toBeNull();
  });
});
