import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../../sandbox/core/keys.js';
import type { Json } from '../../../sandbox/core/records.js';
import { asObject } from '../../../sandbox/core/routing.js';
import { createActiveUser, type OrgClient, org2orgApp, samlApp, startOrg, userBody } from './org-client.js';

/**
 * Calls every family of operations once with a usual body. The client of the test fails on an answer that does not fit
 * Okta's API description; here only the statuses are looked at.
 */
let org: OrgClient;
let user: string;
let group: string;
let app: string;
beforeAll(async () => {
  org = await startOrg();
  user = await createActiveUser(org);
  group = await id('POST', '/api/v1/groups', { profile: { name: 'Tour', description: 'All stops' } });
  app = await id('POST', '/api/v1/apps', samlApp('Tour'));
});
afterAll(() => org.stop());

async function expectStatus(status: number, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await org.call(method, path, body);
  expect([method, path, answer.status, answer.body]).toEqual([method, path, status, answer.body]);
  return answer.object;
}
async function id(method: string, path: string, body?: unknown, status = 200): Promise<string> {
  return String((await expectStatus(status, method, path, body)).id);
}
const get = (path: string) => expectStatus(200, 'GET', path);

describe('every answer of the sandbox fits the API description', () => {
  it('for users and what hangs on them', async () => {
    const staged = await id('POST', '/api/v1/users?activate=false', userBody());
    for (const path of [
      '',
      `/${user}`,
      '/me',
      `/${user}/groups`,
      `/${user}/appLinks`,
      `/${user}/roles`,
      `/${user}/grants`,
      `/${user}/clients`,
      `/${user}/factors`,
      `/${user}/idps`,
    ]) {
      await get(`/api/v1/users${path}`);
    }
    const lifecycle = `/api/v1/users/${user}/lifecycle`;
    await expectStatus(200, 'POST', `/api/v1/users/${staged}/lifecycle/activate?sendEmail=false`);
    await expectStatus(200, 'POST', `/api/v1/users/${staged}/lifecycle/reactivate?sendEmail=false`);
    await expectStatus(200, 'POST', `${lifecycle}/expire_password`);
    await expectStatus(200, 'POST', `${lifecycle}/expire_password_with_temp_password`);
    await expectStatus(200, 'POST', `/api/v1/users/${user}`, {
      credentials: { password: { value: 'Another-Horse-8' } },
    });
    await expectStatus(200, 'POST', `${lifecycle}/reset_factors`);
    await expectStatus(200, 'POST', `/api/v1/users/${user}/credentials/change_password`, {
      oldPassword: { value: 'Another-Horse-8' },
      newPassword: { value: 'Correct-Horse-9' },
    });
    await expectStatus(200, 'POST', `/api/v1/users/${user}/credentials/change_recovery_question`, {
      password: { value: 'Correct-Horse-9' },
      recovery_question: { question: 'Who?', answer: 'Annie Oakley' },
    });
    await expectStatus(200, 'POST', `/api/v1/users/${user}/credentials/forgot_password?sendEmail=false`);
    await expectStatus(200, 'POST', `${lifecycle}/reset_password?sendEmail=false`);
    await expectStatus(204, 'DELETE', `/api/v1/users/${user}/sessions`);
  });

  it('for groups, their members, owners and rules', async () => {
    await expectStatus(204, 'PUT', `/api/v1/groups/${group}/users/${user}`);
    for (const path of [
      '?expand=stats',
      '?q=Tou',
      `?search=${encodeURIComponent('type eq "OKTA_GROUP"')}`,
      `/${group}`,
      `/${group}/users`,
      `/${group}/apps`,
      '/rules',
    ])
      await get(`/api/v1/groups${path}`);
    const rule = await id('POST', '/api/v1/groups/rules', {
      type: 'group_rule',
      name: 'Tour',
      conditions: {
        people: { users: { exclude: [] }, groups: { exclude: [] } },
        expression: { value: 'user.city=="Rome"', type: 'urn:okta:expression:1.0' },
      },
      actions: { assignUserToGroups: { groupIds: [group] } },
    });
    await get(`/api/v1/groups/rules/${rule}`);
    await expectStatus(202, 'DELETE', `/api/v1/groups/rules/${rule}`);
    await expectStatus(201, 'POST', `/api/v1/groups/${group}/owners`, { id: user, type: 'USER' });
    await get(`/api/v1/groups/${group}/owners`);
    await expectStatus(204, 'DELETE', `/api/v1/groups/${group}/owners/${user}`);
    await expectStatus(204, 'DELETE', `/api/v1/groups/${group}/users/${user}`);
  });

  it.each<[string, Json]>([
    [
      'bookmark',
      {
        name: 'bookmark',
        signOnMode: 'BOOKMARK',
        settings: { app: { url: 'https://b.example.com', requestIntegration: false } },
      },
    ],
    [
      'basic authentication',
      {
        name: 'template_basic_auth',
        signOnMode: 'BASIC_AUTH',
        settings: { app: { url: 'https://b.example.com', authURL: 'https://b.example.com/auth' } },
      },
    ],
    [
      'password store',
      {
        name: 'template_sps',
        signOnMode: 'SECURE_PASSWORD_STORE',
        settings: { app: { url: 'https://b.example.com', usernameField: 'u', passwordField: 'p' } },
      },
    ],
    [
      'browser plugin',
      {
        name: 'template_swa',
        signOnMode: 'BROWSER_PLUGIN',
        settings: { app: { url: 'https://b.example.com', usernameField: 'u', passwordField: 'p', buttonField: 'b' } },
      },
    ],
    [
      'three fields',
      {
        name: 'template_swa3field',
        signOnMode: 'BROWSER_PLUGIN',
        settings: {
          app: {
            targetURL: 'https://b.example.com',
            buttonSelector: 'b',
            passwordSelector: 'p',
            userNameSelector: 'u',
            extraFieldSelector: 'e',
            extraFieldValue: 'v',
          },
        },
      },
    ],
    [
      'own sign-on page',
      {
        signOnMode: 'AUTO_LOGIN',
        settings: { signOn: { loginUrl: 'https://b.example.com', redirectUrl: 'https://b.example.com' } },
      },
    ],
    [
      'WS-Federation',
      {
        name: 'template_wsfed',
        signOnMode: 'WS_FEDERATION',
        settings: {
          app: {
            audienceRestriction: 'urn:a',
            nameIDFormat: 'urn:n',
            siteURL: 'https://b.example.com',
            wReplyURL: 'https://b.example.com',
            groupValueFormat: 'windowsDomainQualifiedName',
            usernameAttribute: 'username',
            wReplyOverride: false,
            authnContextClassRef: 'urn:c',
          },
        },
      },
    ],
    [
      'web client',
      {
        name: 'oidc_client',
        signOnMode: 'OPENID_CONNECT',
        credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_post' } },
        settings: {
          oauthClient: {
            application_type: 'web',
            grant_types: ['authorization_code'],
            response_types: ['code'],
            redirect_uris: ['https://b.example.com'],
          },
        },
      },
    ],
    [
      'service client',
      {
        name: 'oidc_client',
        signOnMode: 'OPENID_CONNECT',
        credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
        settings: {
          oauthClient: {
            application_type: 'service',
            grant_types: ['client_credentials'],
            response_types: ['token'],
            jwks_uri: 'https://b.example.com/jwks',
          },
        },
      },
    ],
    ['Dropbox', { name: 'dropbox_for_business', signOnMode: 'SAML_2_0' }],
    ['Org2Org', org2orgApp('x')],
  ])('for an app of the kind %s', async (kind, body) => {
    const made = await id('POST', '/api/v1/apps', { ...body, label: `Tour ${kind}` });
    const path = `/api/v1/apps/${made}`;
    const read = await get(path);
    await expectStatus(200, 'PUT', path, { ...read, label: `Tour of ${kind}` });
    for (const part of ['credentials/keys', 'users', 'groups', 'connections/default', 'tokens'])
      await get(`${path}/${part}`);
    const assigned = await expectStatus(200, 'POST', `${path}/users`, { id: org.adminId, scope: 'USER' });
    expect(assigned.id).toBe(org.adminId);
    await get(`${path}/users/${org.adminId}?expand=user`);
    await expectStatus(200, 'PUT', `${path}/groups/${group}`, { priority: 0 });
    await get(`${path}/groups/${group}?expand=group`);
    await expectStatus(200, 'POST', `${path}/lifecycle/deactivate`);
    await expectStatus(204, 'DELETE', path);
  });

  it('for secrets and keys of clients, pushed groups and mappings', async () => {
    const client = await id('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: 'Secrets',
      signOnMode: 'OPENID_CONNECT',
      settings: {
        oauthClient: {
          application_type: 'web',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: ['https://b.example.com'],
        },
      },
    });
    const secrets = `/api/v1/apps/${client}/credentials/secrets`;
    const secret = await id('POST', secrets, {}, 201);
    await get(secrets);
    await expectStatus(200, 'POST', `${secrets}/${secret}/lifecycle/deactivate`);
    await expectStatus(204, 'DELETE', `${secrets}/${secret}`);
    const push = `/api/v1/apps/${app}/group-push/mappings`;
    const mapping = await id('POST', push, { sourceGroupId: group, targetGroupName: 'Pushed', status: 'ACTIVE' });
    await get(push);
    await expectStatus(200, 'PATCH', `${push}/${mapping}`, { status: 'INACTIVE' });
    await expectStatus(200, 'DELETE', `${push}/${mapping}?deleteTargetGroup=true`);
    const mappings = (await org.call('GET', `/api/v1/mappings?sourceId=${app}`)).list;
    await expectStatus(200, 'POST', `/api/v1/mappings/${mappings[0]?.id}`, {
      properties: { nickName: { expression: 'appuser.userName', pushStatus: 'DONT_PUSH' } },
    });
  });

  it('for identity providers of all kinds', async () => {
    const { certificate } = await generateSigningKey({ commonName: 'idp', validityYears: 10, clock: org.org.clock });
    const kid = String((await expectStatus(200, 'POST', '/api/v1/idps/credentials/keys', { x5c: [certificate] })).kid);
    const subject = { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' };
    const policy = { accountLink: { action: 'AUTO' }, provisioning: { action: 'AUTO' }, subject };
    const bodies: Json[] = [
      {
        type: 'SAML2',
        name: 'saml',
        policy,
        protocol: {
          type: 'SAML2',
          endpoints: {
            sso: { url: 'https://i.example.com', binding: 'HTTP-POST', destination: 'https://i.example.com' },
            acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
          },
          credentials: { trust: { issuer: 'urn:i', kid } },
        },
      },
      {
        type: 'OIDC',
        name: 'oidc',
        policy,
        protocol: {
          type: 'OIDC',
          scopes: ['openid'],
          issuer: { url: 'https://i.example.com' },
          endpoints: {
            authorization: { url: 'https://i.example.com/a', binding: 'HTTP-REDIRECT' },
            token: { url: 'https://i.example.com/t', binding: 'HTTP-POST' },
            userInfo: { url: 'https://i.example.com/u', binding: 'HTTP-REDIRECT' },
            jwks: { url: 'https://i.example.com/j', binding: 'HTTP-REDIRECT' },
          },
          credentials: { client: { client_id: 'c', client_secret: 's' } },
        },
      },
      {
        type: 'FACEBOOK',
        name: 'facebook',
        policy,
        protocol: {
          type: 'OAUTH2',
          scopes: ['email'],
          credentials: { client: { client_id: 'c', client_secret: 's' } },
        },
      },
    ];
    for (const body of bodies) {
      const path = `/api/v1/idps/${await id('POST', '/api/v1/idps', body)}`;
      await expectStatus(200, 'PUT', path, await get(path));
      for (const part of ['users', 'credentials/keys', 'credentials/keys/active']) await get(`${path}/${part}`);
      await expectStatus(200, 'POST', `${path}/lifecycle/deactivate`);
      await expectStatus(204, 'DELETE', path);
    }
    await get('/api/v1/idps/credentials/keys');
    await expectStatus(204, 'DELETE', `/api/v1/idps/credentials/keys/${kid}`);
  });

  it('for policies and their rules', async () => {
    for (const type of [
      'OKTA_SIGN_ON',
      'PASSWORD',
      'MFA_ENROLL',
      'IDP_DISCOVERY',
      'ACCESS_POLICY',
      'PROFILE_ENROLLMENT',
    ]) {
      const [policy] = (await org.call('GET', `/api/v1/policies?type=${type}`)).list;
      await get(`/api/v1/policies/${policy?.id}`);
      await get(`/api/v1/policies/${policy?.id}/rules`);
    }
    const own = await id('POST', '/api/v1/policies', { type: 'ACCESS_POLICY', name: 'Tour', description: 'x' });
    const path = `/api/v1/policies/${own}`;
    await expectStatus(200, 'PUT', path, { type: 'ACCESS_POLICY', name: 'Tour 2', description: 'y' });
    const actions = {
      appSignOn: {
        access: 'ALLOW',
        verificationMethod: { factorMode: '1FA', type: 'ASSURANCE', reauthenticateIn: 'PT2H', constraints: [] },
      },
    };
    const rule = await id('POST', `${path}/rules`, { type: 'ACCESS_POLICY', name: 'One factor', actions });
    expect((await org.call('GET', `${path}/rules`)).list.map((entry) => entry.name)).toEqual([
      'One factor',
      'Catch-all Rule',
    ]);
    await expectStatus(204, 'POST', `${path}/rules/${rule}/lifecycle/deactivate`);
    await expectStatus(204, 'PUT', `/api/v1/apps/${app}/policies/${own}`);
    await get(`${path}/mappings`);
    await get(`${path}/app`);
    await get(`/api/v1/policies/${await id('POST', `${path}/clone`)}`);
    await expectStatus(204, 'DELETE', `${path}/rules/${rule}`);
    await expectStatus(204, 'DELETE', path);
    const [discovery] = (await org.call('GET', '/api/v1/policies?type=IDP_DISCOVERY')).list;
    const routing = {
      name: 'Route',
      type: 'IDP_DISCOVERY',
      priority: 1,
      conditions: { network: { connection: 'ANYWHERE' } },
      actions: { idp: { providers: [{ type: 'OKTA' }], idpSelectionType: 'SPECIFIC' } },
    };
    await expectStatus(200, 'POST', `/api/v1/policies/${discovery?.id}/rules`, routing);
  });

  it('for roles, the org, tokens, hooks, schemas, types and linked objects', async () => {
    for (const holder of [`/api/v1/users/${user}`, `/api/v1/groups/${group}`]) {
      await expectStatus(201, 'POST', `${holder}/roles`, { type: 'USER_ADMIN' });
      const [role] = (await org.call('GET', `${holder}/roles`)).list;
      await expectStatus(204, 'PUT', `${holder}/roles/${role?.id}/targets/groups/${group}`);
      await get(`${holder}/roles/${role?.id}/targets/groups`);
      await expectStatus(204, 'DELETE', `${holder}/roles/${role?.id}`);
    }
    const type = await id('POST', '/api/v1/meta/types/user', { name: 'contractor', displayName: 'Contractor' });
    for (const path of [
      '/.well-known/okta-organization',
      '/api/v1/org',
      '/api/v1/api-tokens',
      '/api/v1/eventHooks',
      '/api/v1/logs',
      '/api/v1/mappings',
      '/api/v1/meta/types/user',
      `/api/v1/meta/types/user/${type}`,
      '/api/v1/meta/schemas/user/default',
      '/api/v1/meta/schemas/group/default',
      `/api/v1/meta/schemas/apps/${app}/default`,
    ])
      await get(path);
    await expectStatus(204, 'DELETE', `/api/v1/meta/types/user/${type}`);
    const relation = {
      primary: { name: 'manager', title: 'Manager', description: 'm', type: 'USER' },
      associated: { name: 'subordinate', title: 'Subordinate', description: 's', type: 'USER' },
    };
    await expectStatus(201, 'POST', '/api/v1/meta/schemas/user/linkedObjects', relation);
    await expectStatus(204, 'PUT', `/api/v1/users/${user}/linkedObjects/manager/${org.adminId}`);
    const linked = await org.call('GET', `/api/v1/users/${user}/linkedObjects/manager`);
    expect(asObject(asObject(linked.list[0]?._links).self).href).toContain(org.adminId);
    await expectStatus(204, 'DELETE', '/api/v1/meta/schemas/user/linkedObjects/manager');
  });
});
