import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { sweepWorkflowId } from '../../../src/workflows/messages.js';
import { apiTokens, bearer } from '../../api/api.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { federationId } from '../../world/world.js';

const url = `/v1/federations/${federationId}/sweep-schedule`;

// The time-skipping server knows no schedules: they are shown on the real one, by the clock.

/** Fires once a year: whatever begins in a test was asked for. */
const yearly = { cron: '30 2 1 1 *', timeZone: 'UTC' };
const lastNewYear = `${new Date().getUTCFullYear()}-01-01`;

let at: FederatedWorld;
let sweeps: WorldSweeps;
let app: FastifyInstance;

beforeAll(async () => {
  at = await FederatedWorld.start();
  sweeps = new WorldSweeps(at.world);
  const { client: temporal, ledger } = at.world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
});
afterAll(async () => {
  await app.close();
  await at.stop();
});

const put = (payload: object) => app.inject({ method: 'PUT', url, payload, headers: bearer('operator') });
const post = (order: string, payload: object = {}) =>
  app.inject({ method: 'POST', url: `${url}/${order}`, payload, headers: bearer('operator') });
const schedule = async () => (await app.inject({ url, headers: bearer('viewer') })).json();

/** Ids of the sweeps that the schedule has begun, the latest first. */
async function begun(): Promise<string[]> {
  const { recentSweeps } = await schedule();
  return recentSweeps.map((address: string) => address.split('/').at(-1));
}

describe('the schedule of sweeps', () => {
  it('begins a sweep when the clock says so', async () => {
    await put({ cron: '* * * * *', timeZone: 'UTC', spec: { ticket: 'HR-1' } });
    await expect.poll(begun, { timeout: 120_000 }).not.toEqual([]);
    const id = (await begun()).at(-1) ?? '';
    await app.inject({ method: 'DELETE', url, headers: bearer('operator') });
    const sweep = await sweeps.settled(id);
    expect(sweep).toMatchObject({
      state: 'done',
      trigger: 'schedule',
      startedBy: 'operator@tests',
      spec: { ticket: 'HR-1' },
    });
  });

  it('is paused and resumed by anybody, and stays that of who has set it', async () => {
    await put({ ...yearly, spec: { ticket: 'HR-9' } });
    expect((await post('pause')).json()).toMatchObject({
      paused: true,
      setBy: 'operator@tests',
      spec: { ticket: 'HR-9' },
    });
    expect(await schedule()).toMatchObject({ paused: true, note: 'paused by operator@tests' });
    expect((await post('resume')).json()).toMatchObject({ paused: false, note: 'resumed by operator@tests' });
  });

  it('begins one sweep for all that were missed, and none for a time in which none was due', async () => {
    await put(yearly);
    const nothing = { from: `${lastNewYear}T03:00:00Z`, to: `${lastNewYear}T04:00:00Z` };
    expect((await post('backfill', nothing)).statusCode).toBe(200);
    const missed = { from: '2020-06-01T00:00:00+02:00', to: `${lastNewYear}T03:00:00Z` };
    expect((await post('backfill', missed)).statusCode).toBe(200);
    await expect.poll(begun, { timeout: 20_000 }).toHaveLength(1);
    const [id = ''] = await begun();
    expect(await sweeps.settled(id)).toMatchObject({ state: 'done', trigger: 'schedule' });
    expect(await begun()).toEqual([id]);
  });

  it.each([
    ['no zone', { from: '2026-01-01T00:00:00', to: '2026-01-02T00:00:00Z' }, '/from'],
    ['an end before its beginning', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/to'],
    ['an end that is to come', { from: '2026-01-02T00:00:00Z', to: '2999-01-01T00:00:00Z' }, '/to'],
  ])('makes up for no time with %s', async (_what, missed, pointer) => {
    const refused = await post('backfill', missed);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().errors).toMatchObject([{ pointer }]);
  });

  it('lets a sweep drop out while the one before waits, and its activities go after everybody else', async () => {
    await at.newcomer('left@acme.example');
    await at.users.carryOut('onboard', 'left@acme.example');
    const { org } = at.world.sandbox.idp;
    const org2org = org.apps.find(({ name }) => name === 'okta_org2org');
    org.appUsers.get(org2org?.id ?? '')?.delete(org.userIdsByLogin.get('left@acme.example') ?? '');

    await app.inject({ method: 'DELETE', url, headers: bearer('operator') });
    await put({ ...yearly, spec: { mode: 'enforce' } });
    await post('run');
    await expect.poll(begun, { timeout: 20_000 }).toHaveLength(1);
    const [id = ''] = await begun();
    await sweeps.settled(id, ({ state }) => state === 'gate');
    await post('run');
    await expect.poll(async () => (await schedule()).droppedOut, { timeout: 20_000 }).toBe(1);
    expect(await begun()).toEqual([id]);

    const { events } = await at.world.client.workflow.getHandle(sweepWorkflowId(federationId, id)).fetchHistory();
    const reads = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'readSweepList' ? [scheduled.priority?.priorityKey] : [],
    );
    expect(new Set(reads)).toEqual(new Set([5]));
    await sweeps.order(id, 'cancel');
  });

  it('is not found where there is none', async () => {
    await app.inject({ method: 'DELETE', url, headers: bearer('operator') });
    for (const order of ['pause', 'resume', 'run']) {
      expect((await post(order)).json().code).toBe('O2O_SWEEP_SCHEDULE_NOT_FOUND');
    }
  });
});
