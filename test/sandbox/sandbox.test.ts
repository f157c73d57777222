import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { startCheckedSandbox } from '../world/openapi-check.js';
import { call } from './okta-caller.js';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startCheckedSandbox();
});
afterAll(() => sandbox.stop());
afterEach(() => {
  sandbox.faults.remove();
  sandbox.requests.clear();
});

function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${sandbox.control.url}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

const newUser = (login: string) => ({ profile: { login, email: login, firstName: 'Ada', lastName: 'Byron' } });

describe('sandbox', () => {
  it('runs two orgs, each with an administrator and an API token of its own', async () => {
    for (const org of [sandbox.idp, sandbox.sp]) {
      const me = await call(org, 'GET', '/api/v1/users/me');
      expect(me.body.profile.login).toBe(`admin@${org.name}.example`);
    }
    expect((await call({ ...sandbox.sp, token: sandbox.idp.token }, 'GET', '/api/v1/users/me')).status).toBe(401);
  });

  it('writes every request into the log, without the token', async () => {
    await call(sandbox.idp, 'GET', '/api/v1/users?limit=1');
    await call(sandbox.idp, 'POST', '/api/v1/users', { body: newUser('logged@idp.example') });
    const log = await (await control('GET', '/requests?org=idp')).text();
    expect(JSON.parse(log)).toMatchObject([
      {
        operation: 'listUsers',
        method: 'GET',
        path: '/api/v1/users?limit=1',
        status: 200,
        write: false,
        from: 'client',
      },
      {
        operation: 'createUser',
        method: 'POST',
        status: 200,
        write: true,
        principal: expect.stringMatching(/^token 00T/),
      },
    ]);
    expect(log).not.toContain(sandbox.idp.token);
  });

  it('counts only the requests of clients where nothing else is asked for', async () => {
    await control('POST', '/seed', { org: 'idp', federations: [{ label: 'Counted', identityProvider: 'Counted' }] });
    expect(sandbox.requestsTo()).toEqual([]);
    expect(sandbox.requests.list({ from: 'console' }).length).toBeGreaterThan(10);
  });

  it('seeds users, groups and memberships without a log or provisioning', async () => {
    await control('POST', '/seed', {
      org: 'sp',
      groups: [{ name: 'Sales', description: 'People who sell' }],
      manyUsers: { count: 300, prefix: 'seeded', domain: 'sp.example', groups: ['Sales'] },
    });
    const [group] = (await call(sandbox.sp, 'GET', '/api/v1/groups?q=Sales')).body;
    const members = await call(sandbox.sp, 'GET', `/api/v1/groups/${group.id}/users?limit=200`);
    expect(members.body).toHaveLength(200);
    expect(members.headers.get('link')).toContain('rel="next"');
  });

  it('seeds users who were provisioned long ago', async () => {
    const seed = async (more: object) => (await control('POST', '/seed', { org: 'idp', ...more })).json();
    const { federations } = (await seed({ federations: [{ label: 'Old', identityProvider: 'Old' }] })) as {
      federations: [{ appId: string; identityProviderId: string }];
    };
    const [{ appId, identityProviderId }] = federations;
    const provisionedUsers = { appId, identityProviderId, count: 20, groups: ['Pushed long ago'] };
    expect(await seed({ provisionedUsers })).toMatchObject({ provisionedUsers: 20 });
    const [first] = (await call(sandbox.idp, 'GET', `/api/v1/apps/${appId}/users?limit=1`)).body;
    expect(first).toMatchObject({ status: 'PROVISIONED', syncState: 'SYNCHRONIZED' });
    const there = await call(sandbox.sp, 'GET', `/api/v1/users/${first.externalId}`);
    expect(there.body).toMatchObject({ status: 'ACTIVE', profile: { login: first.credentials.userName } });
    const linked = await call(sandbox.sp, 'GET', `/api/v1/idps/${identityProviderId}/users/${first.externalId}`);
    expect(linked.body).toMatchObject({ id: first.externalId, externalId: first.credentials.userName });
    const [group] = (await call(sandbox.sp, 'GET', '/api/v1/groups?q=Pushed')).body;
    expect((await call(sandbox.sp, 'GET', `/api/v1/groups/${group.id}/users`)).body).toHaveLength(20);
  });

  it('moves the clock of one org', async () => {
    const before = sandbox.idp.org.clock.now();
    await control('PUT', '/clock', { org: 'idp', advanceMs: 86_400_000 });
    expect(sandbox.idp.org.clock.now() - before).toBeGreaterThanOrEqual(86_400_000);
    expect(sandbox.sp.org.clock.now()).toBeLessThan(before + 86_400_000);
    await control('PUT', '/clock', { org: 'idp', now: new Date().toISOString() });
  });

  it('refuses what it does not understand', async () => {
    const answer = await control('POST', '/faults', { org: 'idp', kind: 'earthquake' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('kind') });
  });

  it('makes API tokens that have the rights of their owner', async () => {
    await control('POST', '/seed', { org: 'idp', users: [{ login: 'nobody@idp.example' }] });
    const answer = await control('POST', '/console', {
      action: 'createApiToken',
      org: 'idp',
      owner: 'nobody@idp.example',
    });
    const { token } = (await answer.json()) as { token: string };
    const listed = await call({ url: sandbox.idp.url, token }, 'GET', '/api/v1/users');
    expect(listed).toMatchObject({ status: 403, body: { errorCode: 'E0000006' } });
  });
});

describe('faults', () => {
  const userCount = async () =>
    (await call(sandbox.sp, 'GET', '/api/v1/users?filter=profile.lastName eq "Byron"')).body.length;

  it.each([
    ['status', { status: 502 }, 502, 'E0000009'],
    ['status', { status: 500 }, 500, 'E0000009'],
    ['status', { errorCode: 'E0000006' }, 403, 'E0000006'],
    ['readOnly', {}, 503, 'E0000010'],
    ['rateLimit', {}, 429, 'E0000047'],
    ['concurrencyLimit', {}, 429, 'E0000047'],
  ])('%s answers in place of the org', async (kind, more, status, errorCode) => {
    const before = await userCount();
    await control('POST', '/faults', { org: 'sp', operation: 'createUser', kind, ...more });
    const refused = await call(sandbox.sp, 'POST', '/api/v1/users', { body: newUser(`${kind}-${status}@sp.example`) });
    expect(refused).toMatchObject({ status, body: { errorCode } });
    expect(await userCount()).toBe(before);
  });

  it('tells by the headers whether rate or concurrency is too high', async () => {
    await control('POST', '/faults', [
      { org: 'sp', kind: 'rateLimit', resetSeconds: 30 },
      { org: 'sp', kind: 'concurrencyLimit' },
    ]);
    const rate = await call(sandbox.sp, 'GET', '/api/v1/users');
    const concurrency = await call(sandbox.sp, 'GET', '/api/v1/users');
    const wait = Number(rate.headers.get('x-rate-limit-reset')) - Date.parse(rate.headers.get('date') ?? '') / 1000;
    expect(Math.round(wait)).toBeGreaterThanOrEqual(30);
    expect(rate.headers.get('x-rate-limit-limit')).not.toBe('0');
    expect(concurrency.headers.get('x-rate-limit-limit')).toBe('0');
    expect(concurrency.headers.get('x-rate-limit-remaining')).toBe('0');
  });

  it('resetBefore cuts the connection before the org acts, resetAfter once it has acted', async () => {
    for (const [kind, made] of [
      ['resetBefore', 0],
      ['resetAfter', 1],
    ] as const) {
      const before = await userCount();
      await control('POST', '/faults', { org: 'sp', kind, onlyWrites: true });
      await expect(
        call(sandbox.sp, 'POST', '/api/v1/users', { body: newUser(`${kind}@sp.example`) }),
      ).rejects.toThrow();
      expect(await userCount()).toBe(before + made);
      expect(sandbox.requestsTo('sp', { write: true }).at(-1)).toMatchObject({
        fault: kind,
        status: made === 1 ? 200 : null,
      });
    }
  });

  it('slowAfter carries the request out and keeps the answer back', async () => {
    await control('POST', '/faults', { org: 'sp', kind: 'slowAfter', delayMs: 60_000, onlyWrites: true });
    const gaveUp = new AbortController();
    const answer = fetch(`${sandbox.sp.url}/api/v1/groups`, {
      method: 'POST',
      headers: { authorization: `SSWS ${sandbox.sp.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ profile: { name: 'Made, not told' } }),
      signal: gaveUp.signal,
    });
    await vi.waitFor(() =>
      expect(sandbox.requestsTo('sp', { write: true }).at(-1)).toMatchObject({ fault: 'slowAfter', status: 200 }),
    );
    gaveUp.abort();
    await expect(answer).rejects.toThrow();
    expect(sandbox.sp.org.groups.find((group) => group.profile.name === 'Made, not told')).toBeDefined();
  });

  it('truncatedJson and html spoil the body', async () => {
    await control('POST', '/faults', [
      { org: 'sp', kind: 'truncatedJson' },
      { org: 'sp', kind: 'html' },
    ]);
    const truncated = await call(sandbox.sp, 'GET', '/api/v1/users/me');
    expect(truncated).toMatchObject({ status: 200, body: expect.stringMatching(/^\{"id"/) });
    const html = await call(sandbox.sp, 'GET', '/api/v1/users/me');
    expect(html).toMatchObject({ status: 200, body: expect.stringContaining('<html>') });
    expect(html.headers.get('content-type')).toContain('text/html');
  });

  it('emptyPage keeps the way to the next page, endEarly loses it', async () => {
    await control('POST', '/faults', [
      { org: 'sp', kind: 'emptyPage' },
      { org: 'sp', kind: 'endEarly' },
    ]);
    const empty = await call(sandbox.sp, 'GET', '/api/v1/users?limit=1');
    expect(empty.body).toEqual([]);
    expect(empty.headers.get('link')).toContain('rel="next"');
    const early = await call(sandbox.sp, 'GET', '/api/v1/users?limit=1');
    expect(early.body).toHaveLength(1);
    expect(early.headers.get('link')).not.toContain('rel="next"');
  });

  it('hits the nth write only', async () => {
    await control('POST', '/faults', { org: 'sp', kind: 'status', status: 503, onlyWrites: true, nth: 2 });
    const statuses: number[] = [];
    for (const number of [1, 2, 3]) {
      await call(sandbox.sp, 'GET', '/api/v1/users/me');
      statuses.push(
        (await call(sandbox.sp, 'POST', '/api/v1/users', { body: newUser(`nth${number}@sp.example`) })).status,
      );
    }
    expect(statuses).toEqual([200, 503, 200]);
  });
});
