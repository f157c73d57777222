import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { newNamespace } from '../../../scripts/temporal/new-namespace.js';
import { startTemporal, type TemporalServer } from '../../../scripts/temporal/start-temporal.js';
import { userKey } from '../../../src/commands/user-key.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import type { People } from '../../world/people.js';
import { setUpForUsers } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import { federationId, openWorld, type World } from '../../world/world.js';

/** A server of one's own suggests to continue as new after so few events that a single transition is enough. */
const events = 50;

let server: TemporalServer;
let connection: Connection;
let native: NativeConnection;
let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  server = await startTemporal({ settings: { 'limit.historyCount.suggestContinueAsNew': String(events) } });
  connection = await Connection.connect({ address: server.address });
  native = await NativeConnection.connect({ address: server.address });
  const client = new Client({ connection, namespace: await newNamespace(connection) });
  world = await openWorld({ client, connection: native, workflowBundle: inject('workflowBundle') });
  await world.startWorkers();
  ({ users, people } = await setUpForUsers(world));
});
afterAll(async () => {
  await world.stop();
  await connection.close();
  await native.close();
  await server.stop();
});

it.skipIf(process.env.TEMPORAL_ADDRESS !== undefined)(
  'a user who continues as new keeps what is planned, the queue and the keys of commands',
  async () => {
    const login = 'long-lived@acme.example';
    const { idpId, spId } = await people.provisioned(login);
    const at = '2040-01-31T17:00:00.000Z';
    await users.send('offboard', login, { at, idempotencyKey: 'planned once' });
    const handle = world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login)));
    const firstRun = (await handle.describe()).runId;

    const kinds = ['suspend', 'resume', 'suspend', 'resume'] as const;
    for (const kind of kinds) await users.send(kind, login);
    await users.settled(login, 5);
    expect((await handle.describe()).runId).not.toBe(firstRun);

    const { transitions, state } = await users.get(login);
    expect(state).toBe('planned');
    expect((await handle.describe()).searchAttributes).toMatchObject({
      O2OState: ['planned'],
      O2OTransition: ['offboard'],
    });
    expect(transitions.map((each) => `${each.kind} ${each.state}`)).toEqual([
      'offboard planned',
      ...kinds.map((kind) => `${kind} done`),
    ]);
    expect(transitions[0]?.at).toBe(at);
    expect(transitions.slice(1).map(problemsOf)).toEqual([[], [], [], []]);

    const writes = people.watch(idpId, spId);
    const again = await users.send('offboard', login, { at, idempotencyKey: 'planned once' });
    expect(again).toMatchObject({ started: false, transition: { number: 1, state: 'planned' } });
    await expect(users.send('suspend', login, { idempotencyKey: 'planned once' })).rejects.toMatchObject({
      code: 'O2O_IDEMPOTENCY_KEY_REUSED',
    });
    expect(writes()).toEqual([]);
    const actor = { name: 'test-operator', roles: ['operator'] } as const;
    expect(await users.users.replan(federationId, login, { number: 1, at: null, actor })).toMatchObject({
      state: 'cancelled',
    });
  },
);

it.skipIf(process.env.TEMPORAL_ADDRESS !== undefined)(
  'the next run carries out what was queued without waiting for another command',
  async () => {
    const login = 'queue-of-a-long-life@acme.example';
    await people.provisioned(login);
    for (const lastName of ['First', 'Second', 'Third', 'Fourth']) {
      await users.send('update', login, { profile: { lastName } });
    }
    await users.settled(login, 4);
    expect((await users.get(login)).transitions.map(problemsOf)).toEqual([[], [], [], []]);
    expect((await people.find('sp', login))?.profile.lastName).toBe('Fourth');
  },
);
