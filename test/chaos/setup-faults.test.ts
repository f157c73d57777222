import { describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { oauth2Writes, type SetupWrite, tokenWrites } from '../world/setup-writes.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';
import { long, meetEvery, met, once, someOf, type WriteFault, writeFaults } from '../world/write-faults.js';

const oauth2 = {};
const withToken = { provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } };

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

/** How a setup ends. */
async function endOf(world: World, document: Record<string, unknown>) {
  const { state, steps } = await world.setUp(withoutPeople(document));
  const problems = steps.flatMap((step) => step.problem?.message ?? []);
  return { state, problems, counts: await objectCounts(world) };
}

const endedWell = { state: 'ready', problems: [], counts: oneOfEach };

function setUpWith(document: Record<string, unknown>, { org, nth }: SetupWrite, { fault }: WriteFault) {
  return inWorld(async (world) => {
    const added = world.sandbox.faults.add(FaultRequest.parse({ ...fault, org, onlyWrites: true, nth }));
    const end = await endOf(world, document);
    const hit = world.sandbox.requestsTo(org, { write: true })[nth - 1]?.operation;
    return { ...end, hits: added.hits, hit };
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

const { answerLost, unavailable, tooMany } = writeFaults;
const alone = [
  { ...answerLost, writes: oauth2Writes },
  { ...unavailable, writes: long ? oauth2Writes : [] },
  { ...tooMany, writes: someOf(oauth2Writes) },
].filter(({ writes }) => writes.length > 0);

describe.concurrent.each(alone)('a writing call that $name', ({ writes, ...fault }) => {
  it.each(writes)('$org $operation ($nth): the setup ends well, with one object of each kind', async (write) => {
    expect(await setUpWith(oauth2, write, fault)).toEqual({ ...endedWell, hits: 1, hit: write.operation });
  });
});

describe.concurrent('a writing call with an API token that is carried out and its answer is lost', () => {
  it.each(tokenWrites)('$org $operation ($nth): the setup ends well, with one object of each kind', async (write) => {
    const counts = { ...oneOfEach, serviceClients: 0 };
    expect(await setUpWith(withToken, write, answerLost)).toEqual({
      ...endedWell,
      counts,
      hits: 1,
      hit: write.operation,
    });
  });
});

describe.concurrent(`where every writing call ${unavailable.name}`, () => {
  it('the setup ends well, with one object of each kind', async () => {
    await inWorld(async (world) => {
      const added = meetEvery(world.sandbox, unavailable, oauth2Writes);
      expect(await endOf(world, oauth2)).toEqual(endedWell);
      expect(met(added)).toEqual(once(oauth2Writes));
    });
  });
});
