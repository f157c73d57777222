import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveUser, errorOf, type OrgClient, startOrg, userBody } from './org-client.js';

let org: OrgClient;
beforeAll(async () => {
  org = await startOrg();
  for (let index = 0; index < 7; index += 1) {
    const login = `list${index}@example.com`;
    await org.call(
      'POST',
      '/api/v1/users',
      userBody({
        profile: { login, email: login, firstName: index % 2 === 0 ? 'Even' : 'Odd', lastName: `L${index}` },
      }),
    );
  }
});
afterAll(() => org.stop());

function linkOf(headers: Headers, rel: string): string | undefined {
  return (headers.get('link') ?? '')
    .split(/,\s*(?=<)/)
    .find((link) => link.includes(`rel="${rel}"`))
    ?.match(/<([^>]+)>/)?.[1];
}

async function all(path: string): Promise<string[]> {
  const ids: string[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const page = await org.call('GET', next.replace(org.org.url, ''));
    ids.push(...page.list.map((user) => String(user.id)));
    next = linkOf(page.headers, 'next');
  }
  return ids;
}

const search = (expression: string) => `/api/v1/users?search=${encodeURIComponent(expression)}`;

describe('lists of users', () => {
  it('page through all users once, by the next link only', async () => {
    const ids = await all('/api/v1/users?limit=3');
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(8);
  });

  it('refuse a cursor that Okta did not give', async () => {
    const answer = await org.call('GET', '/api/v1/users?after=nonsense');
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000029']);
  });

  it.each([
    ['profile.firstName eq "Even"', 4],
    ['profile.firstName eq "Even" and profile.lastName sw "L2"', 1],
    ['profile.lastName eq "L1" or (profile.lastName eq "L3" and status eq "PROVISIONED")', 2],
    ['profile.city pr', 0],
    ['created gt "2000-01-01T00:00:00.000Z"', 8],
  ])('search by %s', async (expression, count) => {
    expect((await org.call('GET', search(expression))).list).toHaveLength(count);
  });

  it.each([
    'profile.lastName ne "L1"',
    'colour eq "red"',
    'profile.lastName eq',
    '"L1" eq profile.lastName',
    'profile.lastName eq "L1" and',
  ])('refuse the search %s with E0000031', async (expression) => {
    const answer = await org.call('GET', search(expression));
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000031']);
  });

  it('sort a search, across pages', async () => {
    const path = `${search('profile.lastName sw "L"')}&sortBy=profile.lastName&sortOrder=desc&limit=3`;
    const first = await org.call('GET', path);
    expect(first.list.map((user) => JSON.parse(JSON.stringify(user.profile)).lastName)).toEqual(['L6', 'L5', 'L4']);
    expect(await all(path)).toHaveLength(7);
  });

  it('filter by status and show deactivated users only where they are asked for', async () => {
    const id = await createActiveUser(org);
    await org.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
    const plain = await all('/api/v1/users');
    expect(plain).not.toContain(id);
    expect(await all(`/api/v1/users?filter=${encodeURIComponent('status eq "DEPROVISIONED"')}`)).toEqual([id]);
    expect(await all(search('status eq "DEPROVISIONED"'))).toEqual([id]);
  });

  it('filter by ids and logins joined by `or`: each user once, in the order of the ids, page by page', async () => {
    const [first = '', second = '', third = ''] = await all('/api/v1/users');
    const { profile } = (await org.call('GET', `/api/v1/users/${third}`)).object;
    const login = String(JSON.parse(JSON.stringify(profile)).login).toUpperCase();
    const named = [`profile.login eq "${login}"`, `id eq "${second}"`, `id eq "${first}"`, `id eq "${second}"`];
    const filter = encodeURIComponent([...named, 'profile.login eq "nobody@idp.example"'].join(' or '));
    expect(await all(`/api/v1/users?filter=${filter}&limit=2`)).toEqual([first, second, third]);
  });

  it('let `search` lag behind by the delay, while the user itself is read as it is', async () => {
    const lagging = await startOrg();
    lagging.org.background.delays.search = 60_000;
    const id = await createActiveUser(lagging);
    const find = async () =>
      (await lagging.call('GET', search('profile.firstName eq "Ada"'))).list.map((user) => user.status);
    expect(await find()).toEqual([]);
    lagging.org.clock.advance(60_000);
    await lagging.org.background.idle();
    expect(await find()).toEqual(['ACTIVE']);
    await lagging.call('POST', `/api/v1/users/${id}/lifecycle/suspend`);
    expect((await lagging.call('GET', `/api/v1/users/${id}`)).object.status).toBe('SUSPENDED');
    expect(await find()).toEqual(['ACTIVE']);
    lagging.org.clock.advance(60_000);
    await lagging.org.background.idle();
    expect(await find()).toEqual(['SUSPENDED']);
    await lagging.stop();
  });
});
