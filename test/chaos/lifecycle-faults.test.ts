import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { AgreedOperations, stops } from '../world/agreed-operations.js';
import { type LifecycleKind, lifecycleEnds, lifecycleWrites, liveThrough, prepare } from '../world/lifecycle-writes.js';
import type { SetupWrite } from '../world/setup-writes.js';
import { startWorld } from '../world/start-world.js';
import type { World } from '../world/world.js';
import { long, meetEvery, met, once, someOf, type WriteFault, writeFaults } from '../world/write-faults.js';

const { answerLost, unavailable, tooMany } = writeFaults;

// Upon a 429 each waits for the next minute of its bucket: a quarter of an hour in all.
const faults: readonly WriteFault[] = long ? [answerLost, unavailable, tooMany] : [answerLost, unavailable];

/** What a federation can go through one after the other, and what makes it ready for that again. */
const repeatable = ['rotation', 'pause', 'teardown'] as const;

/** What needs a new federation each time: a new one goes through all of its writing calls at once. */
const unrepeatable = ['tokenToOauth', 'teardownOfUsers'] as const;

/** Carries the operation out although the fault meets this writing call, and looks at what is left. */
async function livesThroughFault(
  world: World,
  kind: LifecycleKind,
  { fault }: WriteFault,
  { org, nth, operation }: SetupWrite,
) {
  const added = world.sandbox.faults.add(FaultRequest.parse({ ...fault, org, onlyWrites: true, nth }));
  const end = await liveThrough(world, kind);
  world.sandbox.faults.remove(added.id);
  expect(added.hits).toBe(1);
  expect(world.sandbox.requestsTo(org, { write: true })[nth - 1]?.operation).toBe(operation);
  expect(end).toEqual(lifecycleEnds[kind]);
}

describe.concurrent.each(faults)('a writing call that $name', (fault) => {
  let world: World;
  let before: LifecycleKind | null = null;

  /** A federation that works, whatever the case before has left. */
  async function ready(kind: LifecycleKind): Promise<void> {
    if (before === 'pause') {
      expect(stops(await new AgreedOperations(world).carryOut('resume', { why: 'the next case' }))).toEqual([]);
    }
    if (before === 'pause' || before === 'rotation') {
      await world.sandbox.idle();
      world.sandbox.requests.clear();
    } else await prepare(world, kind);
    before = kind;
  }

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  describe.sequential.each(repeatable)('in a %s', (kind) => {
    const writes = fault === answerLost ? lifecycleWrites[kind] : someOf(lifecycleWrites[kind]);
    it.each(writes)('$org $operation ($nth): the same end, no key left over', async (write) => {
      await ready(kind);
      await livesThroughFault(world, kind, fault, write);
    });
  });
});

/** Upon a 429 a bucket is left alone until its next minute: at each of the writing calls of a teardown. */
const patience = 1_800_000;

describe.concurrent.each(faults)('where every writing call $name', (fault) => {
  it.each(unrepeatable)(
    'in a %s: the same end, no key left over, nobody else touched',
    async (kind) => {
      const world = await startWorld();
      try {
        await prepare(world, kind);
        const writes = lifecycleWrites[kind];
        const added = meetEvery(world.sandbox, fault, writes);
        const end = await liveThrough(world, kind);
        expect(met(added)).toEqual(once(writes));
        expect(end).toEqual(lifecycleEnds[kind]);
      } finally {
        await world.stop();
      }
    },
    patience,
  );
});

/** Each needs a federation of its own. */
const describeLong = long ? describe.concurrent : describe.skip;

describeLong.each(faults)('a writing call alone that $name', (fault) => {
  describe.each(unrepeatable)('in a %s', (kind) => {
    it.each(lifecycleWrites[kind])(
      '$org $operation ($nth): the same end, no key left over, nobody else touched',
      async (write) => {
        const world = await startWorld();
        try {
          await prepare(world, kind);
          await livesThroughFault(world, kind, fault, write);
        } finally {
          await world.stop();
        }
      },
      patience,
    );
  });
});
