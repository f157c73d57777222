import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, exportJWK, jwtVerify } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findApplication } from '../../src/okta/applications.js';
import { createClient } from '../../src/okta/client.js';
import { OktaError } from '../../src/okta/errors.js';
import { openNetwork } from '../../src/okta/network.js';
import { getWellknownOrgMetadata } from '../../src/okta/org-metadata.js';
import { RateGovernor } from '../../src/okta/rate-governor.js';
import { OktaRequestExecutor } from '../../src/okta/request-executor.js';
import { json, oktaError, type Respond, startServer } from './support/local-server.js';
import { openTestOrg, openTestSession } from './support/open-session.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const scopes = ['okta.apps.read', 'okta.users.read'];
const auth = { privateKey: { clientId: '0oaClient', keyId: 'key-1', key: 'env:KEY', scopes } };

const nothingThere: Respond = (_request, response) => oktaError(response, 404, 'E0000007', 'Not found');

/** An org that gives the access tokens `token-1`, `token-2`, … and accepts the latest of them. */
function oauthOrg(options: { tokenStatus?: number; tokenBody?: unknown } = {}): Respond {
  let issued = 0;
  return (request, response) => {
    if (request.url !== '/oauth2/v1/token') {
      if (request.headers.authorization === `Bearer token-${issued}`) nothingThere(request, response);
      else oktaError(response, 401, 'E0000011', 'Invalid token provided');
    } else if (options.tokenStatus !== undefined) {
      json(response, options.tokenStatus, options.tokenBody);
    } else {
      issued += 1;
      json(response, 200, { token_type: 'Bearer', expires_in: 3600, access_token: `token-${issued}` });
    }
  };
}

describe('the credentials of a request', () => {
  test('are those of its own org, whatever the environment and the home folder hold for the SDK', async () => {
    const home = mkdtempSync(join(tmpdir(), 'org2org-'));
    mkdirSync(join(home, '.okta'));
    writeFileSync(
      join(home, '.okta', 'okta.yaml'),
      'okta:\n  client:\n    token: from-home\n    clientId: from-home\n',
    );
    vi.stubEnv('HOME', home);
    vi.stubEnv('OKTA_CLIENT_TOKEN', 'from-environment');
    vi.stubEnv('OKTA_CLIENT_ORGURL', 'http://127.0.0.1:9');
    vi.stubEnv('OKTA_CLIENT_AUTHORIZATIONMODE', 'PrivateKey');
    vi.stubEnv('OKTA_CLIENT_CLIENTID', 'from-environment');
    vi.stubEnv('OKTA_CLIENT_SCOPES', 'from-environment');
    vi.stubEnv('OKTA_CLIENT_PRIVATEKEY', 'from-environment');
    vi.stubEnv('OKTA_CLIENT_KEYID', 'from-environment');
    const executor = new OktaRequestExecutor({
      org: 'x',
      requestTimeoutMs: 1,
      network: openNetwork(1),
      governor: new RateGovernor('x', 1),
      scopes: [],
      onAnswer: undefined,
    });
    const withKey = await createClient({ name: 'x', url: 'https://x.example' }, auth, async () => pem, executor);
    const withToken = await createClient(
      { name: 'x', url: 'https://x.example' },
      { apiToken: 'env:T' },
      async () => 't',
      executor,
    );
    for (const { apiToken, clientId, keyId, privateKey, scopes, baseUrl } of [withKey, withToken]) {
      expect(JSON.stringify([apiToken, clientId, keyId, privateKey, scopes, baseUrl])).not.toMatch(/from-|:9/);
    }

    const idp = await startServer(nothingThere);
    const sp = await startServer(nothingThere);
    const third = await startServer(oauthOrg());
    const sessions = [
      openTestSession(idp.url, { name: 'idp' }),
      openTestSession(sp.url, { name: 'sp' }),
      openTestSession(third.url, { name: 'third', auth, secrets: async () => pem }),
    ];
    await Promise.all(sessions.map((session) => findApplication(session, '0oa1')));
    vi.unstubAllEnvs();

    expect(idp.received.map((request) => request.headers.authorization)).toEqual(['SSWS token-of-idp']);
    expect(sp.received.map((request) => request.headers.authorization)).toEqual(['SSWS token-of-sp']);
    expect(third.received.map((request) => request.headers.authorization)).toEqual([undefined, 'Bearer token-1']);
    const everything = JSON.stringify([...idp.received, ...sp.received, ...third.received]);
    expect(everything).not.toMatch(/from-(environment|home)/);
  });

  test('stay away where Okta asks for none', async () => {
    const server = await startServer((_request, response) => json(response, 200, { id: '00o1', pipeline: 'idx' }));
    const secrets = () => Promise.reject(new Error('no secret'));
    const metadata = await getWellknownOrgMetadata(openTestSession(server.url, { auth, secrets }));
    expect(metadata.pipeline).toBe('idx');
    expect(server.received.map((request) => request.headers.authorization)).toEqual([undefined]);
  });

  test('do not follow a redirect', async () => {
    const other = await startServer(nothingThere);
    const server = await startServer((_request, response) => {
      response.writeHead(302, { location: `${other.url}/api/v1/apps/0oa1` }).end();
    });
    await expect(findApplication(openTestSession(server.url), '0oa1')).rejects.toMatchObject({
      code: 'O2O_OKTA_ANSWER_INVALID',
      status: 302,
    });
    expect(other.received).toEqual([]);
  });

  test('do not pass through the proxy of the environment on the way to this machine', async () => {
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:9');
    const server = await startServer(nothingThere);
    const found = await findApplication(openTestSession(server.url), '0oa1').finally(() => vi.unstubAllEnvs());
    expect(found).toBeNull();
  });

  test('pass through the proxy of the environment on the way to Okta, those for a token too', async () => {
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const address = proxy.address();
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    const sessions = [
      openTestSession('https://acme.okta.invalid'),
      openTestSession('https://partner.okta.invalid', { auth, secrets: async () => pem }),
    ];
    for (const session of sessions) {
      await expect(findApplication(session, '0oa1')).rejects.toMatchObject({ code: 'O2O_OKTA_UNREACHABLE' });
    }
    vi.unstubAllEnvs();
    expect(new Set(asked)).toEqual(new Set(['acme.okta.invalid:443', 'partner.okta.invalid:443']));
  });
});

describe('signing in with a private key', () => {
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'another' };
  test.each([
    ['PEM', pem],
    ['PEM in PKCS#1', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['PEM with its line breaks written out', pem.trim().replaceAll('\n', '\\n')],
    ['JWK', JSON.stringify(jwk)],
  ])('proves the key of the registry, given as %s', async (_kind, key) => {
    const server = await startServer(oauthOrg());
    await findApplication(openTestSession(server.url, { auth, secrets: async () => key }), '0oa1');
    const form = new URLSearchParams(server.received[0]?.body);
    const assertion = form.get('client_assertion') ?? '';
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1' }] });
    const { payload } = await jwtVerify(assertion, keys, { audience: `${server.url}/oauth2/v1/token` });
    expect(payload).toMatchObject({ iss: '0oaClient', sub: '0oaClient' });
    expect(decodeProtectedHeader(assertion).kid).toBe('key-1');
    expect(form.get('scope')).toBe(scopes.join(' '));
  });

  test('happens once for all sessions of the org, and again when the token has run out', async () => {
    let runOut = false;
    const inner = oauthOrg();
    const server = await startServer((request, response) => {
      if (runOut && request.url !== '/oauth2/v1/token') {
        runOut = false;
        return oktaError(response, 401, 'E0000011', 'Invalid token provided');
      }
      return inner(request, response);
    });
    const org = openTestOrg(server.url, { auth, secrets: async () => pem });
    const tokens = () => server.received.filter((request) => request.url === '/oauth2/v1/token').length;
    await Promise.all(['0oa1', '0oa2', '0oa3'].map((id) => findApplication(org.session(), id)));
    await findApplication(org.session(), '0oa4');
    expect(tokens()).toBe(1);
    runOut = true;
    await findApplication(org.session(), '0oa5');
    expect(tokens()).toBe(2);
  });

  test('answers the demand for a DPoP nonce, but not without end', async () => {
    const nonceOnce = await startServer((request, response) => {
      const asked = nonceOnce.received.filter((each) => each.url === '/oauth2/v1/token').length;
      if (request.url !== '/oauth2/v1/token') nothingThere(request, response);
      else if (asked === 1) json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n1' });
      else json(response, 200, { token_type: 'DPoP', expires_in: 3600, access_token: 'bound' });
    });
    const options = { auth, secrets: async () => pem };
    expect(await findApplication(openTestSession(nonceOnce.url, options), '0oa1')).toBeNull();
    expect(nonceOnce.received.at(-1)?.headers.authorization).toBe('DPoP bound');

    const nonceForever = await startServer((_request, response) => {
      json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n1' });
    });
    await expect(findApplication(openTestSession(nonceForever.url, options), '0oa1')).rejects.toMatchObject({
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
    });
  });

  test.each([
    [401, { error: 'invalid_client', error_description: 'The client_assertion is invalid.' }, 'invalid_client'],
    [400, { error: 'invalid_scope', error_description: 'Not allowed.' }, 'okta.apps.read okta.users.read'],
    [403, { errorCode: 'E0000005', errorSummary: 'Invalid session' }, 'E0000005'],
  ])('names what the token endpoint says (%i)', async (tokenStatus, tokenBody, said) => {
    const server = await startServer(oauthOrg({ tokenStatus, tokenBody }));
    const failed = findApplication(openTestSession(server.url, { auth, secrets: async () => pem }), '0oa1');
    await expect(failed).rejects.toMatchObject({
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
      message: expect.stringContaining(said),
      problem: { retryable: false, org: 'acme' },
    });
    expect(server.received.every((request) => request.url === '/oauth2/v1/token')).toBe(true);
  });

  test.each([
    [429, 'O2O_OKTA_RATE_LIMITED'],
    [503, 'O2O_OKTA_SERVER_ERROR'],
    [200, 'O2O_OKTA_ANSWER_INVALID'],
  ])('leaves a passing trouble of the token endpoint (%i) to a later attempt', async (tokenStatus, code) => {
    const server = await startServer(oauthOrg({ tokenStatus, tokenBody: { nothing: true } }));
    const failed = findApplication(openTestSession(server.url, { auth, secrets: async () => pem }), '0oa1');
    await expect(failed).rejects.toMatchObject({ code, problem: { retryable: true } });
  });

  test.each([
    ['no key at all', 'not a key'],
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    [
      'an elliptic key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('refuses %s before anything is sent, without showing it', async (_kind, key) => {
    const server = await startServer(nothingThere);
    const failed = findApplication(openTestSession(server.url, { auth, secrets: async () => key }), '0oa1');
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'O2O_OKTA_CREDENTIALS_INVALID', message: expect.stringContaining('env:KEY') });
    expect(String(error)).not.toContain(key.slice(0, 30));
    expect(server.received).toEqual([]);
  });
});

test.each(['00token\nwith a break', 'SSWS 00token', 'tökén'])(
  'what can be no API token is refused before anything is sent (%j)',
  async (token) => {
    const server = await startServer(nothingThere);
    const failed = findApplication(openTestSession(server.url, { secrets: async () => token }), '0oa1');
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
      message: expect.stringContaining('env:TOKEN'),
    });
    expect(String(error)).not.toContain(token);
    expect(server.received).toEqual([]);
  },
);

test('credentials that were mended work at the next call, without a new worker', async () => {
  let secret = 'wrong';
  const server = await startServer((request, response) => {
    if (request.headers.authorization === 'SSWS right') nothingThere(request, response);
    else oktaError(response, 401, 'E0000011', 'Invalid token provided');
  });
  const org = openTestOrg(server.url, { secrets: async () => secret });
  const refused: unknown = await findApplication(org.session(), '0oa1').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OktaError);
  expect(refused).toMatchObject({ code: 'O2O_OKTA_CREDENTIALS_INVALID', errorCode: 'E0000011', requestId: 'req-1' });
  secret = 'right';
  expect(await findApplication(org.session(), '0oa1')).toBeNull();
});
