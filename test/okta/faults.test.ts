import { once } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createApplication, findApplication, getApplication, listApplications } from '../../src/okta/applications.js';
import { assignUserToGroup } from '../../src/okta/groups.js';
import { json, oktaError, type Respond, startServer } from './support/local-server.js';
import { openTestOrg, openTestSession } from './support/open-session.js';

const app = { id: '0oa1', name: 'okta_org2org', label: 'Org2Org', status: 'ACTIVE', signOnMode: 'SAML_2_0' };

describe('an answer that cannot be trusted is an error that is tried again, never an empty result', () => {
  test.each<[string, Respond, string]>([
    [
      'is cut off within its JSON',
      (_request, response) => response.end('[{"id":"0oa1","na'),
      'O2O_OKTA_ANSWER_INVALID',
    ],
    [
      'is the HTML of a gateway',
      (_request, response) => response.end('<html>Maintenance</html>'),
      'O2O_OKTA_ANSWER_INVALID',
    ],
    ['is empty', (_request, response) => response.end(), 'O2O_OKTA_ANSWER_INVALID'],
    [
      'is an object instead of a list',
      (_request, response) => json(response, 200, { apps: [] }),
      'O2O_OKTA_ANSWER_INVALID',
    ],
    [
      'lacks a field that is needed',
      (_request, response) => json(response, 200, [{ ...app, id: undefined }]),
      'O2O_OKTA_ANSWER_INVALID',
    ],
    [
      'announces more than arrives',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('[]');
        setImmediate(() => response.destroy());
      },
      'O2O_OKTA_UNREACHABLE',
    ],
    [
      'never begins, because the connection is reset',
      (_request, response) => void response.socket?.resetAndDestroy(),
      'O2O_OKTA_UNREACHABLE',
    ],
    [
      'is a 404 of a gateway',
      (_request, response) => void response.writeHead(404).end('<html>Not found</html>'),
      'O2O_OKTA_ANSWER_INVALID',
    ],
  ])('%s', async (_case, respond, code) => {
    const server = await startServer(respond);
    const session = openTestSession(server.url);
    await expect(listApplications(session)).rejects.toMatchObject({ code, problem: { retryable: true } });
    await expect(findApplication(session, '0oa1')).rejects.toMatchObject({ code });
  });

  test('names the place where an answer leaves its schema, not what it holds there', async () => {
    const server = await startServer((_request, response) => json(response, 200, { ...app, label: { secret: 'x9' } }));
    const error: unknown = await getApplication(openTestSession(server.url), '0oa1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expect.stringContaining('/label'), status: 200, requestId: 'req-1' });
    expect(String(error)).not.toContain('x9');
  });
});

describe('a compressed answer', () => {
  const zipped = gzipSync(JSON.stringify([{ ...app, label: 'Zürich' }]));
  const answering =
    (body: Buffer): Respond =>
    (request, response) => {
      const asked = request.headers['accept-encoding'] === 'gzip';
      response
        .writeHead(asked ? 200 : 406, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(body);
    };

  test('is asked for and read', async () => {
    const server = await startServer(answering(zipped));
    expect(await listApplications(openTestSession(server.url))).toMatchObject([{ id: '0oa1', label: 'Zürich' }]);
  });

  test('is nothing where a write was answered with 204 and the same header', async () => {
    const server = await startServer((_request, response) =>
      response.writeHead(204, { 'content-encoding': 'gzip' }).end(),
    );
    await expect(assignUserToGroup(openTestSession(server.url), '00g1', '00u1')).resolves.toBeUndefined();
  });

  test.each([
    ['cut off', zipped.subarray(0, zipped.length - 12), 'the connection ended before the answer did'],
    ['damaged', Buffer.from('[]'), 'the answer is damaged'],
    ['a hundred megabytes of nothing', gzipSync(Buffer.alloc(100 * 1024 * 1024)), 'the answer is too large'],
  ])('is an error that is tried again, never an empty result, where it is %s', async (_case, body, detail) => {
    const server = await startServer(answering(body));
    await expect(listApplications(openTestSession(server.url))).rejects.toMatchObject({
      code: 'O2O_OKTA_UNREACHABLE',
      message: expect.stringContaining(detail),
      problem: { retryable: true },
    });
  });
});

describe('a time limit', () => {
  test.each<[string, Respond]>([
    ['covers an answer that never begins', () => undefined],
    ['covers an answer that never ends', (_request, response) => void response.writeHead(200).write('{"id":')],
  ])('%s', async (_case, respond) => {
    const server = await startServer(respond);
    const session = openTestSession(server.url, { requestTimeoutMs: 100 });
    await expect(getApplication(session, '0oa1')).rejects.toMatchObject({
      code: 'O2O_OKTA_TIMEOUT',
      message: expect.stringContaining('getApplication'),
    });
  });
});

test('a writing call that takes too long may still be carried out: its error asks to wait as long again', async () => {
  const server = await startServer(() => undefined);
  const session = openTestSession(server.url, { requestTimeoutMs: 100 });
  await expect(createApplication(session, {})).rejects.toMatchObject({ code: 'O2O_OKTA_TIMEOUT', retryAfterMs: 100 });
  await expect(getApplication(session, '0oa1')).rejects.toMatchObject({ code: 'O2O_OKTA_TIMEOUT', retryAfterMs: null });
});

describe('cancellation', () => {
  test('ends a request that is under way and comes out as the reason of the signal', async () => {
    const controller = new AbortController();
    const reason = new Error('the activity was cancelled');
    const server = await startServer(() => controller.abort(reason));
    const session = openTestOrg(server.url).session({ signal: controller.signal });
    await expect(getApplication(session, '0oa1')).rejects.toBe(reason);
  });

  test('sends nothing once it has happened', async () => {
    const reason = new Error('the activity was cancelled');
    const server = await startServer((_request, response) => json(response, 200, app));
    const session = openTestOrg(server.url).session({ signal: AbortSignal.abort(reason) });
    await expect(getApplication(session, '0oa1')).rejects.toBe(reason);
    expect(server.received).toEqual([]);
  });

  test('ends the wait for a secret', async () => {
    const controller = new AbortController();
    const reason = new Error('the activity was cancelled');
    const secrets = () => {
      controller.abort(reason);
      return new Promise<string>(() => undefined);
    };
    const session = openTestOrg('http://127.0.0.1:9', { secrets }).session({ signal: controller.signal });
    await expect(getApplication(session, '0oa1')).rejects.toBe(reason);
  });
});

test('an org that is not there is unreachable, and the error does not show the address of the object', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const address = free.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  free.close();
  await once(free, 'close');
  const error: unknown = await getApplication(openTestSession(`http://127.0.0.1:${port}`), 'jane@example.com').catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'O2O_OKTA_UNREACHABLE', message: expect.stringContaining('refused') });
  expect(JSON.stringify(error) + String(error)).not.toContain('jane');
});

test('a writing call is sent once, whatever becomes of it', async () => {
  const server = await startServer((_request, response) => void response.socket?.resetAndDestroy());
  await expect(createApplication(openTestSession(server.url), { label: 'x' })).rejects.toThrow();
  expect(server.received.length).toBe(1);
});

test('a limited rate is not waited for here: the error carries the delay', async () => {
  const server = await startServer((_request, response) => {
    const date = Math.floor(Date.now() / 1000) * 1000;
    oktaError(response, 429, 'E0000047', 'API call exceeded rate limit due to too many requests.', [], {
      date: new Date(date).toUTCString(),
      'x-rate-limit-limit': '50',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(date / 1000 + 20),
    });
  });
  const failed = getApplication(openTestSession(server.url), '0oa1');
  await expect(failed).rejects.toMatchObject({ code: 'O2O_OKTA_RATE_LIMITED', retryAfterMs: 21_000 });
  expect(server.received.length).toBe(1);
});
