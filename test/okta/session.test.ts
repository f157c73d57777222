import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pageOfApplicationUsers } from '../../src/okta/application-users.js';
import {
  createApplication,
  findApplication,
  getApplication,
  listApplications,
  replaceApplication,
} from '../../src/okta/applications.js';
import type { ObservedAnswer } from '../../src/okta/request-executor.js';
import { json, oktaError, startServer } from './support/local-server.js';
import { openTestOrg, openTestSession } from './support/open-session.js';

const app = (id: string) => ({ id, name: 'okta_org2org', label: id, status: 'ACTIVE', signOnMode: 'SAML_2_0' });

describe('a list', () => {
  test('is followed page by page to its end, on the org itself whatever host the link names', async () => {
    const server = await startServer((request, response) => {
      const after = new URL(request.url, 'http://x').searchParams.get('after');
      const next = after === null ? 'p2' : after === 'p2' ? 'p3' : null;
      const self = `<https://elsewhere.example${request.url}>; rel="self"`;
      const link =
        next === null ? self : `${self}, <https://elsewhere.example/api/v1/apps?after=${next}&limit=200>; rel="next"`;
      json(response, 200, [app(`0oa-${after}`)], { link });
    });
    const session = openTestSession(server.url);
    const apps = await listApplications(session, { name: 'okta_"org' });
    expect(apps.map(({ id }) => id)).toEqual(['0oa-null', '0oa-p2', '0oa-p3']);
    expect(new URL(server.received[0]?.url ?? '', 'http://x').searchParams.get('filter')).toBe('name eq "okta_\\"org"');
    expect(session.evidence.length).toBe(3);
  });

  test('that leads in a circle is an error instead of an endless read', async () => {
    const server = await startServer((_request, response) => {
      json(response, 200, [], { link: '</api/v1/apps?after=same>; rel="next"' });
    });
    await expect(listApplications(openTestSession(server.url))).rejects.toMatchObject({
      code: 'O2O_OKTA_ANSWER_INVALID',
    });
  });

  test('can be read page by page by its cursor', async () => {
    const user = { id: '00u1', status: 'PROVISIONED' };
    const server = await startServer((request, response) => {
      const last = request.url.includes('after=c2');
      const link = '<https://x.example/api/v1/apps/0oa1/users?after=c2&limit=500>; rel="next"';
      json(response, 200, [user], last ? {} : { link });
    });
    const session = openTestSession(server.url);
    const first = await pageOfApplicationUsers(session, '0oa1', null);
    const second = await pageOfApplicationUsers(session, '0oa1', first.after);
    expect([first.after, second.after]).toEqual(['c2', null]);
  });

  test('whose next page has no cursor is not taken for complete', async () => {
    const server = await startServer((_request, response) => {
      json(response, 200, [], { link: '<https://x.example/api/v1/apps/0oa1/users?page=2>; rel="next"' });
    });
    const page = pageOfApplicationUsers(openTestSession(server.url), '0oa1', null);
    await expect(page).rejects.toMatchObject({ code: 'O2O_OKTA_ANSWER_INVALID' });
  });
});

test('an object is absent only if Okta itself says so', async () => {
  const answers = [
    ['E0000007', 404],
    ['E0000008', 404],
    ['E0000006', 403],
  ] as const;
  const server = await startServer((request, response) => {
    const [code, status] = answers[Number(request.url.at(-1))] ?? answers[0];
    oktaError(response, status, code, 'Summary');
  });
  const session = openTestSession(server.url);
  expect(await findApplication(session, '0')).toBeNull();
  await expect(findApplication(session, '1')).rejects.toMatchObject({ code: 'O2O_OKTA_NOT_FOUND' });
  await expect(findApplication(session, '2')).rejects.toMatchObject({ code: 'O2O_OKTA_PERMISSION_MISSING' });
  await expect(getApplication(session, '0')).rejects.toMatchObject({ code: 'O2O_OKTA_NOT_FOUND' });
});

test('an object that is read, changed and written back keeps every field that this project does not know', async () => {
  const whole = {
    ...app('0oa1'),
    orn: 'orn:x',
    settings: {
      app: { baseUrl: 'https://sp', idpId: null },
      notes: { admin: null },
      signOn: { slo: { enabled: false } },
    },
    _links: { appLinks: [{ name: 'login', href: 'https://x', type: 'text/html' }], other: { href: 'y' } },
  };
  const server = await startServer((_request, response) => json(response, 200, whole));
  const session = openTestSession(server.url);
  await replaceApplication(session, '0oa1', await getApplication(session, '0oa1'));
  expect(JSON.parse(server.received.at(-1)?.body ?? '')).toEqual(whole);
});

describe('evidence', () => {
  test('holds operation, status, request id and facts of each answer, in order, refused ones too', async () => {
    const server = await startServer((request, response) => {
      if (request.method === 'POST') oktaError(response, 400, 'E0000001', 'Api validation failed');
      else json(response, 200, app('0oa1'));
    });
    const session = openTestSession(server.url);
    await getApplication(session, '0oa1');
    await expect(createApplication(session, {})).rejects.toThrow();
    const common = { org: 'acme', requestId: 'req-1', at: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(session.evidence).toEqual([
      { ...common, operation: 'getApplication', status: 200, facts: { id: '0oa1', status: 'ACTIVE' } },
      { ...common, operation: 'createApplication', status: 400, facts: { errorCode: 'E0000001' } },
    ]);
  });

  test('belongs to one session only', async () => {
    const server = await startServer((_request, response) => json(response, 200, app('0oa1')));
    const org = openTestOrg(server.url);
    const [one, other] = [org.session(), org.session()];
    await Promise.all([getApplication(one, '0oa1'), getApplication(other, '0oa1'), getApplication(other, '0oa1')]);
    expect([one.evidence.length, other.evidence.length]).toEqual([1, 2]);
  });
});

test('every answer can be observed with the rate limit that it counts against', async () => {
  const observed: ObservedAnswer[] = [];
  const server = await startServer((_request, response) => {
    const reset = String(Date.parse('2026-03-01T12:00:00Z') / 1000);
    const headers = { 'x-rate-limit-limit': '50', 'x-rate-limit-remaining': '7', 'x-rate-limit-reset': reset };
    json(response, 200, app('0oa1'), headers);
  });
  await getApplication(openTestSession(server.url, { onAnswer: (answer) => observed.push(answer) }), '0oa1');
  expect(observed).toMatchObject([
    {
      operation: 'getApplication',
      status: 200,
      rateLimit: { limit: 50, remaining: 7, resetAt: '2026-03-01T12:00:00.000Z' },
    },
  ]);
});

test('a body is sent as JSON; a request without one says nothing of its type', async () => {
  const server = await startServer((_request, response) => void response.writeHead(204).end());
  const session = openTestSession(server.url);
  const call = { operation: 'x', method: 'POST', path: '/x', answer: z.unknown() } as const;
  await session.call(call);
  await session.call({ ...call, body: { a: 'ü' } });
  expect(server.received.map(({ headers, body }) => [headers['content-type'], body])).toEqual([
    [undefined, ''],
    ['application/json', '{"a":"ü"}'],
  ]);
});
