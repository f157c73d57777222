import { describe, expect, it } from 'vitest';
import { bearer, spec, startApi } from './api.js';

describe('problem answers', () => {
  it.each(['/nowhere', '/v1/nowhere', '/v1/federations/acme/gates'])(
    '%s: an unknown address is a problem, too',
    async (url) => {
      const answer = await (await startApi()).inject({ url, headers: bearer('viewer') });
      expect(answer.statusCode).toBe(404);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ status: 404, code: 'O2O_ROUTE_NOT_FOUND', instance: url, errors: [] });
    },
  );

  it('an address that cannot be decoded is a problem, too', async () => {
    const answer = await (await startApi()).inject({ url: '/v1/%zz' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID' });
  });

  it('carries the id under which the log has the request', async () => {
    const answer = await (await startApi()).inject({ url: '/nowhere' });
    expect(answer.json().requestId).toBe(answer.headers['x-request-id']);
  });

  it('does not take the id of a request from its sender', async () => {
    const answer = await (await startApi()).inject({ url: '/nowhere', headers: { 'x-request-id': 'forged' } });
    expect(answer.json().requestId).not.toBe('forged');
  });

  it('says nothing of what failed inside', async () => {
    const app = await startApi();
    app.get('/broken', () => {
      throw new Error('password=hunter2');
    });
    const answer = await app.inject({ url: '/broken' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'O2O_INTERNAL', retryable: false });
    expect(answer.body).not.toContain('hunter2');
  });
});

describe('when Temporal is down', () => {
  it('every route that needs it answers 503 and asks to try again', async () => {
    const app = await startApi();
    const requests = [
      { method: 'PUT', url: '/v1/federations/acme', payload: spec },
      { method: 'POST', url: '/v1/federations/acme/plan', payload: spec },
      { method: 'GET', url: '/v1/federations/acme' },
      { method: 'GET', url: '/v1/federations' },
      { method: 'POST', url: '/v1/federations/acme/gates/spToken', payload: { choice: 'done', why: 'it is there' } },
      { method: 'GET', url: '/readyz' },
    ] as const;
    const answers = await Promise.all(
      requests.map((request) => app.inject({ ...request, headers: bearer('operator') })),
    );
    for (const answer of answers) {
      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBeDefined();
      expect(answer.json()).toMatchObject({ code: 'O2O_TEMPORAL_UNAVAILABLE', retryable: true });
    }
  });

  it('the process still says that it is alive', async () => {
    const answer = await (await startApi()).inject({ url: '/healthz' });
    expect(answer.json()).toEqual({ status: 'ok' });
  });
});
