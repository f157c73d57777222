import { afterEach, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { oauth2Writes, type SetupWrite, tokenWrites } from '../world/setup-writes.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

const oauth2 = {};
const withToken = { provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } };

const faults: Record<string, Record<string, unknown>> = {
  'is carried out and its answer is lost': { kind: 'resetAfter' },
  'is answered with 503 once': { kind: 'status', status: 503 },
  'is answered with 429 once': { kind: 'rateLimit', resetSeconds: 1 },
};

async function setUpWith(
  document: Record<string, unknown>,
  write: SetupWrite,
  fault: Record<string, unknown>,
): Promise<string | null> {
  world = await startWorld();
  const hit = world.sandbox.faults.add(
    FaultRequest.parse({ ...fault, org: write.org, onlyWrites: true, nth: write.nth }),
  );
  const answer = await world.setUp(withoutPeople(document));
  expect(answer.steps.flatMap((step) => step.problem ?? [])).toEqual([]);
  expect(answer.state).toBe('ready');
  expect(hit.hits).toBe(1);
  return world.sandbox.requestsTo(write.org, { write: true })[write.nth - 1]?.operation ?? null;
}

describe('the writing calls of a setup', () => {
  it('are the ones that are tried here, with OAuth 2.0', async () => {
    world = await startWorld();
    await world.setUp(withoutPeople(oauth2));
    expect(world.sandbox.requestsTo('idp', { write: true }).map(({ operation }) => operation)).toEqual(
      oauth2Writes.filter(({ org }) => org === 'idp').map(({ operation }) => operation),
    );
    expect(world.sandbox.requestsTo('sp', { write: true }).map(({ operation }) => operation)).toEqual(
      oauth2Writes.filter(({ org }) => org === 'sp').map(({ operation }) => operation),
    );
  });

  it('are the ones that are tried here, with an API token', async () => {
    world = await startWorld();
    await world.setUp(withoutPeople(withToken));
    expect(
      world
        .writes()
        .map(({ operation }) => operation)
        .sort(),
    ).toEqual(tokenWrites.map(({ operation }) => operation).sort());
  });
});

describe.each(Object.entries(faults))('a writing call that %s', (_, fault) => {
  it.each(oauth2Writes)('$org $operation ($nth): the setup ends well, with one object of each kind', async (write) => {
    expect(await setUpWith(oauth2, write, fault)).toBe(write.operation);
    expect(await objectCounts(world)).toEqual(oneOfEach);
  });
});

describe('a writing call with an API token that is carried out and its answer is lost', () => {
  it.each(tokenWrites)('$org $operation ($nth): the setup ends well, with one object of each kind', async (write) => {
    expect(await setUpWith(withToken, write, { kind: 'resetAfter' })).toBe(write.operation);
    expect(await objectCounts(world)).toEqual({ ...oneOfEach, serviceClients: 0 });
  });
});
