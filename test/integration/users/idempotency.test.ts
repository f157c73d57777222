import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
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

/** Waits until the user's workflow has closed. */
async function closed(login: string): Promise<void> {
  await world.world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login))).result();
}

describe('the same Idempotency-Key', () => {
  it.concurrent('ten times at once starts one transition', async () => {
    const login = 'at-once@acme.example';
    await world.newcomer(login);
    const said = { idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.users.send('onboard', login, said)));
    expect(new Set(answers.map(({ transition }) => transition.number))).toEqual(new Set([1]));
    expect(problemsOf(await world.users.settled(login, 1))).toEqual([]);
    expect((await world.users.get(login)).transitions).toHaveLength(1);
  });

  it.concurrent('after the workflow has closed leads to the same transition and changes nothing', async () => {
    const login = 'closed@acme.example';
    await world.newcomer(login);
    const said = { idempotencyKey: randomUUID(), ticket: 'HR-1' };
    const done = await world.users.carryOut('onboard', login, said);
    await closed(login);
    const before = world.held(login);
    for (const spelled of [login, login.toUpperCase()]) {
      const again = await world.users.send('onboard', spelled, said);
      expect(again.transition.number).toBe(1);
      await closed(login);
    }
    expect((await world.users.get(login)).transitions).toEqual([done]);
    expect(world.held(login)).toEqual(before);
  });

  it.concurrent('is refused for another command, also after the workflow has closed', async () => {
    const login = 'other@acme.example';
    await world.newcomer(login);
    const idempotencyKey = randomUUID();
    await world.users.carryOut('onboard', login, { idempotencyKey });
    await closed(login);
    const before = world.held(login);
    for (const kind of ['offboard', 'suspend'] as const) {
      await expect(world.users.send(kind, login, { idempotencyKey })).rejects.toMatchObject({
        code: 'O2O_IDEMPOTENCY_KEY_REUSED',
      });
    }
    expect(world.held(login)).toEqual(before);
  });

  it.concurrent('for two users is two commands', async () => {
    const idempotencyKey = randomUUID();
    for (const login of ['one@acme.example', 'two@acme.example']) {
      await world.newcomer(login);
      expect(await world.users.send('onboard', login, { idempotencyKey })).toMatchObject({ started: true });
      expect(problemsOf(await world.users.settled(login, 1))).toEqual([]);
    }
  });

  it.concurrent('of an offboarding does not take back the onboarding that followed it', async () => {
    const login = 'returned@acme.example';
    await world.newcomer(login);
    await world.users.carryOut('onboard', login);
    const said = { idempotencyKey: randomUUID() };
    await world.users.carryOut('offboard', login, said);
    await world.users.carryOut('onboard', login);
    await closed(login);
    const again = await world.users.send('offboard', login, said);
    expect(again).toMatchObject({ started: false, transition: { number: 2, state: 'done' } });
    await closed(login);
    expect(world.held(login)).toMatchObject({ assignment: { scope: 'USER' }, sp: { status: 'PROVISIONED' } });
  });

  it.concurrent('of a plan that was cancelled does not plan it again', async () => {
    const login = 'withdrawn@acme.example';
    await world.newcomer(login);
    const at = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
    const said = { idempotencyKey: randomUUID(), at };
    await world.users.send('onboard', login, said);
    const change = { number: 1, at: null, actor: operator };
    await world.users.users.replan(federationId, login, change);
    await closed(login);
    const again = await world.users.send('onboard', login, said);
    expect(again.transition.number).toBe(1);
    await closed(login);
    expect((await world.users.get(login)).transitions).toMatchObject([{ number: 1, state: 'cancelled' }]);
    expect(world.held(login).assignment).toBeNull();
  });
});

describe('a key that is sent again while its transition is on its way', () => {
  it('is answered by how the transition stands, not by how it stood when it was first sent', async () => {
    const login = 'slow@acme.example';
    await world.newcomer(login);
    const said = { idempotencyKey: randomUUID(), waitSeconds: 1 };
    const slow = { org: 'idp', operation: 'getApplicationUser', kind: 'slow', delayMs: 4_000 };
    const fault = world.world.sandbox.faults.add(FaultRequest.parse(slow));
    const first = await world.users.send('onboard', login, said);
    expect(fault.hits).toBe(1);
    expect(first.transition.state).toBe('running');
    const again = await world.users.send('onboard', login, { ...said, waitSeconds: 60 });
    expect([again.started, again.transition.number, again.transition.state]).toEqual([false, 1, 'done']);
  });
});
