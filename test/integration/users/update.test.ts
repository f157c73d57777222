import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userKey } from '../../../src/commands/user-key.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { problemsOf } from '../../world/users.js';
import { federationId, operator } from '../../world/world.js';

let world: FederatedWorld;

beforeAll(async () => {
  world = await FederatedWorld.start();
});
afterAll(() => world.stop());

const inAYear = new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString();

async function onboarded(login: string) {
  await world.newcomer(login);
  expect(problemsOf(await world.users.carryOut('onboard', login))).toEqual([]);
  return world.held(login);
}

describe('an update', () => {
  it.concurrent('changes what it names in both orgs and nothing else', async () => {
    const login = 'changes@acme.example';
    const before = await onboarded(login);
    const changed = { lastName: 'Changed', department: 'Research' };
    const done = await world.users.carryOut('update', login, { profile: changed });
    expect(problemsOf(done)).toEqual([]);
    const { idp, sp, assignment, ...rest } = world.held(login);
    expect(done.after).toEqual({ idp, sp, assignment });
    expect(idp).toEqual({ ...before.idp, profile: { ...before.idp?.profile, ...changed } });
    expect(sp).toMatchObject({ id: before.sp?.id, status: 'ACTIVE', profile: { ...before.sp?.profile, ...changed } });
    expect(rest).toMatchObject({ inAccessGroup: true, targetApp: true });
  });

  it.concurrent('to what is there already writes nothing', async () => {
    const login = 'same@acme.example';
    await onboarded(login);
    const profile = { department: 'Sales' };
    await world.users.carryOut('update', login, { profile });
    const again = await world.users.carryOut('update', login, { profile });
    expect(problemsOf(again)).toEqual([]);
    expect(again.steps.flatMap(({ applied }) => applied)).toEqual([]);
  });

  it.concurrent('reaches a suspended user, who stays suspended', async () => {
    const login = 'asleep@acme.example';
    await onboarded(login);
    await world.users.carryOut('suspend', login);
    const done = await world.users.carryOut('update', login, { profile: { lastName: 'Changed' } });
    expect(problemsOf(done)).toEqual([]);
    expect(world.held(login).sp).toMatchObject({ status: 'SUSPENDED', profile: { lastName: 'Changed' } });
  });

  it.concurrent('of a leaver stops before the first write', async () => {
    const login = 'left@acme.example';
    await onboarded(login);
    await world.users.carryOut('offboard', login);
    const before = world.held(login);
    const stopped = await world.users.carryOut('update', login, { profile: { lastName: 'Changed' } });
    expect(stopped.state).toBe('stopped');
    expect(world.held(login)).toEqual(before);
  });
});

describe('a changed login', () => {
  it.concurrent('is one user all the way, there and back again', async ({ expect }) => {
    const before = await onboarded('here@acme.example');
    for (const [from, to] of [
      ['here@acme.example', 'there@acme.example'],
      ['there@acme.example', 'here@acme.example'],
    ] as const) {
      expect(problemsOf(await world.users.carryOut('update', from, { profile: { login: to } }))).toEqual([]);
      expect(world.held(to)).toMatchObject({ sp: { id: before.sp?.id, login: to }, idp: { id: before.idp?.id } });
      expect(world.held(from)).toMatchObject({ sp: null, idp: null });
    }
    await expect.poll(() => world.users.get('there@acme.example')).toMatchObject({ movedTo: 'here@acme.example' });
    const back = await world.users.get('here@acme.example');
    expect(back.movedTo).toBeNull();
    expect(back.transitions.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'onboard done',
      'update done',
      'update done',
    ]);
    const left = await world.users.carryOut('offboard', 'here@acme.example');
    expect(problemsOf(left)).toEqual([]);
    expect(left.proof?.user.spUserId).toBe(before.sp?.id);
  });

  it.concurrent('says no more where the user went once somebody lives under the old login again', async ({
    expect,
  }) => {
    await onboarded('first@acme.example');
    await world.users.carryOut('update', 'first@acme.example', { profile: { login: 'second@acme.example' } });
    await expect.poll(() => world.users.get('first@acme.example')).toMatchObject({ movedTo: 'second@acme.example' });
    await world.users.carryOut('onboard', 'first@acme.example', { dryRun: true });
    expect(await world.users.get('first@acme.example')).toMatchObject({ movedTo: 'second@acme.example' });
    await onboarded('first@acme.example');
    expect(await world.users.get('first@acme.example')).toMatchObject({ movedTo: null });
  });

  it.concurrent('takes along what is planned, which is then changed under the new login only', async ({ expect }) => {
    await onboarded('old@acme.example');
    await world.users.send('suspend', 'old@acme.example', { at: inAYear });
    await world.users.carryOut('update', 'old@acme.example', { profile: { login: 'new@acme.example' } });
    const planned = await expect
      .poll(async () => (await world.users.get('old@acme.example').catch(() => null))?.movedTo)
      .toBe('new@acme.example')
      .then(() => world.users.get('new@acme.example'));
    const suspend = planned.transitions.find(({ kind }) => kind === 'suspend');
    expect(suspend).toMatchObject({ state: 'planned', at: inAYear });
    const id = userWorkflowId(federationId, userKey(federationId, 'new@acme.example'));
    expect((await world.world.client.workflow.getHandle(id).describe()).searchAttributes).toMatchObject({
      O2OState: ['planned'],
      O2OTransition: ['suspend'],
    });
    const change = { number: suspend?.number ?? 0, at: null, actor: operator };
    const { users } = world.users;
    await expect(users.replan(federationId, 'old@acme.example', change)).rejects.toMatchObject({
      code: 'O2O_TRANSITION_NOT_PLANNED',
    });
    expect(await users.replan(federationId, 'new@acme.example', change)).toMatchObject({ state: 'cancelled' });
  });

  it.concurrent('in other letters only is the same user under the same key', async () => {
    const login = 'letters@acme.example';
    const before = await onboarded(login);
    const done = await world.users.carryOut('update', login, { profile: { login: 'Letters@acme.example' } });
    expect(problemsOf(done)).toEqual([]);
    expect(world.held(login)).toMatchObject({ sp: { id: before.sp?.id, login: 'Letters@acme.example' } });
    expect(await world.users.get(login)).toMatchObject({ movedTo: null });
  });

  it.concurrent('that somebody else has in the IdP org stops, and neither of them is changed', async () => {
    const mine = await onboarded('mine@acme.example');
    const theirs = await onboarded('theirs@acme.example');
    const profile = { login: 'theirs@acme.example' };
    const stopped = await world.users.carryOut('update', 'mine@acme.example', { profile });
    expect(stopped.state).toBe('stopped');
    expect(world.held('mine@acme.example')).toEqual(mine);
    expect(world.held('theirs@acme.example')).toEqual(theirs);
    expect(await world.users.get('mine@acme.example')).toMatchObject({ movedTo: null, state: 'stopped' });
  });

  it.concurrent('is changed once where the same key comes again under the old login', async () => {
    await onboarded('was@acme.example');
    const said = { profile: { login: 'is@acme.example' }, idempotencyKey: randomUUID() };
    const done = await world.users.carryOut('update', 'was@acme.example', said);
    const again = await world.users.send('update', 'was@acme.example', said);
    expect(again.transition.number).toBe(done.number);
    expect((await world.users.get('was@acme.example')).transitions).toHaveLength(2);
    expect(world.countOf('was@acme.example')).toEqual({ idp: 0, sp: 0 });
    expect(world.countOf('is@acme.example')).toEqual({ idp: 1, sp: 1 });
  });
});
