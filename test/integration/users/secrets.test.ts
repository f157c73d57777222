import { afterAll, beforeAll, expect, it } from 'vitest';
import { historiesAsText } from '../../world/histories.js';
import { startWorld } from '../../world/start-world.js';
import { setUpForUsers } from '../../world/user-world.js';
import { problemsOf } from '../../world/users.js';
import { testUserPassword, type World } from '../../world/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
  world.secrets.set('env:ORG2ORG_TOKEN', world.sandbox.sp.token);
});
afterAll(() => world.stop());

it('no secret stands in the history of a user, whatever was done', async () => {
  const { users } = await setUpForUsers(world, { provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } });
  const login = 'whole-life@acme.example';
  const profile = { firstName: 'Whole', lastName: 'Life', email: login };
  const life = [
    await users.carryOut('onboard', login, { profile }),
    await users.carryOut('update', login, { profile: { lastName: 'Changed' } }),
    await users.carryOut('suspend', login),
    await users.carryOut('resume', login),
    await users.carryOut('offboard', login),
    await users.carryOut('reactivate', login),
  ];
  expect(life.map(problemsOf)).toEqual([[], [], [], [], [], []]);
  const histories = await historiesAsText(world);
  expect(histories).toContain('offboarding-proof');
  for (const secret of [world.sandbox.idp.token, world.sandbox.sp.token, testUserPassword]) {
    expect(histories).not.toContain(secret);
    expect(JSON.stringify(life)).not.toContain(secret);
  }
  expect(histories).not.toMatch(/PRIVATE KEY|client_assertion|eyJhbGciOi|SSWS /);
});
