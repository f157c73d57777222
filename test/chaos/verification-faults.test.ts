import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { problems } from '../world/problems.js';
import { startWorld } from '../world/start-world.js';
import { canaries, verify } from '../world/verification-and-drift.js';
import { verificationWrites } from '../world/verification-writes.js';
import type { World } from '../world/world.js';
import { met, once, writeFaults } from '../world/write-faults.js';

/** Upon a 429 a bucket is left alone until its next minute. */
const patience = 600_000;

let world: World;

beforeAll(async () => {
  world = await startWorld();
  expect(problems(await world.setUp())).toEqual([]);
});

afterAll(() => world.stop());

const users = () =>
  [world.sandbox.idp.org, world.sandbox.sp.org].map((org) => org.users.all().map(({ id, status }) => [id, status]));

it('the writing calls of a verification are the ones that are tried here', async () => {
  world.sandbox.requests.clear();
  expect(await verify(world)).toMatchObject({ result: 'passed', problems: [] });
  const written = world.writes().map(({ org, operation }) => `${org} ${operation}`);
  expect(written).toEqual(verificationWrites.map(({ org, operation }) => `${org} ${operation}`));
});

describe.each(Object.values(writeFaults))('where every writing call of a verification $name', ({ fault }) => {
  it(
    'it shows the same, and leaves nobody behind and everybody else as they were',
    async () => {
      const before = users();
      // A call that was hit is made once more: of a second one of the same operation the first attempt is the third.
      const added = verificationWrites.map(({ org, operation, nth }) =>
        world.sandbox.faults.add(FaultRequest.parse({ ...fault, org, operation, nth: 2 * nth - 1, onlyWrites: true })),
      );
      const report = await verify(world);
      world.sandbox.faults.remove();
      expect(met(added)).toEqual(once(verificationWrites));
      expect(report).toMatchObject({ result: 'passed', problems: [] });
      expect(canaries(world)).toEqual([]);
      expect(users()).toEqual(before);
    },
    patience,
  );
});
