import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { bearer, startApi } from './api.js';

const url = '/v1/hooks/okta/partner';
const challenge = 'x-okta-verification-challenge';
const secrets = ['planted-secret-1', 'planted-secret-2'];

/** The API without a Temporal server, with a hook of the one org and none of the other. */
function start(): Promise<FastifyInstance> {
  const sha256 = secrets.map((secret) => createHash('sha256').update(secret).digest('hex'));
  return startApi(undefined, {
    orgs: {
      partner: { url: 'https://partner.okta.com', eventHook: { sha256 } },
      company: { url: 'https://c.okta.com' },
    },
  });
}

const ignored = delivery('user.session.start');

function delivery(eventType: string) {
  const target = [{ id: '00uada', type: 'User', alternateId: 'ada@acme.example' }];
  return {
    eventId: 'e1',
    eventType: 'com.okta.event_hook',
    source: 'https://partner.okta.com/api/v1/eventHooks/who1',
    data: { events: [{ uuid: 'u1', eventType, target, severity: 'INFO' }] },
  };
}

describe('the verification of a hook', () => {
  it.each(['7ab1c2d4-0000-4000-8000-1234567890ab', 'AbC_1.2~3+4/5==', 'x'.repeat(256)])('repeats %s', async (value) => {
    const answer = await (await start()).inject({ url, headers: { [challenge]: value } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ verification: value });
  });

  it.each([
    ['nothing', undefined],
    ['markup', '<script>'],
    ['what is too long', 'x'.repeat(257)],
    ['blanks', 'a b'],
  ])('does not repeat %s', async (_, value) => {
    const answer = await (await start()).inject({ url, headers: value === undefined ? {} : { [challenge]: value } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID' });
  });

  it.each(['company', 'stranger', '__proto__', 'constructor'])('is refused for %s', async (org) => {
    const answer = await (await start()).inject({ url: `/v1/hooks/okta/${org}`, headers: { [challenge]: 'x' } });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'O2O_HOOK_NOT_CONFIGURED' });
  });
});

describe('a delivery', () => {
  it.each(secrets)('with the secret %s is taken', async (authorization) => {
    const answer = await (await start()).inject({
      method: 'POST',
      url,
      headers: { authorization },
      payload: ignored,
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ handedOver: 0, ignored: 1 });
  });

  it.each([
    ['no secret', {}],
    ['a wrong secret', { authorization: 'planted-secret-3' }],
    ['the secret as a bearer token', { authorization: 'Bearer planted-secret-1' }],
    ['an API token instead', bearer('approver')],
  ])('with %s is refused, whatever it holds', async (_, headers) => {
    for (const payload of [ignored, 'x'.repeat(300_000)]) {
      const answer = await (await start()).inject({ method: 'POST', url, headers, payload });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'O2O_HOOK_SECRET_WRONG' });
      expect(answer.body).not.toContain('planted');
    }
  });

  it('for an org without hooks is refused', async () => {
    const answer = await (await start()).inject({ method: 'POST', url: '/v1/hooks/okta/company', payload: ignored });
    expect(answer.statusCode).toBe(404);
  });

  const post = async (payload: object | string, type = 'application/json') =>
    (await start()).inject({
      method: 'POST',
      url,
      headers: { authorization: 'planted-secret-1', 'content-type': type },
      payload,
    });

  it('that is too large is refused', async () => {
    const answer = await post({ ...ignored, padding: 'x'.repeat(300_000) });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'O2O_BODY_TOO_LARGE' });
  });

  it.each([
    ['JSON that is cut off', '{"eventId":"e1","data":{"ev'],
    ['no events', { eventId: 'e1', data: {} }],
    ['an empty list', { eventId: 'e1', data: { events: [] } }],
    ['more events than a delivery may hold', { eventId: 'e1', data: { events: Array(1001).fill({ eventType: 'x' }) } }],
    ['no id', { data: ignored.data }],
    ['something else', '[]'],
  ])('with %s is refused', async (_, payload) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('in another media type is refused', async () => {
    expect((await post('<x/>', 'application/xml')).statusCode).toBe(415);
  });

  it('that gives reason to look is 503 while Temporal is away, so that Okta sends it again', async () => {
    const answer = await post(delivery('user.lifecycle.deactivate'));
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'O2O_TEMPORAL_UNAVAILABLE' });
  });
});
