import { afterAll, beforeAll, expect, it } from 'vitest';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { problemsOf, WorldUsers } from '../../world/users.js';
import { type World, withoutPeople } from '../../world/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople());
});
afterAll(() => world.stop());

it('a user who was suspended does not stop the next setup, and stays suspended', async () => {
  const users = new WorldUsers(world);
  const suspended = await users.carryOut('suspend', 'grace@acme.example');
  expect(problemsOf(suspended)).toEqual([]);

  const again = await world.setUp(withoutPeople());
  expect(problems(again)).toEqual([]);
  expect(again.state).toBe('ready');

  const looked = await users.carryOut('suspend', 'grace@acme.example', { dryRun: true });
  expect(looked.before?.sp?.status).toBe('SUSPENDED');
});
