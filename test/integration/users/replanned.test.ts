import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FederatedWorld } from '../../world/federated-world.js';
import { problemsOf } from '../../world/users.js';
import { federationId, operator } from '../../world/world.js';

let world: FederatedWorld;

beforeAll(async () => {
  world = await FederatedWorld.start();
});
afterAll(() => world.stop());

const inAYear = new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString();

/** A point in time that comes while the test waits for it. */
function soon(): string {
  return new Date(Date.now() + 2_000).toISOString();
}

async function onboarded(login: string) {
  await world.newcomer(login);
  expect(problemsOf(await world.users.carryOut('onboard', login))).toEqual([]);
}

function replan(login: string, number: number, at: string | null) {
  return world.users.users.replan(federationId, login, { number, at, actor: operator });
}

describe('a planned transition', () => {
  it.concurrent('that is moved to the past begins now', async () => {
    const login = 'now@acme.example';
    await onboarded(login);
    const { transition } = await world.users.send('suspend', login, { at: inAYear });
    await replan(login, transition.number, '2020-01-01T00:00:00.000Z');
    expect(problemsOf(await world.users.settled(login, transition.number))).toEqual([]);
    expect(world.held(login).sp?.status).toBe('SUSPENDED');
  });

  it.concurrent('that is cancelled is never carried out', async () => {
    const login = 'stays@acme.example';
    await onboarded(login);
    const at = soon();
    const { transition } = await world.users.send('offboard', login, { at });
    expect(await replan(login, transition.number, null)).toMatchObject({ state: 'cancelled', startedAt: null });
    const after = await world.users.send('suspend', login, { at: new Date(Date.parse(at) + 500).toISOString() });
    expect(problemsOf(await world.users.settled(login, after.transition.number))).toEqual([]);
    expect((await world.users.get(login)).transitions.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'onboard done',
      'offboard cancelled',
      'suspend done',
    ]);
    expect(world.held(login)).toMatchObject({ assignment: { scope: 'USER' }, sp: { status: 'SUSPENDED' } });
  });

  it.concurrent('is one among several, each carried out in the order of their times', async () => {
    const login = 'order@acme.example';
    await onboarded(login);
    const first = soon();
    const resume = await world.users.send('resume', login, { at: new Date(Date.parse(first) + 1_000).toISOString() });
    const suspend = await world.users.send('suspend', login, { at: first });
    const resumed = await world.users.settled(login, resume.transition.number);
    const suspended = await world.users.settled(login, suspend.transition.number);
    expect([problemsOf(suspended), problemsOf(resumed)]).toEqual([[], []]);
    expect(resumed.before?.sp?.status).toBe('SUSPENDED');
    expect(world.held(login).sp?.status).toBe('ACTIVE');
  });

  it.concurrent('does not keep commands for now from being carried out', async () => {
    const login = 'meanwhile@acme.example';
    await onboarded(login);
    await world.users.send('offboard', login, { at: inAYear });
    expect(problemsOf(await world.users.carryOut('suspend', login))).toEqual([]);
    expect(problemsOf(await world.users.carryOut('resume', login))).toEqual([]);
    expect(await world.users.get(login)).toMatchObject({
      state: 'planned',
      transitions: [{ state: 'done' }, { kind: 'offboard', state: 'planned' }, { state: 'done' }, { state: 'done' }],
    });
  });
});
