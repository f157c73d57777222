import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transitionCommand } from '../../../src/commands/transition-command.js';
import { userKey } from '../../../src/commands/user-key.js';
import { Users } from '../../../src/commands/users.js';
import { priorities, userWorkflowId } from '../../../src/workflows/messages.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { problemsOf, type Said } from '../../world/users.js';
import { federationId, operator } from '../../world/world.js';

const nextYear = new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString();

let world: FederatedWorld;

beforeAll(async () => {
  world = await FederatedWorld.start();
});
afterAll(() => world.stop());

function handle(login: string) {
  return world.world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login)));
}

/** A client whose first start of a workflow arrives, while its answer is lost. */
function losingFirstAnswer(): Users {
  const { connection, options } = world.world.client;
  let lost = false;
  return new Users(
    new Client({
      connection,
      namespace: options.namespace,
      interceptors: {
        workflow: [
          {
            async startWithDetails(input, next) {
              const answer = await next(input);
              if (lost) return answer;
              lost = true;
              throw new Error('the connection broke');
            },
          },
        ],
      },
    }),
  );
}

function onboarding(login: string, said: Pick<Said, 'at' | 'idempotencyKey'>) {
  return transitionCommand({
    federationId,
    login,
    kind: 'onboard',
    profile: null,
    assignBy: null,
    dryRun: false,
    at: null,
    reason: null,
    ticket: null,
    actor: operator,
    idempotencyKey: null,
    waitSeconds: 0,
    ...said,
  });
}

describe('the first command of a user', () => {
  it.concurrent('that is planned is answered with what the report shows', async () => {
    const login = 'later@acme.example';
    const said = { at: nextYear, reason: 'joins', ticket: 'HR-2', assignBy: 'direct' } as const;
    const { transition, started } = await world.users.send('onboard', login, said);
    expect(started).toBe(true);
    expect(transition).toMatchObject({ number: 1, state: 'planned', ...said });
    expect((await world.users.get(login)).transitions).toEqual([transition]);
  });

  it.concurrent('that begins now is answered with what the report goes on from', async () => {
    const login = 'now@acme.example';
    await world.newcomer(login);
    const { transition, started } = await world.users.send('onboard', login, { ticket: 'HR-2' });
    expect(started).toBe(true);
    expect(transition).toMatchObject({ number: 1, state: 'queued', startedAt: null, steps: [] });
    const { state, startedAt, endedAt, steps, before, after, ...asked } = await world.users.settled(login, 1);
    expect(transition).toMatchObject(asked);
    expect(state).toBe('done');
  });

  it.concurrent('that is planned is found as planned, and ends the workflow when it is cancelled', async () => {
    const login = 'planned@acme.example';
    await world.users.send('onboard', login, { at: nextYear });
    expect((await handle(login).describe()).searchAttributes).toMatchObject({
      O2OState: ['planned'],
      O2OTransition: ['onboard'],
    });
    await world.users.users.replan(federationId, login, { number: 1, at: null, actor: operator });
    expect(await handle(login).result()).toMatchObject({ state: 'idle', transitions: [{ state: 'cancelled' }] });
  });

  it.concurrent('is found by what comes next, whatever it was started for', async () => {
    const login = 'next@acme.example';
    const found = async () => (await handle(login).describe()).searchAttributes;
    await world.users.send('offboard', login, { at: nextYear });
    const nextMonth = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString();
    await world.users.send('suspend', login, { at: nextMonth });
    expect(await found()).toMatchObject({ O2OState: ['planned'], O2OTransition: ['suspend'] });
    await world.users.users.replan(federationId, login, { number: 2, at: null, actor: operator });
    expect(await found()).toMatchObject({ O2OState: ['planned'], O2OTransition: ['offboard'] });
    await world.newcomer(login);
    await world.users.send('update', login, { profile: { nickName: 'Nex' } });
    await world.users.settled(login, 3);
    expect(await found()).toMatchObject({ O2OState: ['planned'], O2OTransition: ['offboard'] });
    const history = await handle(login).fetchHistory();
    const shown = (history.events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) => {
      const kind = upsert?.searchAttributes?.indexedFields?.O2OTransition?.data;
      return kind === undefined ? [] : [Buffer.from(kind ?? []).toString()];
    });
    expect(shown).toEqual(['"suspend"', '"offboard"', '"update"', '"offboard"']);
  });

  it.concurrent('and another one at the same time are both taken', async () => {
    const login = 'two-at-once@acme.example';
    await world.newcomer(login);
    const [now, planned] = await Promise.all([
      world.users.send('onboard', login),
      world.users.send('suspend', login, { at: nextYear }),
    ]);
    expect([now.transition.number, planned.transition.number].toSorted()).toEqual([1, 2]);
    expect(problemsOf(await world.users.settled(login, now.transition.number))).toEqual([]);
    const { transitions } = await world.users.get(login);
    expect(transitions.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'onboard done',
      'suspend planned',
    ]);
  });

  it.concurrent('whose answer was lost is joined when it is sent again', async () => {
    const login = 'lost@acme.example';
    const users = losingFirstAnswer();
    const command = onboarding(login, { at: nextYear });
    await expect(users.transition(command, priorities.interactive)).rejects.toThrow('the connection broke');
    const again = await users.transition(command, priorities.interactive);
    expect(again).toMatchObject({ started: false, transition: { number: 1, state: 'planned' } });
    expect((await world.users.get(login)).transitions).toEqual([again.transition]);
  });

  it.concurrent('whose answer was lost is joined by its key after the end, too', async () => {
    const login = 'lost-with-key@acme.example';
    await world.newcomer(login);
    const users = losingFirstAnswer();
    const command = onboarding(login, { idempotencyKey: randomUUID() });
    await expect(users.transition(command, priorities.interactive)).rejects.toThrow('the connection broke');
    await handle(login).result();
    const again = await users.transition(command, priorities.interactive);
    expect(again).toMatchObject({ started: false, transition: { number: 1, state: 'done' } });
    expect((await world.users.get(login)).transitions).toEqual([again.transition]);
  });

  it.concurrent('with a key holds that key against another command', async () => {
    const login = 'keyed@acme.example';
    await world.newcomer(login);
    const idempotencyKey = randomUUID();
    await world.users.send('onboard', login, { idempotencyKey });
    await expect(world.users.send('offboard', login, { idempotencyKey })).rejects.toMatchObject({
      code: 'O2O_IDEMPOTENCY_KEY_REUSED',
    });
    expect(problemsOf(await world.users.settled(login, 1))).toEqual([]);
  });
});

describe('while no worker runs, the first command', () => {
  it('is taken, and carried out once a worker runs', async () => {
    const login = 'patient@acme.example';
    await world.newcomer(login);
    await world.world.stopWorkers();
    const { transition } = await world.users.send('onboard', login);
    expect(transition).toMatchObject({ number: 1, state: 'queued' });
    await world.world.startWorkers();
    expect(problemsOf(await world.users.settled(login, 1))).toEqual([]);
    expect(world.held(login).targetApp).toBe(true);
  });
});
