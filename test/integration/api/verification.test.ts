import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import type { Check } from '../../../src/domain/check.js';
import { apiTokens, bearer } from '../../api/api.js';
import { AgreedOperations } from '../../world/agreed-operations.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { type World, withoutPeople } from '../../world/world.js';

const path = '/v1/federations/acme-to-partner';

let world: World;
let app: FastifyInstance;

beforeAll(async () => {
  world = await startWorld();
  expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  const { client: temporal, ledger } = world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
});
afterAll(async () => {
  await app.close();
  await world.stop();
});

/** What a page says, as its reader sees it. */
function textOf(html: string): string {
  const text = html.replace(/<[^>]*>/g, '');
  const written: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => written[name] ?? '');
}

type Role = 'viewer' | 'operator' | 'approver';

const send = (method: 'POST' | 'PUT' | 'DELETE', url: string, payload?: object, role: Role = 'operator') =>
  app.inject({ method, url: path + url, headers: bearer(role), ...(payload === undefined ? {} : { payload }) });

const get = (url: string, accept = 'application/json') =>
  app.inject({ url: path + url, headers: { ...bearer('viewer'), accept } });

describe('verification over HTTP', () => {
  it('is not there before the first one', async () => {
    expect((await get('/verification')).json()).toMatchObject({ status: 404, code: 'O2O_NOT_RUN_YET' });
  });

  it('begins by POST without a body, and is told as JSON and as a page', async () => {
    const begun = await send('POST', '/verification');
    expect([begun.statusCode, begun.headers.location]).toEqual([202, `${path}/verification`]);
    await new AgreedOperations(world).settled('verification');
    const { checklist, workflowId } = (await get('/verification')).json();
    expect(checklist).toHaveLength(5);
    expect(workflowId).toBe(begun.json().operation.workflowId);
    const page = await get('/verification', 'text/html');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const { checklist: lines, keyPoints, configuration, canary, ...answer } = (await get('/verification')).json();
    const told = [...lines, ...keyPoints, ...configuration, ...canary] as readonly Check[];
    expect(told.length).toBeGreaterThan(15);
    const text = textOf(page.body);
    for (const { statement, detail, fix } of told)
      for (const words of [statement, detail, ...(fix === null ? [] : [`Fix: ${fix}`])]) expect(text).toContain(words);
    expect(text).toContain(`Result: ${answer.result}`);
    expect([...world.secrets.values()].filter((secret) => page.body.includes(secret))).toEqual([]);
  });

  it.each([
    [{ canary: { domain: 'not a domain' } }, '/canary/domain'],
    [{ users: 3 }, '/users'],
  ])('refuses %j', async (body, pointer) => {
    const { errors, status } = (await send('POST', '/verification', body)).json();
    expect([status, errors[0].pointer]).toEqual([400, pointer]);
  });
});

describe('live over HTTP', () => {
  it("is an approver's word, with a reason, and shows at the federation", async () => {
    expect((await send('POST', '/live', { why: 'seen' }, 'operator')).statusCode).toBe(403);
    expect((await send('POST', '/live', { why: ' ' }, 'approver')).statusCode).toBe(400);
    const { since, ...live } = (await send('POST', '/live', { why: 'seen by two of us' }, 'approver')).json();
    expect(live).toMatchObject({ verification: null, why: 'seen by two of us' });
    expect((await get('')).json().live).toEqual({ since, ...live });
  });
});

describe('drift over HTTP', () => {
  it('begins by POST, and tells that both orgs are as agreed', async () => {
    expect((await get('/drift')).json().code).toBe('O2O_NOT_RUN_YET');
    expect((await send('POST', '/drift', { policy: 'mend', ignore: [{ resource: 'targetApp' }] })).statusCode).toBe(
      202,
    );
    await new AgreedOperations(world).settled('drift');
    expect((await get('/drift')).json()).toMatchObject({ agrees: true, differences: [], problems: [], gates: [] });
  });

  it.each([{ policy: 'ignore' }, { ignore: [{ resource: 'nothing' }] }, { ignore: [{}] }])(
    'refuses %j',
    async (body) => {
      expect((await send('POST', '/drift', body)).statusCode).toBe(400);
    },
  );
});

describe.each(['verification', 'drift'] as const)('the schedule of %s', (kind) => {
  it('is set, shown and deleted; one that would never begin anything leaves the one before', async () => {
    expect((await get(`/${kind}-schedule`)).json().code).toBe('O2O_SCHEDULE_NOT_FOUND');
    const schedule = { cron: '30 2 * * 1-5', timeZone: 'Europe/Berlin', paused: true };
    const set = await send('PUT', `/${kind}-schedule`, schedule);
    expect(set.json()).toMatchObject({ ...schedule, recentTimes: [] });
    expect((await send('PUT', `/${kind}-schedule`, { cron: '0 0 30 2 *' })).json().code).toBe('O2O_SCHEDULE_NEVER');
    expect((await get(`/${kind}-schedule`)).json()).toMatchObject(schedule);
    expect((await send('DELETE', `/${kind}-schedule`)).statusCode).toBe(200);
    expect((await get(`/${kind}-schedule`)).statusCode).toBe(404);
  });
});

it.each([
  ['drift', { policy: 'gate', ignore: [] }],
  ['verification', { canary: { domain: 'canary.example' } }],
] as const)('the schedule of %s has the federation begin it, by the clock', async (kind, options) => {
  const before = (await get('')).json().operations.length;
  await send('PUT', `/${kind}-schedule`, { cron: '* * * * *', options });
  await expect.poll(async () => (await get('')).json().operations.length, { timeout: 90_000 }).toBe(before + 1);
  await send('PUT', `/${kind}-schedule`, { cron: '0 0 1 1 *' });
  const { cron, recentTimes } = (await get(`/${kind}-schedule`)).json();
  expect([cron, recentTimes.length]).toEqual(['0 0 1 1 *', 1]);
  const begun = await new AgreedOperations(world).settled(kind);
  expect([begun.options, begun.outcome]).toEqual([options, 'done']);
});
