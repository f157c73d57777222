import { describe, expect, it } from 'vitest';
import { bearer, spec, startApi } from './api.js';

const routes = [
  ['PUT', '/v1/federations/acme'],
  ['GET', '/v1/federations/acme'],
  ['GET', '/v1/federations'],
  ['POST', '/v1/federations/acme/plan'],
  ['POST', '/v1/federations/acme/gates/spToken'],
] as const;

describe('a token', () => {
  it.each(routes)('%s %s is closed without one', async (method, url) => {
    const answer = await (await startApi()).inject({ method, url });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json()).toMatchObject({ code: 'O2O_UNAUTHENTICATED' });
  });

  it.each([
    ['of nobody', 'Bearer nobody'],
    ['that is empty', 'Bearer '],
    ['under another scheme', 'Basic b3BlcmF0b3I6'],
  ])('%s is refused', async (_, authorization) => {
    const answer = await (await startApi()).inject({ url: '/v1/federations', headers: { authorization } });
    expect(answer.statusCode).toBe(401);
  });

  it('is asked for before the body is read', async () => {
    const answer = await (await startApi()).inject({
      method: 'PUT',
      url: '/v1/federations/acme',
      payload: { wrong: 1 },
    });
    expect(answer.statusCode).toBe(401);
  });

  it.each([
    ['PUT', '/v1/federations/acme'],
    ['POST', '/v1/federations/acme/plan'],
  ] as const)('of a viewer cannot %s %s', async (method, url) => {
    const answer = await (await startApi()).inject({ method, url, headers: bearer('viewer'), payload: spec });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'O2O_FORBIDDEN' });
    expect(answer.json().detail).toContain('viewer@tests');
  });

  it('of an approver may do what an operator may', async () => {
    const answer = await (await startApi()).inject({
      method: 'PUT',
      url: '/v1/federations/acme',
      headers: bearer('approver'),
      payload: { ...spec, sp: 'stranger' },
    });
    expect(answer.json()).toMatchObject({ code: 'O2O_ORG_UNKNOWN' });
  });

  it.each(['/healthz', '/openapi.json', '/docs/'])('is not needed for %s', async (url) => {
    const answer = await (await startApi()).inject({ url });
    expect(answer.statusCode).toBe(200);
  });
});
