import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Sandbox } from '../../sandbox/sandbox.js';
import type { OrgAuth } from '../../src/config/org-registry.js';
import { listApiTokens } from '../../src/okta/api-tokens.js';
import { assignGroupToApplication, findApplicationGroupAssignment } from '../../src/okta/application-groups.js';
import { listApplicationKeys } from '../../src/okta/application-keys.js';
import {
  assignUserToApplication,
  findApplicationUser,
  listApplicationUsers,
  unassignUserFromApplication,
} from '../../src/okta/application-users.js';
import {
  createApplication,
  findApplication,
  getApplication,
  listApplications,
  previewSAMLmetadataForApplication,
  replaceApplication,
} from '../../src/okta/applications.js';
import { addGroup, assignUserToGroup, findGroupsByName, listGroupUsers } from '../../src/okta/groups.js';
import { createIdentityProviderKey } from '../../src/okta/identity-provider-keys.js';
import { createIdentityProvider, listIdentityProviders } from '../../src/okta/identity-providers.js';
import { openOrg } from '../../src/okta/org.js';
import { getWellknownOrgMetadata } from '../../src/okta/org-metadata.js';
import {
  getDefaultProvisioningConnectionForApplication,
  updateDefaultProvisioningConnectionForApplication,
} from '../../src/okta/provisioning-connection.js';
import { getFeatureForApplication, updateFeatureForApplication } from '../../src/okta/provisioning-features.js';
import * as clients from '../../src/okta/service-clients.js';
import type { OktaSession } from '../../src/okta/session.js';
import { signOn } from '../../src/okta/sign-on.js';
import { listLogEvents } from '../../src/okta/system-log.js';
import { createUser, findUser, findUserByLogin, getUser, listAssignedRolesForUser } from '../../src/okta/users.js';
import { startCheckedSandbox } from '../world/openapi-check.js';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startCheckedSandbox();
});

afterAll(() => sandbox.stop());

type Side = 'idp' | 'sp';

function open(
  side: Side,
  auth: OrgAuth = { apiToken: 'env:TOKEN' },
  secret: string = sandbox[side].token,
): OktaSession {
  const config = { name: side, url: sandbox[side].url, auth, requestTimeoutMs: 10_000 };
  const org = openOrg(config, async () => secret);
  onTestFinished(() => org.close());
  return org.session();
}

async function control(path: string, body: unknown, method = 'POST'): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.control.url}${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok).toBe(true);
}

const login = 'jane.roe+1@idp.example';
const password = 'A-long-pass-phrase-7';
const enabled = { status: 'ENABLED' } as const;

/** The guide, step by step, with the functions of this layer alone. */
async function federate(idp: OktaSession, sp: OktaSession) {
  const target = await createApplication(sp, {
    name: 'dropbox_for_business',
    label: 'Dropbox Business',
    signOnMode: 'SAML_2_0',
  });
  await control('/console', { action: 'completeTargetAppConsole', org: 'sp', appId: target.id });
  const app = await createApplication(idp, {
    name: 'okta_org2org',
    label: 'Org2Org to sp',
    signOnMode: 'SAML_2_0',
    settings: { app: { baseUrl: sp.url } },
  });
  const metadata = await previewSAMLmetadataForApplication(idp, app.id);
  const trusted = await createIdentityProviderKey(sp, metadata.certificate);
  const provider = await createIdentityProvider(
    sp,
    identityProviderBody(metadata.ssoUrl, metadata.issuer, trusted.kid),
  );
  const trust = { acsUrl: provider._links?.acs?.href, audRestriction: provider.protocol.credentials?.trust?.audience };
  const { settings } = await getApplication(idp, app.id);
  await replaceApplication(idp, app.id, { ...app, settings: { ...settings, app: { ...settings?.app, ...trust } } });
  const jwksUri = `${idp.url}/api/v1/apps/${app.id}/connections/default/jwks`;
  const client = await clients.createClient(sp, { name: 'Org2Org provisioning', jwksUri });
  for (const role of ['USER_ADMIN', 'GROUP_MEMBERSHIP_ADMIN'])
    await clients.assignRoleToClient(sp, client.client_id, role);
  for (const scope of ['okta.users.manage', 'okta.groups.manage']) {
    await clients.grantConsentToScope(sp, client.client_id, scope);
  }
  const profile = { authScheme: 'OAUTH2', clientId: client.client_id, signing: { rotationMode: 'AUTO' } } as const;
  await updateDefaultProvisioningConnectionForApplication(idp, app.id, profile);
  await updateFeatureForApplication(idp, app.id, {
    create: { lifecycleCreate: enabled },
    update: { profile: enabled, lifecycleDeactivate: enabled },
  });
  return { target, app, metadata, trusted, provider, client };
}

function identityProviderBody(url: string, issuer: string, kid: string) {
  return {
    type: 'SAML2',
    name: 'idp',
    protocol: {
      type: 'SAML2',
      endpoints: {
        sso: { url, binding: 'HTTP-POST', destination: url },
        acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      },
      algorithms: {
        request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
        response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
      },
      settings: { nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified' },
      credentials: { trust: { issuer, kid } },
    },
    policy: {
      provisioning: { action: 'AUTO', profileMaster: false, groups: { action: 'NONE' } },
      accountLink: { action: 'AUTO', filter: null },
      subject: { userNameTemplate: { template: 'idpuser.subjectNameId' }, filter: null, matchType: 'USERNAME' },
      maxClockSkew: 120_000,
    },
  };
}

test('two orgs are federated, a user is provisioned, signs on to the target app and leaves again', async () => {
  const [idp, sp] = [open('idp'), open('sp')];
  const { target, app, metadata, trusted, provider, client } = await federate(idp, sp);

  expect((await createIdentityProviderKey(sp, metadata.certificate)).kid).toBe(trusted.kid);
  expect((await listApplicationKeys(idp, app.id)).map((key) => key['x5t#S256'])).toContain(metadata.thumbprint);
  expect((await listIdentityProviders(sp)).map(({ id }) => id)).toEqual([provider.id]);
  expect((await clients.findClient(sp, client.client_id))?.jwks_uri).toContain(app.id);
  const registered = await clients.listClients(sp);
  expect(registered.filter(({ jwks_uri: uri }) => uri === client.jwks_uri).map((each) => each.client_id)).toEqual([
    client.client_id,
  ]);
  const renamed = { name: 'Org2Org from idp', jwksUri: client.jwks_uri ?? '' };
  expect((await clients.replaceClient(sp, client.client_id, renamed)).client_name).toBe('Org2Org from idp');
  expect((await clients.listRolesForClient(sp, client.client_id)).length).toBe(2);
  expect((await clients.listScopeConsentGrants(sp, client.client_id)).length).toBe(2);
  expect(await getDefaultProvisioningConnectionForApplication(idp, app.id)).toMatchObject({
    status: 'ENABLED',
    profile: { authScheme: 'OAUTH2', clientId: client.client_id },
  });
  expect((await getFeatureForApplication(idp, app.id)).capabilities?.update?.lifecycleDeactivate?.status).toBe(
    'ENABLED',
  );

  const profile = { login, email: login, firstName: 'Jane', lastName: 'Roe' };
  const user = await createUser(idp, { profile, credentials: { password: { value: password } } });
  expect((await findUserByLogin(idp, login.toUpperCase()))?.id).toBe(user.id);
  await assignUserToApplication(idp, app.id, user.id, { profile: { initialStatus: 'active_with_pass' } });
  await sandbox.idle();
  const assigned = await findApplicationUser(idp, app.id, user.id);
  expect((await listApplicationUsers(idp, app.id)).length).toBe(1);
  const arrived = await findUser(sp, assigned?.externalId ?? 'none');
  expect(arrived).toMatchObject({ status: 'ACTIVE', profile: { login } });

  const group = await addGroup(sp, { name: 'Users of idp', description: '' });
  await assignUserToGroup(sp, group.id, arrived?.id ?? 'none');
  await assignGroupToApplication(sp, target.id, group.id);
  expect((await findGroupsByName(sp, 'Users of idp')).map(({ id }) => id)).toEqual([group.id]);
  expect((await listGroupUsers(sp, group.id)).map(({ id }) => id)).toEqual([arrived?.id]);
  expect(await findApplicationGroupAssignment(sp, target.id, group.id)).not.toBeNull();
  await sandbox.idle();

  const since = new Date(Date.now() - 60_000);
  const trace = await signOn({
    idpUrl: idp.url,
    spUrl: sp.url,
    login,
    password,
    embedLink: app._links?.appLinks?.[0]?.href ?? '',
    targetApp: { link: target._links?.appLinks?.[0]?.href ?? '', origins: 'discover' },
  });
  expect(trace).toMatchObject({ result: 'arrived', reason: null, page: { signedInAs: login } });
  expect(trace.responses[0]).toMatchObject({
    issuer: metadata.issuer,
    audience: provider.protocol.credentials?.trust?.audience,
    destination: provider._links?.acs?.href,
    recipient: provider._links?.acs?.href,
    certificateThumbprint: metadata.thumbprint,
    nameId: login,
  });
  const filter = 'eventType eq "user.authentication.auth_via_IDP" and outcome.result eq "SUCCESS"';
  const events = await listLogEvents(sp, { since, until: new Date(Date.now() + 60_000), filter });
  expect(events.map((event) => event.actor?.id)).toEqual([arrived?.id]);

  await unassignUserFromApplication(idp, app.id, user.id);
  await sandbox.idle();
  expect(await findApplicationUser(idp, app.id, user.id)).toBeNull();
  expect((await findUser(sp, arrived?.id ?? 'none'))?.status).toBe('DEPROVISIONED');
});

describe('signing in to the sandbox', () => {
  test('works with a private key, within the granted scopes only', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const admin = open('idp');
    const client = await createApplication(admin, {
      name: 'oidc_client',
      label: 'org2org automation',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          response_types: ['token'],
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', status: 'ACTIVE' }] },
        },
      },
    });
    await clients.assignRoleToClient(admin, client.id, 'SUPER_ADMIN');
    await clients.grantConsentToScope(admin, client.id, 'okta.apps.read');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const key = { clientId: client.id, keyId: 'k1', key: 'env:KEY' };

    const session = open('idp', { privateKey: { ...key, scopes: ['okta.apps.read'] } }, pem);
    expect((await findApplication(session, client.id))?.label).toBe('org2org automation');
    await expect(findUser(session, '00u1')).rejects.toMatchObject({
      code: 'O2O_OKTA_PERMISSION_MISSING',
      problem: { fix: expect.stringContaining('okta.users.read') },
    });
    const greedy = open('idp', { privateKey: { ...key, scopes: ['okta.users.manage'] } }, pem);
    await expect(findUser(greedy, '00u1')).rejects.toMatchObject({
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
      message: expect.stringContaining('okta.users.manage'),
    });
    const stranger = open('idp', { privateKey: { ...key, clientId: '0oaNobody', scopes: ['okta.apps.read'] } }, pem);
    await expect(findUser(stranger, '00u1')).rejects.toMatchObject({
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
      message: expect.stringContaining('invalid_client'),
    });
  });

  test('with a wrong API token is refused; what is public is answered all the same', async () => {
    const session = open('sp', { apiToken: 'env:TOKEN' }, '00wrong');
    await expect(listApplications(session)).rejects.toMatchObject({ code: 'O2O_OKTA_CREDENTIALS_INVALID' });
    expect((await getWellknownOrgMetadata(session)).id).toMatch(/^00o/);
  });

  test('tells who owns the token and what roles the owner has', async () => {
    const session = open('sp');
    const owner = await getUser(session, 'me');
    expect((await listAssignedRolesForUser(session, owner.id)).map((role) => role.type)).toContain('SUPER_ADMIN');
    expect((await listApiTokens(session)).map((token) => token.userId)).toContain(owner.id);
  });
});

test.each([
  ['status', 'O2O_OKTA_SERVER_ERROR'],
  ['rateLimit', 'O2O_OKTA_RATE_LIMITED'],
  ['concurrencyLimit', 'O2O_OKTA_RATE_LIMITED'],
  ['resetBefore', 'O2O_OKTA_UNREACHABLE'],
  ['resetAfter', 'O2O_OKTA_UNREACHABLE'],
  ['truncatedJson', 'O2O_OKTA_ANSWER_INVALID'],
  ['html', 'O2O_OKTA_ANSWER_INVALID'],
])('the fault %s of an org is known for what it is and can be tried again', async (kind, code) => {
  await control('/faults', { org: 'idp', operation: 'listApplications', kind });
  const session = open('idp');
  await expect(listApplications(session)).rejects.toMatchObject({ code, problem: { retryable: true } });
  await expect(listApplications(session)).resolves.toEqual(expect.any(Array));
});

test('read-only mode is known for what it is', async () => {
  await control('/faults', { org: 'idp', operation: 'addGroup', kind: 'readOnly' });
  const added = addGroup(open('idp'), { name: 'Too early', description: '' });
  await expect(added).rejects.toMatchObject({ code: 'O2O_OKTA_READ_ONLY', problem: { retryable: true } });
});
