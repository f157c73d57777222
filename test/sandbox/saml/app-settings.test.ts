import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Org } from '../../../sandbox/core/org.js';
import type { App, AppUser, Json, User } from '../../../sandbox/core/records.js';
import { systemActor } from '../../../sandbox/core/system-log.js';
import { assignUserToApp } from '../../../sandbox/management/app-assignments.js';
import { createApp } from '../../../sandbox/management/apps.js';
import { newOrg } from '../../../sandbox/management/new-org.js';
import { appSignOn, samlAttributes } from '../../../sandbox/saml/app-settings.js';
import { attributeNameFormats, nameIdFormats } from '../../../sandbox/saml/names.js';
import { addUser } from './fixture.js';

const acsUrl = 'https://sp.example/sso/saml2/0oaProvider';
const audRestriction = 'https://www.okta.com/saml2/service-provider/spProvider';

let org: Org;
let user: User;

beforeAll(() => {
  org = newOrg({ name: 'idp' }).org;
  org.url = 'https://idp.example';
  user = addUser(org, 'ann@one.example', { department: 'Sales' });
});
afterAll(() => org.background.stop());

async function orgToOrg(signOn: Json = {}, app: Json = { acsUrl, audRestriction }): Promise<App> {
  const settings = { app: { baseUrl: 'https://sp.example', ...app }, signOn };
  const body = { name: 'okta_org2org', label: `SP ${org.apps.size}`, signOnMode: 'SAML_2_0', settings };
  return createApp(org, body, systemActor);
}

async function ownApp(signOn: Json): Promise<App> {
  const required = {
    ssoAcsUrl: 'https://own.example/acs',
    audience: 'own',
    recipient: 'https://own.example/recipient',
    destination: 'https://own.example/destination',
    subjectNameIdTemplate: '${user.userName}',
    subjectNameIdFormat: nameIdFormats.persistent,
  };
  const body = {
    label: `Own ${org.apps.size}`,
    signOnMode: 'SAML_2_0',
    settings: { signOn: { ...required, ...signOn } },
  };
  return createApp(org, body, systemActor);
}

describe('an Org2Org app', () => {
  it('posts to its ACS URL, for its audience', async () => {
    const app = await orgToOrg();
    expect(appSignOn(org, app)).toMatchObject({
      issuer: `http://www.okta.com/${app.externalKey}`,
      ssoUrl: `https://idp.example/app/okta_org2org/${app.externalKey}/sso/saml`,
      acsUrl,
      destination: acsUrl,
      recipient: acsUrl,
      audience: audRestriction,
      nameIdFormat: nameIdFormats.unspecified,
      algorithm: 'SHA-256',
      signResponse: true,
      signAssertion: true,
      defaultRelayState: null,
    });
  });

  it('cannot sign on before it has ACS URL and audience', async () => {
    expect(appSignOn(org, await orgToOrg({}, {}))).toBeNull();
    expect(appSignOn(org, await orgToOrg({}, { acsUrl }))).toBeNull();
  });

  it('lets the overrides win', async () => {
    const app = await orgToOrg({
      ssoAcsUrlOverride: 'https://a.example/',
      audienceOverride: 'b',
      recipientOverride: 'https://c.example/',
      destinationOverride: 'https://d.example/',
      defaultRelayState: '/app/UserHome',
    });
    expect(appSignOn(org, app)).toMatchObject({
      acsUrl: 'https://a.example/',
      audience: 'b',
      recipient: 'https://c.example/',
      destination: 'https://d.example/',
      defaultRelayState: '/app/UserHome',
    });
  });
});

describe('an app of the org itself', () => {
  it('signs as its settings say', async () => {
    const app = await ownApp({
      signatureAlgorithm: 'RSA_SHA1',
      responseSigned: false,
      idpIssuer: 'urn:${org.externalKey}',
    });
    expect(appSignOn(org, app)).toMatchObject({
      issuer: `urn:${app.externalKey}`,
      acsUrl: 'https://own.example/acs',
      audience: 'own',
      recipient: 'https://own.example/recipient',
      destination: 'https://own.example/destination',
      nameIdFormat: nameIdFormats.persistent,
      algorithm: 'SHA-1',
      signResponse: false,
      signAssertion: true,
    });
  });

  it('sends no attributes by itself', async () => {
    expect(await attributesOf(await ownApp({}))).toEqual([]);
  });
});

async function attributesOf(app: App) {
  const appUser: AppUser = assignUserToApp(org, app, user, {}, systemActor);
  const settings = appSignOn(org, app);
  if (settings === null) throw new Error('the app is not complete');
  return samlAttributes(settings, app, user, appUser, ['Everyone', 'Sales EU', 'Sales US', 'Staff']);
}

describe('the attributes', () => {
  it('of Org2Org are those that the other org needs to create the user', async () => {
    const attributes = await attributesOf(await orgToOrg());
    expect(Object.fromEntries(attributes.map(({ name, values }) => [name, values]))).toEqual({
      login: ['ann@one.example'],
      email: ['ann@one.example'],
      firstName: ['Ann'],
      lastName: ['Other'],
    });
  });

  it('can be replaced by statements, with their name format', async () => {
    const attributeStatements = [
      { type: 'EXPRESSION', name: 'lastName', namespace: attributeNameFormats.basic, values: ['"Smith"'] },
      { type: 'EXPRESSION', name: 'email', values: ['user.nickName'] },
      { type: 'EXPRESSION', name: 'dept', values: ['user.department', 'String.toUpperCase(user.department)'] },
      { type: 'EXPRESSION', name: 'who', values: ['appuser.userName'] },
    ];
    const attributes = await attributesOf(await orgToOrg({ attributeStatements }));
    expect(attributes).toContainEqual({ name: 'lastName', nameFormat: attributeNameFormats.basic, values: ['Smith'] });
    const { unspecified } = attributeNameFormats;
    expect(attributes).toContainEqual({ name: 'dept', nameFormat: unspecified, values: ['Sales', 'SALES'] });
    expect(attributes).toContainEqual({ name: 'who', nameFormat: unspecified, values: ['ann@one.example'] });
    expect(attributes.map(({ name }) => name)).not.toContain('email');
  });

  it.each([
    ['STARTS_WITH', 'Sales', ['Sales EU', 'Sales US']],
    ['EQUALS', 'Staff', ['Staff']],
    ['CONTAINS', 'US', ['Sales US']],
    ['REGEX', 'S.*', ['Sales EU', 'Sales US', 'Staff']],
    ['REGEX', '(', undefined],
  ])('name groups by %s %s', async (filterType, filterValue, values) => {
    const attributeStatements = [{ type: 'GROUP', name: 'groups', filterType, filterValue }];
    const attributes = await attributesOf(await ownApp({ attributeStatements }));
    expect(attributes.find(({ name }) => name === 'groups')?.values).toEqual(values);
  });
});
