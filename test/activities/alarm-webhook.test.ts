import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alarmWebhook } from '../../src/activities/alarm-webhook.js';
import { AlarmSettings } from '../../src/config/alarm-settings.js';
import type { AlarmEvent } from '../../src/domain/alarm.js';

const secret = 'planted-webhook-secret';

const event: AlarmEvent = {
  event: 'raised',
  at: '2026-06-01T00:00:00.000Z',
  alarm: {
    id: 'drift/acme',
    kind: 'drift',
    severity: 'warning',
    federationId: 'acme',
    message: '1 field(s) differ from what was agreed.',
    fix: 'GET …/drift',
    facts: {},
    raisedAt: '2026-06-01T00:00:00.000Z',
    changedAt: '2026-06-01T00:00:00.000Z',
  },
};

describe('the webhook of alarms', () => {
  let server: Server;
  let url: string;
  let status: number;
  let taken: { readonly headers: IncomingHttpHeaders; readonly body: string; readonly path: string }[];

  beforeEach(async () => {
    status = 204;
    taken = [];
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      taken.push({ headers: request.headers, body, path: request.url ?? '' });
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `http://127.0.0.1:${address.port}/alarms`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const tell = () =>
    alarmWebhook(AlarmSettings.parse({ webhook: { url, secret: 'env:HOOK' } }), async () => secret)(event);

  it('is sent the event, signed, without the secret', async () => {
    await tell();
    const signed = String(taken[0]?.headers['org2org-signature']);
    const body = taken[0]?.body ?? '';
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signed) ?? [];
    expect(signature).toBe(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
    expect(JSON.parse(body)).toMatchObject({ event: 'raised', alarm: { id: 'drift/acme' } });
    expect(JSON.stringify(taken)).not.toContain(secret);
  });

  it('is sent the same id when the event is sent again', async () => {
    await tell();
    await tell();
    const ids = taken.map(({ body }) => JSON.parse(body).id);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it.each([301, 400, 500, 503])('that answers %i has not taken it: it is tried again', async (answer) => {
    status = answer;
    await expect(tell()).rejects.toMatchObject({ code: 'O2O_ALARM_NOT_TAKEN', problem: { retryable: true } });
    expect(taken.map(({ path }) => path)).toEqual(['/alarms']);
  });

  it('that cannot be reached has not taken it', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(tell()).rejects.toMatchObject({ code: 'O2O_ALARM_NOT_TAKEN' });
    server.listen(0);
  });

  it('is nobody where none is configured', async () => {
    await alarmWebhook(AlarmSettings.parse({}), async () => secret)(event);
    expect(taken).toEqual([]);
  });

  it.each(['http://hooks.example/x', 'ftp://hooks.example/x', 'hooks'])('cannot be at %s', (address) => {
    const { success } = AlarmSettings.safeParse({ webhook: { url: address, secret: 'env:HOOK' } });
    expect(success).toBe(false);
  });
});
