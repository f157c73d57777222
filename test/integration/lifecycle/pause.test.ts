import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { buildApi } from '../../../src/api/app.js';
import { runningWork } from '../../../src/commands/running-work.js';
import { apiTokens, bearer } from '../../api/api.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { BatchCaller, logins, ndjson } from '../../world/batches.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldRollouts } from '../../world/rollouts.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { SweptPeople } from '../../world/swept-people.js';
import { problemsOf } from '../../world/users.js';
import { federationId, withoutPeople } from '../../world/world.js';

const path = '/v1/federations/acme-to-partner';
const why = { why: 'a change of contract' };

let at: FederatedWorld;
let operations: AgreedOperations;
let app: FastifyInstance;

beforeAll(async () => {
  at = await FederatedWorld.start();
  operations = new AgreedOperations(at.world);
  const { client: temporal, ledger, sandbox } = at.world;
  const orgs = { acme: { url: sandbox.idp.url }, partner: { url: sandbox.sp.url } };
  app = await buildApi({ temporal, ledger, orgs, apiTokens });
  await at.newcomer('stays@acme.example');
  await at.newcomer('leaves@acme.example');
  await at.users.carryOut('onboard', 'leaves@acme.example');
});
afterAll(async () => {
  await app.close();
  await at.stop();
});

/** Sends a command, again while Temporal is too slow to answer, as a client of the API does. */
async function send(method: 'POST' | 'PUT' | 'DELETE', url: string, payload: object) {
  for (;;) {
    const answer = await app.inject({ method, url: `${path}${url}`, payload, headers: bearer('operator') });
    if (answer.statusCode !== 503) return answer;
  }
}

/** What Okta holds of the app and its connection. */
function connection() {
  const { apps, connections, appUsers } = at.world.sandbox.idp.org;
  const org2org = apps.find(({ name }) => name === 'okta_org2org');
  const id = org2org?.id ?? '';
  return { app: org2org?.status, connection: connections.get(id)?.status, assigned: appUsers.get(id)?.size };
}

describe('a federation over HTTP', () => {
  it('tells how long its certificate is valid', async () => {
    const answer = await app.inject({ url: path, headers: bearer('viewer') });
    expect(answer.json().certificate).toMatchObject({ level: 'far', daysLeft: expect.any(Number) });
  });

  it('is paused: the connection is off, the app and its assignments stay; a second pause and a PUT are refused', async () => {
    const before = connection();
    const begun = await send('POST', '/pause', why);
    expect([begun.statusCode, begun.json().operation.kind]).toEqual([202, 'pause']);
    expect(stops(await operations.settled('pause'))).toEqual([]);
    expect(connection()).toEqual({ ...before, connection: 'DISABLED' });
    const again = await send('POST', '/pause', why);
    expect([again.statusCode, again.json().code]).toEqual([409, 'O2O_OPERATION_STATE']);
    const put = await send('PUT', '', withoutPeople());
    expect([put.statusCode, put.json().code]).toEqual([409, 'O2O_FEDERATION_PAUSED']);
  });

  it('turns down what needs a push while it is paused, and ends access directly', async () => {
    const onboard = await send('POST', '/users', { login: 'stays@acme.example' });
    expect([onboard.statusCode, onboard.json().code]).toEqual([409, 'O2O_PUSH_PAUSED']);
    const report = await at.users.carryOut('offboard', 'leaves@acme.example');
    expect([report.state, report.proof?.statements.map(({ result }) => result)]).toEqual([
      'done',
      ['passed', 'passed', 'passed'],
    ]);
    expect(at.held('leaves@acme.example').sp?.status).toBe('DEPROVISIONED');
  });

  it('is resumed: what is assigned is pushed again', async () => {
    expect((await send('POST', '/resume', why)).statusCode).toBe(202);
    expect(stops(await operations.settled('resume'))).toEqual([]);
    expect(connection().connection).toBe('ENABLED');
    expect(problemsOf(await at.users.carryOut('onboard', 'stays@acme.example'))).toEqual([]);
  });

  it('does not end it while a sweep runs: a clear answer, and everything is as before', async () => {
    const sweeps = new WorldSweeps(at.world);
    await (await SweptPeople.of(at.world)).someone('leaver', 'unassigned');
    const { id } = await sweeps.carryOut({ mode: 'enforce' });
    const before = await app.inject({ url: path, headers: bearer('viewer') });
    const answer = await send('DELETE', '', { users: 'keep', ...why });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'O2O_SWEEP_RUNNING']);
    expect(answer.json().detail).toContain(id);
    const after = await app.inject({ url: path, headers: bearer('viewer') });
    expect([after.json().state, after.json().operations]).toEqual(['ready', before.json().operations]);
    await sweeps.order(id, 'cancel');
    await sweeps.settled(id);
  });

  /** Neither the API nor the operation itself ends the federation while this runs. */
  async function expectNoEnd(work: { readonly kind: string; readonly id: string }): Promise<void> {
    const running = () => runningWork(at.world.client, federationId);
    await expect.poll(running, { timeout: 60_000, interval: 500 }).toEqual(work);
    const answer = await send('DELETE', '', { users: 'keep', ...why });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'O2O_WORK_RUNNING']);
    expect(answer.json().detail).toContain(`${work.kind} ${work.id}`);
    at.world.sandbox.requests.clear();
    const status = await operations.carryOut('teardown', { users: 'keep', ...why });
    expect([stops(status), status.changedNothing]).toEqual([['otherWork: O2O_WORK_RUNNING'], true]);
    expect(at.world.writes().filter(({ operation }) => operation?.startsWith('de'))).toEqual([]);
    const after = await app.inject({ url: path, headers: bearer('viewer') });
    expect(after.json().state).toBe('ready');
  }

  it('does not end it while a batch runs, also one that is paused', async () => {
    const people = logins(`batched-${Date.now()}`, 6);
    for (const login of people) await at.newcomer(login);
    const caller = new BatchCaller(app);
    const batch = await caller.start(ndjson(people.map((login) => ({ login }))), { query: { inFlight: '1' } });
    expect((await caller.order(batch, 'pause')).json().state).toBe('paused');
    await expectNoEnd({ kind: 'batch', id: batch.id });
    await caller.order(batch, 'cancel');
    await caller.settled(batch);
  });

  it('does not end it while a rollout runs', async () => {
    const { sandbox, client } = at.world;
    const away = { org: 'idp', operation: 'assignGroupToApplication', kind: 'status', status: 503, count: null };
    const fault = sandbox.faults.add(FaultRequest.parse(away));
    await expect.poll(() => runningWork(client, federationId), { timeout: 60_000, interval: 500 }).toBeNull();
    const rollouts = new WorldRollouts(at.world);
    const { groupId } = await rollouts.group(`rolled-out-${Date.now()}-`, 1);
    await rollouts.start({ id: groupId });
    await expectNoEnd({ kind: 'rollout', id: groupId });
    await rollouts.cancel(groupId);
    sandbox.faults.remove(fault.id);
    await rollouts.settled(groupId);
  });

  it('refuses what cannot be rolled over or ended', async () => {
    const unfit = await send('POST', '/rotations', { what: 'tokenToOauth' });
    expect([unfit.statusCode, unfit.json().code]).toEqual([409, 'O2O_ROTATION_UNFIT']);
    const none = await app.inject({ url: `${path}/rotations`, headers: bearer('viewer') });
    expect([none.statusCode, none.json().code]).toEqual([404, 'O2O_NOT_RUN_YET']);
    const order = await send('POST', '/rotations/revoke', why);
    expect([order.statusCode, order.json().code]).toEqual([409, 'O2O_ROTATION_STATE']);
    const choice = await send('DELETE', '', { users: 'delete', why: 'no' });
    expect([choice.statusCode, choice.json().errors[0].pointer]).toEqual([400, '/users']);
  });
});
