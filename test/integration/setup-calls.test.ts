import { beforeAll, describe, expect, it } from 'vitest';
import { compareWithFewest, type OperationCalls, total } from '../../bench/setup-calls.js';
import { startWorld } from '../world/start-world.js';

let calls: readonly OperationCalls[];

beforeAll(async () => {
  const world = await startWorld();
  try {
    await world.setUp();
    calls = compareWithFewest(world.sandbox.requestsTo(), 2);
  } finally {
    await world.stop();
  }
});

describe('a fresh setup', () => {
  it('makes every call of the fewest possible', () => {
    expect(calls.filter(({ actual, fewest }) => actual < fewest)).toEqual([]);
  });

  it('writes nothing twice and nothing that is not needed', () => {
    expect(calls.filter(({ write, actual, fewest }) => write && actual !== fewest)).toEqual([]);
  });

  it('makes at most three quarters more calls than the fewest possible', () => {
    const { actual, fewest } = total(calls);
    expect(actual / fewest).toBeLessThanOrEqual(1.75);
  });
});
