import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, type OrgClient, startOrg } from '../management/org-client.js';

let org: OrgClient;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.stop());

describe('the server of an org', () => {
  it.each([
    ['POST', '/api/v1/users', '{"profile":', 400, 'E0000003'],
    ['PATCH', '/api/v1/users', {}, 405, 'E0000022'],
    ['DELETE', '/api/v1/groups', undefined, 405, 'E0000022'],
    ['GET', '/api/v1/nothing', undefined, 404, 'E0000008'],
    ['GET', '/api/v1/users/00unobody', undefined, 404, 'E0000007'],
  ])('answers %s %s with body %j with %i %s', async (method, path, body, status, code) => {
    const answer = await org.call(method, path, body);
    expect([answer.status, errorOf(answer).code]).toEqual([status, code]);
    expect(answer.object).toMatchObject({ errorLink: code, errorId: expect.stringMatching(/^oae/) });
  });

  it('answers a body of 10 MB with 413', async () => {
    const answer = await org.call('POST', '/api/v1/groups', { profile: { name: 'x'.repeat(10_000_000) } });
    expect(answer.status).toBe(413);
  });

  it('takes only JSON', async () => {
    const answer = await org.call('POST', '/api/v1/groups', 'name=x', { 'content-type': 'text/plain' });
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000021']);
  });

  it('gives every answer a request id and the time of the org', async () => {
    org.org.clock.set(Date.parse('2030-01-02T03:04:05Z'));
    const answer = await org.call('GET', '/api/v1/org');
    expect(answer.headers.get('x-okta-request-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get('date')).toMatch(/^Wed, 02 Jan 2030 03:04:0\d GMT$/);
  });
});
