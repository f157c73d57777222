import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveUser, errorOf, type OrgClient, startOrg, userBody } from './org-client.js';

let org: OrgClient;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.stop());

const lifecycle = (id: string, name: string) => org.call('POST', `/api/v1/users/${id}/lifecycle/${name}`);
const statusOf = async (id: string) => (await org.call('GET', `/api/v1/users/${id}`)).object.status;

describe('a new user', () => {
  it.each([
    ['?activate=false', undefined, 'STAGED'],
    ['?activate=true', undefined, 'PROVISIONED'],
    ['?activate=true', { password: { value: 'Correct-Horse-7' } }, 'ACTIVE'],
    ['?activate=true&nextLogin=changePassword', { password: { value: 'Correct-Horse-7' } }, 'PASSWORD_EXPIRED'],
    ['?activate=true&provider=true', { provider: { type: 'FEDERATION', name: 'FEDERATION' } }, 'ACTIVE'],
  ])('created with %s and credentials %j is %s', async (query, credentials, status) => {
    const answer = await org.call('POST', `/api/v1/users${query}`, userBody({ credentials }));
    expect(answer.status).toBe(200);
    expect(answer.object.status).toBe(status);
  });

  it('needs a login that nobody has, in any spelling', async () => {
    const body = userBody({ profile: { login: 'Twice@example.com', email: 'a@example.com' } });
    expect((await org.call('POST', '/api/v1/users', body)).status).toBe(200);
    const again = await org.call('POST', '/api/v1/users', userBody({ profile: { login: 'twice@example.com' } }));
    expect(again.status).toBe(400);
    expect(errorOf(again)).toEqual({
      code: 'E0000001',
      causes: ['login: An object with this field already exists in the current organization'],
    });
  });

  it('is refused with a weak password', async () => {
    const answer = await org.call('POST', '/api/v1/users', userBody({ credentials: { password: { value: 'weak' } } }));
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000001']);
  });

  it('is refused with an attribute that the schema does not have', async () => {
    const answer = await org.call('POST', '/api/v1/users', userBody({ profile: { favouriteColour: 'green' } }));
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000001']);
  });
});

describe('transitions of a user', () => {
  it.each([
    ['activate', 403, 'E0000016'],
    ['reactivate', 403, 'E0000038'],
    ['unsuspend', 400, 'E0000001'],
    ['unlock', 403, 'E0000032'],
  ])('of an ACTIVE user refuse %s with %i %s', async (name, status, code) => {
    const answer = await lifecycle(await createActiveUser(org), name);
    expect([answer.status, errorOf(answer).code]).toEqual([status, code]);
  });

  it('suspend an ACTIVE user only, and take it back', async () => {
    const id = await createActiveUser(org);
    expect((await lifecycle(id, 'suspend')).status).toBe(200);
    expect(await statusOf(id)).toBe('SUSPENDED');
    expect((await lifecycle(id, 'suspend')).status).toBe(400);
    expect((await lifecycle(id, 'unsuspend')).status).toBe(200);
    expect(await statusOf(id)).toBe('ACTIVE');
  });

  it('deactivate once, and a deactivated user can be activated again without its password', async () => {
    const id = await createActiveUser(org);
    expect((await lifecycle(id, 'deactivate')).status).toBe(200);
    expect(await statusOf(id)).toBe('DEPROVISIONED');
    expect(errorOf(await lifecycle(id, 'deactivate')).code).toBe('E0000038');
    expect((await org.call('POST', `/api/v1/users/${id}`, { profile: { nickName: 'x' } })).status).toBe(403);
    expect((await lifecycle(id, 'activate')).status).toBe(200);
    expect(await statusOf(id)).toBe('PROVISIONED');
  });

  it('delete in two steps', async () => {
    const id = await createActiveUser(org);
    expect((await org.call('DELETE', `/api/v1/users/${id}`)).status).toBe(204);
    expect(await statusOf(id)).toBe('DEPROVISIONED');
    expect((await org.call('DELETE', `/api/v1/users/${id}`)).status).toBe(204);
    const gone = await org.call('GET', `/api/v1/users/${id}`);
    expect([gone.status, errorOf(gone).code]).toEqual([404, 'E0000007']);
  });

  it('take effect later where the org has a delay for them, and show the target meanwhile', async () => {
    const slow = await startOrg();
    slow.org.background.delays.lifecycle = 60_000;
    const id = await createActiveUser(slow);
    await slow.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
    const between = await slow.call('GET', `/api/v1/users/${id}`);
    expect([between.object.status, between.object.transitioningToStatus]).toEqual(['ACTIVE', 'DEPROVISIONED']);
    slow.org.clock.advance(60_000);
    await slow.org.background.idle();
    expect((await slow.call('GET', `/api/v1/users/${id}`)).object.status).toBe('DEPROVISIONED');
    await slow.stop();
  });
});

describe('writing a profile', () => {
  it('merges with POST and replaces with PUT', async () => {
    const { object } = await org.call(
      'POST',
      '/api/v1/users',
      userBody({ profile: { nickName: 'Addie', city: 'London' } }),
    );
    const path = `/api/v1/users/${object.id}`;
    const merged = await org.call('POST', path, { profile: { city: 'Paris' } });
    expect(merged.object.profile).toMatchObject({ nickName: 'Addie', city: 'Paris' });
    const { firstName, lastName, email, login } = JSON.parse(JSON.stringify(object.profile));
    const replaced = await org.call('PUT', path, { profile: { firstName, lastName, email, login } });
    expect(replaced.object.profile).not.toHaveProperty('nickName');
  });

  it('is refused with 412 if the user changed since the version in If-Match', async () => {
    const id = await createActiveUser(org);
    const etag = (await org.call('GET', `/api/v1/users/${id}`)).headers.get('etag') ?? '';
    const first = await org.call('POST', `/api/v1/users/${id}`, { profile: { city: 'Oslo' } }, { 'if-match': etag });
    expect(first.status).toBe(200);
    const second = await org.call('POST', `/api/v1/users/${id}`, { profile: { city: 'Rome' } }, { 'if-match': etag });
    expect([second.status, errorOf(second).code]).toEqual([412, 'E0000231']);
  });
});
