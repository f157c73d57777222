import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FederatedWorld } from '../../world/federated-world.js';
import { problemsOf } from '../../world/users.js';

let world: FederatedWorld;

beforeAll(async () => {
  world = await FederatedWorld.start();
});
afterAll(() => world.stop());

/** An onboarded user with a group of the SP org's own and attributes that somebody set there. */
async function settledIn(login: string) {
  await world.newcomer(login);
  expect(problemsOf(await world.users.carryOut('onboard', login))).toEqual([]);
  await world.inConsole('sp', login, { profile: { nickName: 'Ada', division: 'Night shift' } });
  return world.held(login);
}

describe('a suspended user', () => {
  it.concurrent('keeps assignment, groups, target app and data, and has them all after the resumption', async () => {
    const login = 'pause@acme.example';
    const before = await settledIn(login);
    expect(problemsOf(await world.users.carryOut('suspend', login))).toEqual([]);
    const suspended = world.held(login);
    expect(suspended).toEqual({ ...before, sp: { ...before.sp, status: 'SUSPENDED' } });
    expect(problemsOf(await world.users.carryOut('resume', login))).toEqual([]);
    expect(world.held(login)).toEqual(before);
  });

  it.concurrent('is shown in both reports as both orgs hold the user', async () => {
    const login = 'told@acme.example';
    const { idp, assignment, sp } = await settledIn(login);
    const active = { idp, assignment, sp };
    const suspended = { ...active, sp: { ...sp, status: 'SUSPENDED' } };
    expect(await world.users.carryOut('suspend', login)).toMatchObject({ before: active, after: suspended });
    expect(await world.users.carryOut('resume', login)).toMatchObject({ before: suspended, after: active });
  });

  it.concurrent('is suspended, or resumed, again without a call that writes', async () => {
    const login = 'again@acme.example';
    await settledIn(login);
    for (const kind of ['suspend', 'resume'] as const) {
      await world.users.carryOut(kind, login);
      const again = await world.users.carryOut(kind, login);
      expect(problemsOf(again)).toEqual([]);
      expect(again.steps.flatMap(({ applied }) => applied)).toEqual([]);
    }
  });

  it.concurrent('whom a person suspended by hand is resumed all the same', async () => {
    const login = 'by-hand@acme.example';
    await settledIn(login);
    await world.inConsole('sp', login, { status: 'suspend' });
    expect(problemsOf(await world.users.carryOut('resume', login))).toEqual([]);
    expect(world.held(login).sp?.status).toBe('ACTIVE');
  });

  it.concurrent('is not onboarded or reactivated over the head of who suspended the user', async () => {
    const login = 'held@acme.example';
    await settledIn(login);
    await world.users.carryOut('suspend', login);
    const suspended = world.held(login);
    for (const kind of ['onboard', 'reactivate'] as const) {
      expect(problemsOf(await world.users.carryOut(kind, login)).join()).toContain('O2O_SP_USER_STATUS');
    }
    expect(world.held(login)).toEqual(suspended);
  });

  it.concurrent('can be offboarded: deactivated, with a proof', async () => {
    const login = 'leaves@acme.example';
    await settledIn(login);
    await world.users.carryOut('suspend', login);
    const done = await world.users.carryOut('offboard', login);
    expect(problemsOf(done)).toEqual([]);
    expect(world.held(login)).toMatchObject({ assignment: null, sp: { status: 'DEPROVISIONED' } });
  });
});

it.concurrent.each(['suspend', 'resume'] as const)('%s of a leaver stops and changes nothing', async (kind) => {
  const login = `${kind}-leaver@acme.example`;
  await settledIn(login);
  await world.users.carryOut('offboard', login);
  const gone = world.held(login);
  expect(problemsOf(await world.users.carryOut(kind, login)).join()).toMatch(
    /O2O_SP_USER_STATUS|O2O_SP_USER_NOT_FEDERATED/,
  );
  expect(world.held(login)).toEqual(gone);
});
