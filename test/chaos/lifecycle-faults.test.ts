import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { AgreedOperations, stops } from '../world/agreed-operations.js';
import { type LifecycleKind, lifecycleEnds, lifecycleWrites, liveThrough } from '../world/lifecycle-writes.js';
import { problems } from '../world/problems.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

const faults: Record<string, Record<string, unknown>> = {
  'is carried out and its answer is lost': { kind: 'resetAfter' },
  'is answered with 503 once': { kind: 'status', status: 503 },
  // Each waits for the next minute of its bucket: a quarter of an hour in all.
  ...(process.env.LONG_TESTS === 'true' ? { 'is answered with 429 once': { kind: 'rateLimit', resetSeconds: 1 } } : {}),
};

const kinds = ['rotation', 'pause', 'teardown'] as const;

/** A federation that works, whatever the case before has left. */
async function ready(world: World, before: LifecycleKind | null): Promise<void> {
  if (before === 'pause') {
    expect(stops(await new AgreedOperations(world).carryOut('resume', { why: 'the next case' }))).toEqual([]);
  } else if (before !== 'rotation') expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  await world.sandbox.idle();
  world.sandbox.requests.clear();
}

describe.concurrent.each(Object.entries(faults))('a writing call that %s', (_, fault) => {
  let world: World;
  let before: LifecycleKind | null = null;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  describe.sequential.each(kinds)('in a %s', (kind) => {
    it.each(lifecycleWrites[kind])('$org $operation ($nth): the same end, no key left over', async (write) => {
      await ready(world, before);
      before = kind;
      const { org, nth } = write;
      const added = world.sandbox.faults.add(FaultRequest.parse({ ...fault, org, onlyWrites: true, nth }));
      const end = await liveThrough(world, kind);
      expect(added.hits).toBe(1);
      expect(world.sandbox.requestsTo(org, { write: true })[nth - 1]?.operation).toBe(write.operation);
      world.sandbox.faults.remove(added.id);
      expect(end).toEqual(lifecycleEnds[kind]);
    });
  });
});
