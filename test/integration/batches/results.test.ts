import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, startApi } from '../../api/api.js';
import { BatchCaller, batchesUrl, logins, ndjson } from '../../world/batches.js';
import { startWorld } from '../../world/start-world.js';
import { WorldUsers } from '../../world/users.js';
import { federationId, operator, testUserPassword, type World, withoutPeople } from '../../world/world.js';

let world: World;
let app: FastifyInstance;
let caller: BatchCaller;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople());
});
afterAll(() => world.stop());
beforeEach(async () => {
  app = await startApi(world.client);
  caller = new BatchCaller(app);
});

async function people(name: string, count: number): Promise<string[]> {
  const made = logins(`${name}-${randomUUID().slice(0, 8)}`, count);
  for (const login of made) await world.idpAdmin.addUser(login, testUserPassword);
  return made;
}

async function spStatus(login: string): Promise<unknown> {
  const user = await world.spAdmin.get(`/api/v1/users/${login}`).catch(() => null);
  return typeof user === 'object' && user !== null && 'status' in user ? user.status : null;
}

describe('a batch of 60 rows with bad ones among them', () => {
  const bad = [
    { login: '' },
    { login: 'x@acme.example', at: '2027-01-31T18:00:00' },
    { login: 'y@acme.example', who: 1 },
  ];

  it('starts nothing where bad rows stop it, and names each', async () => {
    const rows = logins('stopped', 57).map((login) => ({ login }));
    world.sandbox.requests.clear();
    const answer = await caller.post(ndjson([...rows.slice(0, 30), ...bad, ...rows.slice(30)]));
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: 'O2O_BATCH_ROWS_REFUSED',
      detail: expect.stringContaining('3 of 60 rows'),
      errors: [
        { pointer: '/31/login', message: 'row 31, line 31, login: must not be empty' },
        { pointer: '/32/at', message: expect.stringContaining('time zone') },
        { pointer: '/33/who', message: expect.stringContaining('not a known column') },
      ],
    });
    expect(world.sandbox.requestsTo(undefined, {})).toEqual([]);
    expect((await caller.get(batchesUrl)).json()).toEqual({ batches: [], nextPageToken: null });
  });

  it('carries out the good ones where bad rows stop only themselves; again it changes nothing', async () => {
    const good = await people('many', 57);
    const rows = good.map((login) => ({ login }));
    const file = ndjson([...rows.slice(0, 30), ...bad, ...rows.slice(30)]);
    const answer = await caller.post(file, { query: { onError: 'skip' } });
    expect(answer.statusCode).toBe(202);
    const { batch, started, refused } = answer.json();
    expect(answer.headers.location).toBe(batch.links.self);
    expect(started).toBe(true);
    expect(refused.map(({ row, column }: { row: number; column: string }) => `${row} ${column}`)).toEqual([
      '31 login',
      '32 at',
      '33 who',
    ]);

    const ended = await caller.settled(batch);
    expect(ended).toMatchObject({ state: 'done', rows: 60, changed: 57, startedBy: 'operator@tests', waitsFor: null });
    expect(ended.counts).toMatchObject({ done: 57, refused: 3, pending: 0, running: 0, stopped: 0 });
    expect(await Promise.all(good.map(spStatus))).toEqual(good.map(() => 'ACTIVE'));
    const results = await caller.rows(ended);
    expect(results.map(({ row }) => row)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(results.filter(({ state }) => state === 'refused').map(({ row }) => row)).toEqual([31, 32, 33]);

    world.sandbox.requests.clear();
    const again = await caller.settled(await caller.start(file, { query: { onError: 'skip' } }));
    expect(again.id).not.toBe(ended.id);
    expect(again).toMatchObject({ state: 'done', changed: 0 });
    expect(again.counts).toMatchObject({ done: 57, refused: 3 });
    expect(world.writes()).toEqual([]);
  });
});

describe('the rows of a batch', () => {
  it('come as NDJSON or CSV, all of them or those in one state, also for what stopped', async () => {
    const [here = ''] = await people('results', 1);
    const batch = await caller.settled(
      await caller.start(ndjson([{ login: here }, { login: '+nobody@acme.example' }])),
    );
    expect(batch.counts).toMatchObject({ done: 1, stopped: 1 });

    expect(await caller.rows(batch)).toMatchObject([
      { row: 1, line: 1, login: here, kind: 'onboard', state: 'done', changed: true, number: 1, problem: null },
      { row: 2, state: 'stopped', changed: false, problem: { code: 'O2O_IDP_USER_MISSING', fix: expect.any(String) } },
    ]);
    expect(await caller.rows(batch, '?state=stopped')).toMatchObject([{ row: 2 }]);
    expect(await caller.rows(batch, '?state=gate')).toEqual([]);

    const csv = await caller.get(batch.links.rows, { accept: 'text/csv' });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(parse(csv.body, { columns: true })).toMatchObject([
      { row: '1', login: here, state: 'done', changed: 'true', code: '' },
      { row: '2', login: "'+nobody@acme.example", state: 'stopped', code: 'O2O_IDP_USER_MISSING' },
    ]);
  });

  it('that are planned for later count as planned, and nothing is written', async () => {
    const [login = ''] = await people('later', 1);
    world.sandbox.requests.clear();
    const file = `login,transition,at\n${login},offboard,2999-01-01T00:00:00Z\n`;
    const batch = await caller.settled(await caller.start(file, { csv: true }));
    expect(batch).toMatchObject({ state: 'done', counts: { planned: 1 } });
    expect(world.writes()).toEqual([]);
  });

  it('that are planned already, by a batch or by a person, are planned once, and cancelled once', async () => {
    const users = new WorldUsers(world);
    const at = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString();
    const [listed = '', single = ''] = await people('planned-once', 2);
    await users.send('offboard', single, { at });
    const file = `login,transition,at\n${listed},offboard,${at}\n${single},offboard,${at}\n`;
    for (let turn = 1; turn <= 2; turn += 1) {
      const batch = await caller.settled(await caller.start(file, { csv: true }));
      expect(batch).toMatchObject({ state: 'done', counts: { planned: 2 } });
    }
    for (const login of [listed, single]) {
      expect((await users.get(login)).transitions).toMatchObject([{ kind: 'offboard', state: 'planned', at }]);
      await users.users.replan(federationId, login, { number: 1, at: null, actor: operator });
      expect(await users.get(login)).toMatchObject({ state: 'idle', transitions: [{ state: 'cancelled' }] });
    }
  });

  it('of a dry run say what would happen and write nothing', async () => {
    const [login = ''] = await people('dry', 1);
    world.sandbox.requests.clear();
    const batch = await caller.settled(await caller.start(ndjson([{ login }]), { query: { dryRun: 'true' } }));
    expect(batch).toMatchObject({ state: 'done', changed: 0, options: { dryRun: true }, counts: { done: 1 } });
    expect(world.writes()).toEqual([]);
    expect(await spStatus(login)).toBeNull();
  });
});

describe('a batch', () => {
  it('is found in the list of its federation, by its state', async () => {
    const batch = await caller.settled(await caller.start(ndjson([{ login: 'listed@acme.example' }])));
    await expect
      .poll(async () => (await caller.get(`${batchesUrl}?state=done&limit=100`)).json().batches, { timeout: 30_000 })
      .toContainEqual(expect.objectContaining({ id: batch.id, state: 'done', links: { self: batch.links.self } }));
    expect((await caller.get('/v1/federations/another/batches')).json().batches).toEqual([]);
  });

  it('has no login in what the Temporal UI searches and shows beside payloads', async () => {
    const batch = await caller.settled(await caller.start(ndjson([{ login: 'secretive@acme.example' }])));
    const { executions } = await world.client.workflowService.listWorkflowExecutions({
      namespace: world.client.options.namespace,
      query: `WorkflowId STARTS_WITH 'batch/acme-to-partner/${batch.id}'`,
    });
    expect(JSON.stringify(executions)).not.toContain('secretive');
  });

  it('that does not exist is not found', async () => {
    const nowhere = `${batchesUrl}/${'0'.repeat(24)}`;
    for (const path of [nowhere, `${nowhere}/rows`, `${nowhere}/events`]) {
      expect((await caller.get(path)).json()).toMatchObject({ status: 404, code: 'O2O_BATCH_NOT_FOUND' });
    }
    for (const order of ['pause', 'resume', 'cancel']) {
      const answer = await app.inject({ method: 'POST', url: `${nowhere}/${order}`, headers: bearer('operator') });
      expect(answer.json()).toMatchObject({ status: 404, code: 'O2O_BATCH_NOT_FOUND' });
    }
  });
});
