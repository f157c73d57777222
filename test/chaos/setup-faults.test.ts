import { describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { oauth2Writes, type SetupWrite, tokenWrites } from '../world/setup-writes.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

const oauth2 = {};
const withToken = { provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } };

const faults: Record<string, Record<string, unknown>> = {
  'is carried out and its answer is lost': { kind: 'resetAfter' },
  'is answered with 503 once': { kind: 'status', status: 503 },
  'is answered with 429 once': { kind: 'rateLimit', resetSeconds: 1 },
};

async function inWorld<Result>(work: (world: World) => Promise<Result>): Promise<Result> {
  const world = await startWorld();
  try {
    return await work(world);
  } finally {
    await world.stop();
  }
}

/** The writing calls of a setup without faults. */
function writesOf(document: Record<string, unknown>): Promise<readonly SetupWrite[]> {
  return inWorld(async (world) => {
    await world.setUp(withoutPeople(document));
    return (['idp', 'sp'] as const).flatMap((org) =>
      world.sandbox
        .requestsTo(org, { write: true })
        .map(({ operation }, index) => ({ org, nth: index + 1, operation: operation ?? '' })),
    );
  });
}

function setUpWith(document: Record<string, unknown>, write: SetupWrite, fault: Record<string, unknown>) {
  return inWorld(async (world) => {
    const added = world.sandbox.faults.add(
      FaultRequest.parse({ ...fault, org: write.org, onlyWrites: true, nth: write.nth }),
    );
    const { state, steps } = await world.setUp(withoutPeople(document));
    return {
      state,
      problems: steps.flatMap((step) => step.problem?.message ?? []),
      hits: added.hits,
      hit: world.sandbox.requestsTo(write.org, { write: true })[write.nth - 1]?.operation,
      counts: await objectCounts(world),
    };
  });
}

describe.concurrent('the writing calls of a setup', () => {
  it('are the ones that are tried here, with OAuth 2.0', async () => {
    expect(await writesOf(oauth2)).toEqual(oauth2Writes);
  });

  it('are the ones that are tried here, with an API token', async () => {
    expect(await writesOf(withToken)).toEqual(tokenWrites);
  });
});

describe.concurrent.each(Object.entries(faults))('a writing call that %s', (_, fault) => {
  it.each(oauth2Writes)('$org $operation ($nth): the setup ends well, with one object of each kind', async (write) => {
    expect(await setUpWith(oauth2, write, fault)).toEqual({
      state: 'ready',
      problems: [],
      hits: 1,
      hit: write.operation,
      counts: oneOfEach,
    });
  });
});

describe.concurrent('a writing call with an API token that is carried out and its answer is lost', () => {
  it.each(tokenWrites)('$org $operation ($nth): the setup ends well, with one object of each kind', async (write) => {
    expect(await setUpWith(withToken, write, { kind: 'resetAfter' })).toEqual({
      state: 'ready',
      problems: [],
      hits: 1,
      hit: write.operation,
      counts: { ...oneOfEach, serviceClients: 0 },
    });
  });
});
