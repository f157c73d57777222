import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../../../sandbox/core/system-log.js';
import { createApiToken } from '../../../sandbox/management/api-tokens.js';
import type { Sandbox } from '../../../sandbox/sandbox.js';
import { startCheckedSandbox } from '../../world/openapi-check.js';
import { call } from '../okta-caller.js';
import { ServiceApp } from './service-app.js';

let sandbox: Sandbox;
let org: Sandbox['sp'];

beforeAll(async () => {
  sandbox = await startCheckedSandbox();
  org = sandbox.sp;
});
afterAll(() => sandbox.stop());

const newUser = (login: string) => ({ profile: { login, email: login, firstName: 'Ada', lastName: 'Byron' } });

async function administrator(login: string, ...roles: string[]): Promise<{ id: string; url: string; token: string }> {
  const { body } = await call(org, 'POST', '/api/v1/users', {
    body: { ...newUser(login), credentials: { password: { value: 'Correct1horse' } } },
  });
  for (const type of roles) await call(org, 'POST', `/api/v1/users/${body.id}/roles`, { body: { type } });
  return { id: body.id, url: org.url, token: createApiToken(org.org, body.id, 'test', systemActor).value };
}

describe('API tokens', () => {
  it.each([
    ['no credentials', '', 403, 'E0000005'],
    ['an unknown token', 'SSWS unknown', 401, 'E0000011'],
    ['an unknown scheme', 'Basic abc', 401, 'E0000011'],
  ])('refuses %s', async (_case, authorization, status, errorCode) => {
    expect(await call(org, 'GET', '/api/v1/users', { authorization })).toMatchObject({ status, body: { errorCode } });
  });

  it('needs no credentials for what Okta shows to everybody', async () => {
    expect((await call(org, 'GET', '/.well-known/okta-organization', { authorization: '' })).status).toBe(200);
  });

  it('dies when its owner is deactivated', async () => {
    const admin = await administrator('leaver@sp.example', 'SUPER_ADMIN');
    expect((await call(admin, 'GET', '/api/v1/users/me')).status).toBe(200);
    await call(org, 'POST', `/api/v1/users/${admin.id}/lifecycle/deactivate`);
    expect(await call(admin, 'GET', '/api/v1/users/me')).toMatchObject({
      status: 401,
      body: { errorCode: 'E0000011' },
    });
  });

  it('dies after 30 days without use, and lives on with use', async () => {
    const days = (count: number) => org.org.clock.advance(count * 24 * 60 * 60_000);
    const admin = await administrator('idle@sp.example', 'SUPER_ADMIN');
    const keptAlive = async () => (await call(org, 'GET', '/api/v1/users/me')).status;
    days(29);
    expect(await keptAlive()).toBe(200);
    days(2);
    expect((await call(admin, 'GET', '/api/v1/users/me')).status).toBe(401);
    expect(await keptAlive()).toBe(200);
  });

  it.each([
    ['READ_ONLY_ADMIN', 'GET', '/api/v1/apps', 200],
    ['READ_ONLY_ADMIN', 'POST', '/api/v1/users', 403],
    ['USER_ADMIN', 'POST', '/api/v1/users', 200],
    ['USER_ADMIN', 'POST', '/api/v1/groups', 403],
    ['USER_ADMIN', 'GET', '/api/v1/idps', 403],
    ['GROUP_MEMBERSHIP_ADMIN', 'POST', '/api/v1/users', 403],
    ['APP_ADMIN', 'GET', '/api/v1/apps', 200],
    ['ORG_ADMIN', 'POST', '/api/v1/groups', 200],
  ])('has the rights of its owner: %s %s %s', async (role, method, path, status) => {
    const admin = await administrator(`${role}${path.replaceAll('/', '-')}${method}@sp.example`.toLowerCase(), role);
    const name = `${role} ${method} ${path}`;
    const body = path.endsWith('groups') ? { profile: { name } } : newUser(`new-${role.toLowerCase()}@sp.example`);
    expect((await call(admin, method, path, method === 'POST' ? { body } : {})).status).toBe(status);
  });

  it('lets a group administrator change users but not administrators', async () => {
    const admin = await administrator('group-admin@sp.example', 'USER_ADMIN');
    const person = await administrator('plain@sp.example');
    const superior = await administrator('superior@sp.example', 'SUPER_ADMIN');
    const body = { profile: { nickName: 'x' } };
    expect((await call(admin, 'POST', `/api/v1/users/${person.id}`, { body })).status).toBe(200);
    expect((await call(admin, 'POST', `/api/v1/users/${superior.id}`, { body })).status).toBe(403);
  });
});

describe('clients', () => {
  it('are the apps of the same id, however they were made', async () => {
    const service = await ServiceApp.register(org);
    const asApp = await call(org, 'GET', `/api/v1/apps/${service.clientId}`);
    expect(asApp.body).toMatchObject({
      name: 'oidc_client',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { client_id: service.clientId } },
    });
    const app = await call(org, 'POST', '/api/v1/apps', {
      body: {
        name: 'oidc_client',
        label: 'made as an app',
        signOnMode: 'OPENID_CONNECT',
        credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
        settings: {
          oauthClient: {
            application_type: 'service',
            grant_types: ['client_credentials'],
            jwks_uri: 'http://127.0.0.1:1/jwks',
          },
        },
      },
    });
    const asClient = await call(org, 'GET', `/oauth2/v1/clients/${app.body.id}`);
    expect(asClient.body).toMatchObject({
      client_id: app.body.id,
      client_name: 'made as an app',
      jwks_uri: 'http://127.0.0.1:1/jwks',
    });
    const found = await call(org, 'GET', '/oauth2/v1/clients?q=made');
    expect(found.body.map((client: { client_id: string }) => client.client_id)).toEqual([app.body.id]);
  });

  it('are replaced and deleted', async () => {
    const { clientId } = await ServiceApp.register(org);
    const { body } = await call(org, 'GET', `/oauth2/v1/clients/${clientId}`);
    const renamed = await call(org, 'PUT', `/oauth2/v1/clients/${clientId}`, {
      body: { ...body, client_name: 'renamed' },
    });
    expect(renamed).toMatchObject({ status: 200, body: { client_name: 'renamed', jwks: body.jwks } });
    expect((await call(org, 'DELETE', `/oauth2/v1/clients/${clientId}`)).status).toBe(204);
    expect((await call(org, 'GET', `/api/v1/apps/${clientId}`)).status).toBe(404);
  });

  it('get each role once', async () => {
    const { clientId } = await ServiceApp.register(org, { roles: ['USER_ADMIN'] });
    const again = await call(org, 'POST', `/oauth2/v1/clients/${clientId}/roles`, { body: { type: 'USER_ADMIN' } });
    expect(again).toMatchObject({ status: 409, body: { errorCode: 'E0000090' } });
    const [role] = (await call(org, 'GET', `/oauth2/v1/clients/${clientId}/roles`)).body;
    expect(role).toMatchObject({ type: 'USER_ADMIN', assignmentType: 'CLIENT' });
    expect((await call(org, 'DELETE', `/oauth2/v1/clients/${clientId}/roles/${role.id}`)).status).toBe(204);
  });

  it('get roles from a super administrator only', async () => {
    const { clientId } = await ServiceApp.register(org);
    const admin = await administrator('org-admin@sp.example', 'ORG_ADMIN');
    const answer = await call(admin, 'POST', `/oauth2/v1/clients/${clientId}/roles`, { body: { type: 'USER_ADMIN' } });
    expect(answer).toMatchObject({ status: 403, body: { errorCode: 'E0000006' } });
  });
});

describe('access tokens', () => {
  it('carry the scopes that were asked for and consented to', async () => {
    const service = await ServiceApp.register(org, { scopes: ['okta.users.read', 'okta.groups.read'] });
    const answer = await service.requestToken('okta.users.read');
    expect(answer).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'okta.users.read' },
    });
  });

  it.each([
    ['an unknown scope', 'okta.users.read okta.moon.read', {}, 400, 'invalid_scope'],
    ['a scope without consent', 'okta.users.read okta.apps.manage', {}, 400, 'invalid_scope'],
    ['no scope', '', {}, 400, 'invalid_scope'],
    ['another grant', 'okta.users.read', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['another kind of assertion', 'okta.users.read', { client_assertion_type: 'x' }, 401, 'invalid_client'],
  ])('are refused for %s', async (_case, scope, form, status, error) => {
    const service = await ServiceApp.register(org, { scopes: ['okta.users.read'] });
    expect(await service.requestToken(scope, form)).toMatchObject({
      status,
      body: { error, error_description: expect.any(String) },
    });
  });

  it('are refused for an assertion that was used before', async () => {
    const service = await ServiceApp.register(org, { scopes: ['okta.users.read'] });
    const form = { client_assertion: await service.assertion() };
    expect((await service.requestToken('okta.users.read', form)).status).toBe(200);
    expect(await service.requestToken('okta.users.read', form)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('open only what scopes and roles both allow', async () => {
    const scopes = ['okta.users.manage', 'okta.groups.manage'];
    const withRole = await ServiceApp.register(org, { scopes, roles: ['USER_ADMIN'] });
    const authorization = `Bearer ${await withRole.token('okta.users.manage')}`;
    const made = await call(org, 'POST', '/api/v1/users', { authorization, body: newUser('by-client@sp.example') });
    expect(made.status).toBe(200);
    const outside = await call(org, 'GET', '/api/v1/groups', { authorization });
    expect(outside).toMatchObject({ status: 403, body: { errorCode: 'E0000006' } });
    expect(outside.headers.get('www-authenticate')).toMatch(
      /^Bearer .*scope="okta.groups.read".*error="insufficient_scope"/,
    );
  });

  it('without a role see empty lists and are refused the rest', async () => {
    const service = await ServiceApp.register(org, { scopes: ['okta.users.manage'] });
    const authorization = `Bearer ${await service.token('okta.users.manage')}`;
    const { id } = (await call(org, 'GET', '/api/v1/users/me')).body;
    expect(await call(org, 'GET', '/api/v1/users', { authorization })).toMatchObject({ status: 200, body: [] });
    expect((await call(org, 'GET', `/api/v1/users/${id}`, { authorization })).status).toBe(403);
    expect((await call(org, 'POST', '/api/v1/users', { authorization, body: newUser('x@sp.example') })).status).toBe(
      403,
    );
  });

  it('end after an hour, and with the client', async () => {
    const service = await ServiceApp.register(org, { scopes: ['okta.users.read'], roles: ['READ_ONLY_ADMIN'] });
    const first = `Bearer ${await service.token('okta.users.read')}`;
    org.org.clock.advance(3_601_000);
    expect((await call(org, 'GET', '/api/v1/users', { authorization: first })).status).toBe(401);
    const second = `Bearer ${await service.token('okta.users.read')}`;
    expect((await call(org, 'GET', '/api/v1/users', { authorization: second })).status).toBe(200);
    await call(org, 'POST', `/api/v1/apps/${service.clientId}/lifecycle/deactivate`);
    expect((await call(org, 'GET', '/api/v1/users', { authorization: second })).status).toBe(401);
    expect(await service.requestToken('okta.users.read')).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });
});

describe('DPoP', () => {
  let service: ServiceApp;
  beforeAll(async () => {
    service = await ServiceApp.register(org, { scopes: ['okta.users.read'], roles: ['READ_ONLY_ADMIN'], dpop: true });
  });

  const ask = async (claims: Record<string, unknown> = {}) =>
    service.requestToken('okta.users.read', {}, { dpop: await service.proof('POST', service.tokenUrl, claims) });

  async function boundToken(): Promise<string> {
    const nonce = (await ask()).headers.get('dpop-nonce');
    return (await ask({ nonce })).body.access_token;
  }

  it('asks for its nonce first, then issues a bound token', async () => {
    const first = await ask();
    expect(first).toMatchObject({
      status: 400,
      body: { error: 'use_dpop_nonce', error_description: 'Authorization server requires nonce in DPoP proof.' },
    });
    const second = await ask({ nonce: first.headers.get('dpop-nonce') });
    expect(second).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(second.headers.get('dpop-nonce')).toBe(first.headers.get('dpop-nonce'));
  });

  it('refuses a request without a proof, and proofs of something else', async () => {
    expect(await service.requestToken('okta.users.read')).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    });
    for (const claims of [{ htu: `${org.url}/other` }, { htm: 'GET' }, { jti: undefined }]) {
      expect(await ask(claims)).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } });
    }
  });

  it('opens the API only with a proof of the same key for the same request', async () => {
    const token = await boundToken();
    const url = `${org.url}/api/v1/users`;
    const get = async (proof: string | undefined, scheme = 'DPoP') =>
      call(org, 'GET', '/api/v1/users?limit=1', {
        authorization: `${scheme} ${token}`,
        ...(proof === undefined ? {} : { headers: { dpop: proof } }),
      });
    const proof = await service.proof('GET', url, {}, token);
    expect((await get(proof)).status).toBe(200);
    expect((await get(proof)).status).toBe(400);
    expect((await get(undefined)).status).toBe(400);
    expect((await get(undefined, 'Bearer')).status).toBe(401);
    const wrongPath = await get(await service.proof('GET', `${url}/x`, {}, token));
    expect(wrongPath.headers.get('www-authenticate')).toMatch(/^DPoP algs=.*error="invalid_dpop_proof"/);
    const other = await ServiceApp.register(org, { dpop: true });
    expect((await get(await other.proof('GET', url, {}, token))).status).toBe(400);
  });
});

describe('rate limits', () => {
  it('stand in every answer and end in 429 with a time to come back', async () => {
    const limited = await startCheckedSandbox({ rateLimits: { factor: 1 } });
    try {
      const answers = await Promise.all(Array.from({ length: 51 }, () => call(limited.idp, 'GET', '/api/v1/apps')));
      const refused = answers.filter((answer) => answer.status === 429);
      expect(refused).toHaveLength(1);
      expect(refused[0]?.body).toMatchObject({ errorCode: 'E0000047', errorCauses: [] });
      expect(answers.every((answer) => answer.headers.get('x-rate-limit-limit') === '50')).toBe(true);
      expect(Number(refused[0]?.headers.get('x-rate-limit-reset'))).toBeGreaterThan(Date.now() / 1000);
      const logged = limited.idp.org.log.all().filter((event) => event.eventType === 'system.org.rate_limit.violation');
      expect(logged).toHaveLength(1);
    } finally {
      await limited.stop();
    }
  });
});
