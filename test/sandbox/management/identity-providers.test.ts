import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../../sandbox/core/keys.js';
import { asObject } from '../../../sandbox/core/routing.js';
import { createActiveUser, errorOf, type OrgClient, startOrg } from './org-client.js';

let org: OrgClient;
let kid: string;
let certificate: string;
beforeAll(async () => {
  org = await startOrg();
  certificate = (await generateSigningKey({ commonName: 'idp', validityYears: 10, clock: org.org.clock })).certificate;
  kid = String((await org.call('POST', '/api/v1/idps/credentials/keys', { x5c: [certificate] })).object.kid);
});
afterAll(() => org.stop());

const provider = (name: string, more: object = {}) => ({
  type: 'SAML2',
  name,
  protocol: {
    type: 'SAML2',
    endpoints: {
      sso: { url: 'https://idp.example.com/sso', binding: 'HTTP-POST', destination: 'https://idp.example.com/sso' },
      acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
    },
    credentials: { trust: { issuer: 'http://www.okta.com/exk1', kid } },
  },
  policy: { subject: { userNameTemplate: { template: 'idpuser.subjectNameId' }, matchType: 'USERNAME' } },
  ...more,
});

describe('certificates of identity providers', () => {
  it('are uploaded once: the second time names the key that has it', async () => {
    const again = await org.call('POST', '/api/v1/idps/credentials/keys', {
      x5c: [certificate.replace(/(.{64})/g, '$1\n')],
    });
    expect([again.status, again.object.errorCode, again.object.errorSummary]).toEqual([
      409,
      'E0000096',
      `This certificate has already been uploaded with kid=${kid}.`,
    ]);
  });

  it.each([
    ['no certificate', 'AAAA'],
    ['PEM armour', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('are refused: %s', async (_what, value) => {
    const answer = await org.call('POST', '/api/v1/idps/credentials/keys', { x5c: [value] });
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000001']);
  });
});

describe('an identity provider', () => {
  it('gets its own ACS address and audience, which a PUT cannot change', async () => {
    const made = (await org.call('POST', '/api/v1/idps', provider('Partner'))).object;
    const trust = (answer: typeof made) => asObject(asObject(asObject(answer.protocol).credentials).trust);
    expect(asObject(asObject(made._links).acs).href).toBe(`${org.org.url}/sso/saml2/${made.id}`);
    expect(trust(made).audience).toMatch(/^https:\/\/www\.okta\.com\/saml2\/service-provider\/sp[a-z0-9]{18}$/);
    const put = await org.call(
      'PUT',
      `/api/v1/idps/${made.id}`,
      provider('Partner', { policy: { maxClockSkew: 120000 } }),
    );
    expect([put.status, put.object.created, trust(put.object).audience]).toEqual([200, null, trust(made).audience]);
    const metadata = await org.call('GET', `/api/v1/idps/${made.id}/metadata.xml`);
    expect(String(metadata.body)).toContain(`entityID="${trust(made).audience}"`);
  });

  it('is refused with a name that another one has, and with a key that is not there', async () => {
    await org.call('POST', '/api/v1/idps', provider('Only one'));
    expect(errorOf(await org.call('POST', '/api/v1/idps', provider('Only one'))).causes).toEqual([
      'name: An object with this field already exists in the current organization',
    ]);
    const body = provider('No key');
    body.protocol.credentials.trust.kid = '00000000-0000-4000-8000-000000000000';
    expect(errorOf(await org.call('POST', '/api/v1/idps', body)).code).toBe('E0000001');
  });

  it('keeps the key that it trusts from being deleted', async () => {
    const answer = await org.call('DELETE', `/api/v1/idps/credentials/keys/${kid}`);
    expect([answer.status, errorOf(answer).code]).toEqual([400, 'E0000001']);
  });

  it('links users', async () => {
    const { id } = (await org.call('POST', '/api/v1/idps', provider('Linking'))).object;
    const user = await createActiveUser(org);
    await org.call('POST', `/api/v1/idps/${id}/users/${user}`, { externalId: 'ada' });
    expect((await org.call('GET', `/api/v1/idps/${id}/users`)).list).toMatchObject([{ id: user, externalId: 'ada' }]);
    expect((await org.call('GET', `/api/v1/users/${user}/idps`)).list.map((entry) => entry.id)).toEqual([id]);
    expect((await org.call('DELETE', `/api/v1/idps/${id}/users/${user}`)).status).toBe(204);
  });

  it('of a social or OpenID Connect kind keeps what it is given', async () => {
    const google = await org.call('POST', '/api/v1/idps', {
      type: 'GOOGLE',
      name: 'Google',
      protocol: {
        type: 'OIDC',
        scopes: ['email', 'openid', 'profile'],
        credentials: { client: { client_id: 'c', client_secret: 's' } },
      },
      policy: {
        accountLink: { action: 'AUTO' },
        provisioning: { action: 'AUTO' },
        subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME' },
      },
    });
    expect([google.status, google.object.type]).toEqual([200, 'GOOGLE']);
    const mapping = (await org.call('GET', `/api/v1/mappings?sourceId=${google.object.id}`)).list;
    expect(mapping.map((entry) => asObject(entry.source).name)).toEqual(['google_idp']);
  });
});
