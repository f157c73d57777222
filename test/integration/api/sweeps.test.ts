import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { apiTokens, bearer } from '../../api/api.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps } from '../../world/sweeps.js';

const path = '/v1/federations/acme-to-partner/sweeps';

let at: FederatedWorld;
let sweeps: WorldSweeps;
let app: FastifyInstance;

beforeAll(async () => {
  at = await FederatedWorld.start();
  sweeps = new WorldSweeps(at.world);
  const { client: temporal, ledger } = at.world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
  await at.newcomer('=formula@acme.example');
  await at.users.carryOut('onboard', '=formula@acme.example');
  const { org } = at.world.sandbox.idp;
  const org2org = org.apps.find(({ name }) => name === 'okta_org2org');
  org.appUsers.get(org2org?.id ?? '')?.delete(org.userIdsByLogin.get('=formula@acme.example') ?? '');
});
afterAll(async () => {
  await app.close();
  await at.stop();
});

const send = (url: string, payload: object, role: 'operator' | 'approver' = 'operator', key?: string) =>
  app.inject({
    method: 'POST',
    url,
    payload,
    headers: { ...bearer(role), ...(key === undefined ? {} : { 'idempotency-key': key }) },
  });

const get = (url: string, accept = 'application/json') => app.inject({ url, headers: { ...bearer('viewer'), accept } });

describe('sweeps over HTTP', () => {
  it('start once for a key, are followed, approved by another person and told as JSON, NDJSON and CSV', async () => {
    const begun = await send(path, { mode: 'enforce', ticket: 'HR-7' }, 'operator', 'key-1');
    expect(begun.statusCode).toBe(202);
    const again = await send(path, { mode: 'enforce', ticket: 'HR-7' }, 'operator', 'key-1');
    expect(again.json()).toMatchObject({ started: false, sweep: { id: begun.json().sweep.id } });
    const other = await send(path, { mode: 'report' }, 'operator', 'key-1');
    expect(other.json().code).toBe('O2O_IDEMPOTENCY_KEY_REUSED');

    const self: string = begun.headers.location as string;
    const { id, listDigest } = await sweeps.settled(begun.json().sweep.id, ({ state }) => state === 'gate');
    const list = (await get(`${self}/findings?listed=true`)).json();
    expect(list.findings).toMatchObject([{ login: '=formula@acme.example', kind: 'unassigned', action: 'deactivate' }]);
    expect((await get(`${self}/findings`, 'text/csv')).body).toContain("'=formula@acme.example,unassigned");
    expect(JSON.parse((await get(`${self}/findings`, 'application/x-ndjson')).body).kind).toBe('unassigned');
    expect((await get(`${self}/findings?kind=expired`)).json().findings).toEqual([]);

    const decision = { listDigest, why: 'read' };
    expect((await send(`${self}/approve`, decision)).statusCode).toBe(403);
    const wrong = { ...decision, listDigest: `sha256:${'0'.repeat(64)}` };
    expect((await send(`${self}/approve`, wrong, 'approver')).json().code).toBe('O2O_SWEEP_OTHER_LIST');
    expect((await send(`${self}/approve`, decision, 'approver')).statusCode).toBe(200);
    expect(await sweeps.settled(id)).toMatchObject({ state: 'done', actions: { done: 1 } });
    expect((await send(`${self}/approve`, decision, 'approver')).json().code).toBe('O2O_SWEEP_STATE');
    expect((await send(`${self}/pause`, {})).json().code).toBe('O2O_SWEEP_STATE');
    expect((await get(path)).json().sweeps).toMatchObject([{ id, state: 'done' }]);
    expect((await get(self)).json()).toMatchObject({ id, state: 'done', spec: { ticket: 'HR-7' } });
  });

  it('are not approved by who started them, whatever the roles', async () => {
    const login = 'started-and-approved@acme.example';
    await at.newcomer(login);
    await at.users.carryOut('onboard', login);
    const { org } = at.world.sandbox.idp;
    const org2org = org.apps.find(({ name }) => name === 'okta_org2org');
    org.appUsers.get(org2org?.id ?? '')?.delete(org.userIdsByLogin.get(login) ?? '');
    const begun = await send(path, { mode: 'enforce', limits: { fuse: { share: 0.01 } } }, 'approver');
    const { id, listDigest } = await sweeps.settled(begun.json().sweep.id, ({ state }) => state === 'gate');
    const own = await send(`${path}/${id}/approve`, { listDigest, why: 'mine' }, 'approver');
    expect([own.statusCode, own.json().code]).toEqual([403, 'O2O_SWEEP_OWN_APPROVAL']);
    await send(`${path}/${id}/cancel`, { why: 'a test' }, 'approver');
    expect(await sweeps.settled(id)).toMatchObject({ actions: { done: 0 } });
    expect(at.held(login).sp?.status).toBe('ACTIVE');
  });

  it.each([
    ['a fuse of no users', { limits: { fuse: { users: 0 } } }, '/limits/fuse/users'],
    ['a fuse of nobody', { limits: { fuse: { share: 0 } } }, '/limits/fuse/share'],
    ['a fuse of everybody', { limits: { fuse: { share: 1 } } }, '/limits/fuse/share'],
    ['a rule that is not known', { rules: { departed: 'deactivate' } }, '/rules'],
    ['an action for what is never acted on', { rules: { unknown: 'deactivate' } }, '/rules'],
    ['a scope of nobody', { scope: { users: [] } }, '/scope'],
  ])('are refused with %s, which the answer names', async (_what, body, pointer) => {
    const refused = await send(path, body);
    expect(refused.statusCode).toBe(400);
    expect(
      refused
        .json()
        .errors.map((error: { pointer: string }) => error.pointer)
        .join(),
    ).toContain(pointer);
  });

  it('begin by a schedule, which is read, replaced, carried out and taken away', async () => {
    const url = '/v1/federations/acme-to-partner/sweep-schedule';
    const put = (payload: object) => app.inject({ method: 'PUT', url, payload, headers: bearer('operator') });
    expect((await get(url)).json().code).toBe('O2O_SWEEP_SCHEDULE_NOT_FOUND');
    const set = await put({ cron: '30 2 * * *', timeZone: 'Europe/Berlin', paused: true, spec: { ticket: 'HR-8' } });
    expect(set.json()).toMatchObject({
      setBy: 'operator@tests',
      paused: true,
      spec: { mode: 'report', ticket: 'HR-8' },
    });
    expect(set.json().nextTimes.length).toBeGreaterThan(0);

    for (const cron of ['0 0 31 2 *', '99 * * * *']) {
      expect((await put({ cron })).json().code).toBe('O2O_SWEEP_SCHEDULE_NEVER');
    }
    for (const wrong of [{ cron: 'daily' }, { cron: '0 0 * * *', timeZone: 'Mars/Base' }]) {
      expect((await put(wrong)).statusCode).toBe(400);
    }
    expect((await get(url)).json()).toMatchObject({ cron: '30 2 * * *', timeZone: 'Europe/Berlin' });

    await send(`${url}/run`, {});
    const started = async () => (await get(url)).json().recentSweeps[0] as string | undefined;
    await expect.poll(started, { timeout: 20_000 }).toBeDefined();
    const sweep = await sweeps.settled(((await started()) ?? '').split('/').at(-1) ?? '');
    expect(sweep).toMatchObject({ state: 'done', trigger: 'schedule', startedBy: 'operator@tests' });

    const away = await app.inject({ method: 'DELETE', url, headers: bearer('operator') });
    expect(away.statusCode).toBe(200);
    expect((await get(url)).statusCode).toBe(404);
  });

  it('are not found by another id', async () => {
    expect((await get(`${path}/none`)).json().code).toBe('O2O_SWEEP_NOT_FOUND');
    expect((await send(`${path}/none/cancel`, {})).json().code).toBe('O2O_SWEEP_NOT_FOUND');
  });
});
