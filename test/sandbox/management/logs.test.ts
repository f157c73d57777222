import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveUser, errorOf, type OrgClient, startOrg } from './org-client.js';

let org: OrgClient;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.stop());

const next = (headers: Headers) =>
  (headers.get('link') ?? '').match(/<([^>]+)>; rel="next"/)?.[1]?.replace(org.org.url, '');
const since = () => `since=${encodeURIComponent(new Date(Date.now() - 60_000).toISOString())}`;

describe('the System Log', () => {
  it('polled without `until` always has a next page, which gives only what is new', async () => {
    await createActiveUser(org);
    let page = await org.call('GET', `/api/v1/logs?${since()}&sortOrder=ASCENDING`);
    expect(page.list.length).toBeGreaterThan(0);
    page = await org.call('GET', next(page.headers) ?? '');
    expect(page.list).toEqual([]);
    const id = await createActiveUser(org);
    const events = (await org.call('GET', next(page.headers) ?? '')).list;
    expect(events.map((event) => event.eventType)).toEqual(['user.lifecycle.create', 'user.lifecycle.activate']);
    expect(events[0]).toMatchObject({ target: [{ id, type: 'User' }], outcome: { result: 'SUCCESS' } });
  });

  it('with `until` ends', async () => {
    const until = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    let path: string | undefined = `/api/v1/logs?${since()}&until=${until}&limit=2`;
    const ids: unknown[] = [];
    while (path !== undefined) {
      const page = await org.call('GET', path);
      ids.push(...page.list.map((event) => event.uuid));
      path = next(page.headers);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(org.org.log.all().length);
  });

  it('is filtered by what happened, to whom, and how it ended', async () => {
    const id = await createActiveUser(org);
    await org.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
    const filter = encodeURIComponent(
      `eventType eq "user.lifecycle.deactivate" and target.id eq "${id}" and outcome.result eq "SUCCESS"`,
    );
    expect((await org.call('GET', `/api/v1/logs?filter=${filter}`)).list).toHaveLength(1);
    expect((await org.call('GET', `/api/v1/logs?q=deactivate ${id}`)).list).toHaveLength(1);
  });

  it.each([
    ['filter=published+eq+"x"', 'E0000053'],
    ['since=yesterday', 'E0000030'],
    ['after=nonsense', 'E0000029'],
    [`q=${'x'.repeat(41)}`, 'E0000001'],
  ])('refuses %s', async (query, code) => {
    const answer = await org.call('GET', `/api/v1/logs?${query}`);
    expect([answer.status, errorOf(answer).code]).toEqual([400, code]);
  });
});

describe('event hooks', () => {
  const hook = (item: string) => ({
    name: `hook ${item}`,
    events: { type: 'EVENT_TYPE', items: [item] },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri: 'https://hook.example.com',
        authScheme: { type: 'HEADER', key: 'Authorization', value: 'planted-secret' },
      },
    },
  });

  it('carry only event types that are eligible', async () => {
    const refused = await org.call('POST', '/api/v1/eventHooks', hook('application.provision.user.deactivate'));
    expect([refused.status, errorOf(refused).code]).toEqual([400, 'E0000001']);
  });

  it('are made unverified, never show their secret, and are deleted only when inactive', async () => {
    const made = await org.call('POST', '/api/v1/eventHooks', hook('user.lifecycle.deactivate'));
    expect(made.object).toMatchObject({ status: 'ACTIVE', verificationStatus: 'UNVERIFIED' });
    expect(JSON.stringify(made.body)).not.toContain('planted-secret');
    const path = `/api/v1/eventHooks/${made.object.id}`;
    expect((await org.call('DELETE', path)).status).toBe(400);
    await org.call('POST', `${path}/lifecycle/deactivate`);
    expect((await org.call('DELETE', path)).status).toBe(204);
  });
});
