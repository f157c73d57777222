import { afterEach, expect, it } from 'vitest';
import { canaries, verify } from '../../world/verification-and-drift.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, type World, withoutPeople } from '../../world/world.js';

let world: World;

afterEach(() => world.stop());

const canaries = () =>
  [world.sandbox.idp.org, world.sandbox.sp.org].flatMap((org) =>
    org.users.filter(({ profile }) => String(profile.login).includes('canary')).map(({ profile }) => profile.login),
  );

it('shows the five lines of the guide and the key points, leaves no canary and makes the federation live', async () => {
  world = await startWorld();
  expect(problems(await world.setUp())).toEqual([]);
  const report = await verify(world);
  console.error(JSON.stringify(report, (k, v) => (k === 'evidence' ? undefined : v), 1));
  expect(report).toMatchObject({ result: 'passed', problems: [] });
  expect(canaries()).toEqual([]);
  expect((await world.federations.get(federationId)).live).toMatchObject({ verification: 2, why: null });
});
