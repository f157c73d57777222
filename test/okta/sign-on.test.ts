import { describe, expect, test } from 'vitest';
import { signOn } from '../../src/okta/sign-on.js';
import { json, type LocalServer, oktaError, startServer } from './support/local-server.js';
import {
  autoSubmit,
  page,
  redirect,
  samlResponse,
  sessionToken,
  startWorld,
  type World,
} from './support/sign-on-world.js';

const password = 'planted-password';

function attempt(world: World, change: Partial<Parameters<typeof signOn>[0]> = {}) {
  return signOn({
    idpUrl: world.idp.url,
    spUrl: world.sp.url,
    login: 'jane@example.com',
    password,
    embedLink: 'https://acme.customdomain.example/home/okta_org2org/0oaA/51975',
    targetApp: { link: `${world.sp.url}/home/dropbox/0oaT/1`, origins: 'discover' },
    ...change,
  });
}

const host = (server: LocalServer) => new URL(server.url).host;

describe('a sign-on', () => {
  test('goes from the IdP org by its tile to the SP org and by its tile to the target app', async () => {
    const world = await startWorld();
    const trace = await attempt(world);
    expect(trace.result).toBe('arrived');
    expect(trace.page).toEqual({ url: `${world.target.url}/`, title: 'Files', signedInAs: 'jane@example.com' });
    expect(trace.hops.map((hop) => `${hop.host} ${hop.path} ${hop.status} ${hop.kind}`)).toEqual([
      `${host(world.idp)} /api/v1/authn 200 authentication`,
      `${host(world.idp)} /login/sessionCookieRedirect 302 redirect`,
      `${host(world.idp)} /home/okta_org2org/0oaA/51975 200 form`,
      `${host(world.sp)} /sso/saml2/0oaIdp 302 redirect`,
      `${host(world.sp)} /app/UserHome 200 page`,
      `${host(world.sp)} /home/dropbox/0oaT/1 200 form`,
      `${host(world.target)} /saml_login 302 redirect`,
      `${host(world.target)} / 200 page`,
    ]);
  });

  test('tells what each SAML response said before it was posted', async () => {
    const world = await startWorld();
    const { responses } = await attempt(world);
    const acs = `${world.sp.url}/sso/saml2/0oaIdp`;
    expect(responses).toMatchObject([
      {
        issuer: 'http://www.okta.com/exk1',
        destination: acs,
        recipient: acs,
        postedTo: acs,
        audience: 'the-audience',
        signed: 'none',
      },
      { issuer: 'sp', postedTo: `${world.target.url}/saml_login` },
    ]);
  });

  test('keeps nothing that could sign in', async () => {
    const world = await startWorld();
    const trace = JSON.stringify(await attempt(world));
    const posted = world.sp.received.find((request) => request.method === 'POST')?.body ?? '';
    const response = new URLSearchParams(posted).get('SAMLResponse') ?? 'none';
    for (const secret of [password, sessionToken, response, 'of-127']) expect(trace).not.toContain(secret);
  });

  test("sends each host its own cookies only, though they share this machine's name", async () => {
    const world = await startWorld();
    await attempt(world);
    for (const server of [world.idp, world.sp, world.target]) {
      const sent = server.received.map((request) => request.headers.cookie).filter((cookie) => cookie !== undefined);
      expect(new Set(sent)).toEqual(new Set([`sid=of-${host(server)}`]));
    }
  });

  test('may end at the SP org', async () => {
    const world = await startWorld();
    const trace = await attempt(world, { targetApp: null });
    expect(trace).toMatchObject({ result: 'arrived', page: { title: 'Dashboard', signedInAs: null } });
    expect(world.target.received).toEqual([]);
  });
});

describe('a user with whom sign-on cannot be tried is told apart from a sign-on that fails', () => {
  test.each(['MFA_REQUIRED', 'MFA_ENROLL', 'PASSWORD_EXPIRED', 'LOCKED_OUT'])('%s', async (status) => {
    const world = await startWorld({ '/api/v1/authn': (response) => json(response, 200, { status }) });
    const trace = await attempt(world);
    expect(trace).toMatchObject({ result: 'untestable', reason: expect.stringContaining(status), page: null });
    expect(trace.hops.length).toBe(1);
  });

  test('a wrong password', async () => {
    const world = await startWorld({
      '/api/v1/authn': (response) => oktaError(response, 401, 'E0000004', 'Authentication failed'),
    });
    expect(await attempt(world)).toMatchObject({
      result: 'untestable',
      reason: expect.stringContaining('E0000004 Authentication failed'),
    });
  });
});

describe('a sign-on that does not arrive says why', () => {
  test('where the SP org refuses the response', async () => {
    const world = await startWorld({
      '/sso/saml2/0oaIdp': (response) => {
        page(response, '<main><h1>400</h1><p>GENERAL_NONSUCCESS</p></main>', 400, 'Bad Request');
      },
    });
    const trace = await attempt(world);
    expect(trace).toMatchObject({
      result: 'refused',
      reason: expect.stringMatching(/status 400: Bad Request: .*GENERAL_NONSUCCESS/),
    });
    expect(trace.hops.at(-1)).toEqual({
      host: host(world.sp),
      path: '/sso/saml2/0oaIdp',
      status: 400,
      kind: 'refusal',
    });
  });

  test('where the user is not assigned to the app', async () => {
    const world = await startWorld({
      '/home/okta_org2org/0oaA/51975': (response) => page(response, 'User is not assigned to this application.', 403),
    });
    expect(await attempt(world)).toMatchObject({ result: 'refused', reason: expect.stringContaining('not assigned') });
  });

  test('where a page asks for credentials once more', async () => {
    const world = await startWorld({
      '/app/UserHome': (response) => page(response, '<form method="POST"><input type="password" name="p"></form>'),
    });
    expect(await attempt(world)).toMatchObject({ result: 'astray', reason: `${host(world.sp)} asks for credentials` });
  });

  test('where it ends in the IdP org', async () => {
    const world = await startWorld({
      '/home/okta_org2org/0oaA/51975': (response) => page(response, 'Your apps'),
    });
    expect(await attempt(world)).toMatchObject({ result: 'astray', reason: `it ended at ${host(world.idp)}` });
  });

  test('where it turns in a circle', async () => {
    const world = await startWorld({ '/app/UserHome': (response) => redirect(response, '/app/UserHome') });
    expect(await attempt(world)).toMatchObject({ result: 'astray', reason: expect.stringContaining('20 requests') });
  });
});

describe('hosts outside the federation', () => {
  test('get no request: by redirect', async () => {
    const stranger = await startServer((_request, response) => page(response, 'Hello'));
    const world = await startWorld({ '/app/UserHome': (response) => redirect(response, `${stranger.url}/steal`) });
    const trace = await attempt(world);
    expect(trace).toMatchObject({ result: 'astray', reason: expect.stringContaining(host(stranger)) });
    expect(stranger.received).toEqual([]);
  });

  test("get no request: by the IdP org's form", async () => {
    const stranger = await startServer((_request, response) => page(response, 'Hello'));
    const world = await startWorld({
      '/home/okta_org2org/0oaA/51975': (response) => {
        autoSubmit(response, `${stranger.url}/acs`, { SAMLResponse: samlResponse('i', stranger.url) });
      },
    });
    expect((await attempt(world)).result).toBe('astray');
    expect(stranger.received).toEqual([]);
  });

  test('get no request: by a form of the SP org, if the target app is not the named one', async () => {
    const world = await startWorld();
    const targetApp = { link: `${world.sp.url}/home/dropbox/0oaT/1`, origins: ['https://www.dropbox.com'] };
    expect(await attempt(world, { targetApp })).toMatchObject({
      result: 'astray',
      reason: expect.stringContaining(host(world.target)),
    });
    expect(world.target.received).toEqual([]);
  });
});

describe('trouble that passes is an error that is tried again', () => {
  test.each([
    ['an org that limits the rate', '/api/v1/authn', 429, 'O2O_OKTA_RATE_LIMITED'],
    ['an org that fails', '/sso/saml2/0oaIdp', 503, 'O2O_OKTA_SERVER_ERROR'],
    ['a target app that fails', '/saml_login', 500, 'O2O_OKTA_SERVER_ERROR'],
  ])('%s', async (_case, path, status, code) => {
    const world = await startWorld({ [path]: (response) => page(response, 'Trouble', status) });
    await expect(attempt(world)).rejects.toMatchObject({ code, problem: { retryable: true } });
  });

  test('a connection that is reset', async () => {
    const world = await startWorld({ '/app/UserHome': (response) => void response.socket?.resetAndDestroy() });
    await expect(attempt(world)).rejects.toMatchObject({ code: 'O2O_OKTA_UNREACHABLE' });
  });

  test('a host that does not answer in time', async () => {
    const world = await startWorld({ '/app/UserHome': () => undefined });
    await expect(attempt(world, { requestTimeoutMs: 200 })).rejects.toMatchObject({ code: 'O2O_OKTA_TIMEOUT' });
  });
});

test('cancellation ends a sign-on and comes out as the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('the activity was cancelled');
  const world = await startWorld({ '/app/UserHome': () => controller.abort(reason) });
  await expect(attempt(world, { signal: controller.signal })).rejects.toBe(reason);
});
