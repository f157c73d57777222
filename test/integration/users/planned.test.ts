import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { timeSkippingEnvironment } from '../../setup/time-skipping.js';
import type { People } from '../../world/people.js';
import { setUpForUsers } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import { openWorld, type World } from '../../world/world.js';

let environment: TestWorkflowEnvironment;
let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  environment = await timeSkippingEnvironment();
  const { client, nativeConnection: connection } = environment;
  world = await openWorld({ client, connection, workflowBundle: inject('workflowBundle') });
  await world.startWorkers();
  ({ users, people } = await setUpForUsers(world, { users: { exempt: ['exempt@acme.example'] } }));
});
afterAll(async () => {
  await world.stop();
  await environment.teardown();
});

const day = 24 * 60 * 60 * 1000;

async function inDays(days: number): Promise<string> {
  return new Date((await environment.currentTimeMs()) + days * day).toISOString();
}

it('a planned offboarding is carried out at its time, and not before', async () => {
  const login = 'leaves-later@acme.example';
  const { spId } = await people.provisioned(login);
  const { transition } = await users.send('offboard', login, { at: await inDays(30) });
  expect(transition.state).toBe('planned');
  await environment.sleep('29 days');
  expect((await users.get(login)).state).toBe('planned');
  expect((await people.find('sp', spId))?.status).toBe('ACTIVE');
  await environment.sleep('2 days');
  expect(problemsOf(await users.settled(login, 1))).toEqual([]);
  expect((await people.find('sp', spId))?.status).toBe('DEPROVISIONED');
});

it('a planned offboarding that was moved is carried out at the new time only', async () => {
  const login = 'leaves-even-later@acme.example';
  const { spId } = await people.provisioned(login);
  await users.send('offboard', login, { at: await inDays(10) });
  const later = await inDays(20);
  await users.users.replan('acme-to-partner', login, {
    number: 1,
    at: later,
    actor: { name: 'test-operator', roles: ['operator'] },
  });
  await environment.sleep('11 days');
  expect((await people.find('sp', spId))?.status).toBe('ACTIVE');
  expect((await users.get(login)).transitions[0]).toMatchObject({ state: 'planned', at: later });
  await environment.sleep('10 days');
  expect(problemsOf(await users.settled(login, 1))).toEqual([]);
});

it('a planned offboarding whose time has come does not wait behind a transition that stands at a gate', async () => {
  const login = 'exempt@acme.example';
  await people.provisioned(login);
  await users.send('offboard', login, { at: await inDays(2) });
  const asked = await users.carryOut('suspend', login);
  expect(asked.state).toBe('gate');
  await environment.sleep('3 days');
  await users.settled(login, 1);
  expect((await users.get(login)).transitions).toMatchObject([
    { kind: 'offboard', state: 'gate' },
    { kind: 'suspend', state: 'superseded', note: 'superseded by the planned offboarding 1' },
  ]);
  await users.answer(login, await users.settled(login, 1), 'proceed');
  expect(problemsOf(await users.settled(login, 1, () => false))).toEqual([]);
});
