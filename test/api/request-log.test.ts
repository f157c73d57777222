import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { bearer, startApi, tokens } from './api.js';

it('has one line for each answer, which tells who asked for what, and neither login nor token', async () => {
  const written = new PassThrough();
  const api = await startApi(undefined, { logger: { level: 'info', stream: written } });
  const answer = await api.inject({
    method: 'POST',
    url: '/v1/federations/acme/users/emmy.noether%40partner.example/transitions?token=in-the-address',
    headers: { ...bearer('operator'), 'content-type': 'application/json' },
    body: { transition: 'dance', reason: 'emmy.noether is gone' },
  });
  await api.inject({ url: '/v1/nowhere/emmy.noether', headers: bearer('viewer') });
  written.end();

  const log = await text(written);
  const lines = log.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      reqId: answer.headers['x-request-id'],
      method: 'POST',
      route: '/v1/federations/:id/users/:login/transitions',
      federation: 'acme',
      actor: 'operator@tests',
      from: '127.0.0.1',
      status: 400,
      code: 'O2O_REQUEST_INVALID',
    }),
    expect.objectContaining({ method: 'GET', route: null, status: 404, code: 'O2O_ROUTE_NOT_FOUND' }),
  ]);
  for (const kept of ['emmy', 'in-the-address', tokens.operator, tokens.viewer]) expect(log).not.toContain(kept);
});
