import { observeExchanges } from '../../../sandbox/control/exchanges.js';
import { newId, newUuid } from '../../../sandbox/core/ids.js';
import { generateSigningKey, readCertificate } from '../../../sandbox/core/keys.js';
import type { Org } from '../../../sandbox/core/org.js';
import type { App, IdentityProvider, Json, SigningKey, User } from '../../../sandbox/core/records.js';
import { createOrgServer } from '../../../sandbox/core/server.js';
import { type LoggedEvent, systemActor } from '../../../sandbox/core/system-log.js';
import { assignUserToApp } from '../../../sandbox/management/app-assignments.js';
import { createApp } from '../../../sandbox/management/apps.js';
import { addGroup as createGroupIn } from '../../../sandbox/management/groups.js';
import { installManagement } from '../../../sandbox/management/management.js';
import { newOrg } from '../../../sandbox/management/new-org.js';
import { createUser } from '../../../sandbox/management/users.js';
import { nameIdFormats, passwordProtectedTransport } from '../../../sandbox/saml/names.js';
import { samlPlugin } from '../../../sandbox/saml/plugin.js';
import type { ResponseContent, ResponseSignature } from '../../../sandbox/saml/response.js';
import { checkEvents, checkExchange } from '../../world/openapi-check.js';

export const password = 'Correct-Horse-7';

/** An org with its server, holding what a new org holds. */
export interface RunningOrg {
  readonly org: Org;
  stop(): Promise<void>;
}

export async function startOrg(name: string): Promise<RunningOrg> {
  const { org } = newOrg({ name });
  const server = await createOrgServer(org, [
    (instance) => observeExchanges(instance, org, checkExchange),
    installManagement,
    samlPlugin,
  ]);
  checkEvents(org);
  org.url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    org,
    stop: async () => {
      org.background.stop();
      await server.close();
    },
  };
}

export function addGroup(org: Org, name: string): string {
  return createGroupIn(org, { name }, 'OKTA_GROUP').id;
}

/** An active user with the password of all tests. */
export function addUser(org: Org, login: string, profile: Json = {}): User {
  const person = { login, email: login, firstName: 'Ann', lastName: 'Other', ...profile };
  return createUser(org, { profile: person, credentials: { password: { value: password } } }, systemActor);
}

/** The Org2Org app of the IdP org, pointing to an identity provider of the SP org. */
export async function addOrgToOrgApp(idp: Org, sp: Org, provider: IdentityProvider, signOn: Json = {}): Promise<App> {
  return createApp(
    idp,
    {
      name: 'okta_org2org',
      label: 'SP org',
      signOnMode: 'SAML_2_0',
      settings: {
        app: { baseUrl: sp.url, acsUrl: `${sp.url}/sso/saml2/${provider.id}`, audRestriction: provider.audience },
        signOn,
      },
    },
    systemActor,
  );
}

export function assign(org: Org, app: App, user: User): void {
  assignUserToApp(org, app, user, {}, systemActor);
}

export function newKey(org: Org): Promise<SigningKey> {
  return generateSigningKey({ commonName: org.name, validityYears: 10, clock: org.clock });
}

/** A certificate that the org trusts; returns its key id. */
export function trust(org: Org, certificate: string): string {
  const facts = readCertificate(certificate);
  if (facts === undefined) throw new Error('the fixture certificate cannot be read');
  const now = org.clock.iso();
  const { notAfter, ...rest } = facts;
  const times = { created: now, lastUpdated: now, expiresAt: org.clock.iso(notAfter) };
  return org.identityProviderKeys.add({ id: newUuid(), ...times, ...rest }).id;
}

export interface ProviderOptions {
  readonly issuer: string;
  readonly ssoUrl?: string;
  readonly certificate: string;
  readonly protocol?: (protocol: typeof protocolDefaults) => void;
  readonly policy?: (policy: typeof policyDefaults) => void;
}

const protocolDefaults = {
  type: 'SAML2',
  endpoints: {
    sso: { url: '', binding: 'HTTP-POST', destination: '' },
    acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
  },
  algorithms: {
    request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
    response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
  },
  settings: { nameFormat: nameIdFormats.unspecified as string, honorPersistentNameId: true },
  credentials: {
    trust: { issuer: '', audience: '', kid: '', additionalKids: [] as string[] },
    signing: { kid: '' },
  },
  relayState: { format: 'FROM_URL' },
};

const policyDefaults = {
  provisioning: {
    action: 'AUTO',
    profileMaster: false,
    groups: { action: 'NONE', assignments: [] as string[], filter: [] as string[], sourceAttributeName: '' },
    conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
  },
  accountLink: {
    action: 'AUTO',
    filter: null as null | { groups?: { include: string[] }; users?: { exclude: string[] } },
  },
  subject: {
    userNameTemplate: { template: 'idpuser.subjectNameId' },
    filter: null as string | null,
    matchType: 'USERNAME',
    matchAttribute: null as string | null,
  },
  maxClockSkew: 120_000,
};

/** A SAML identity provider in the org, as the Management API would keep it. */
export async function addIdentityProvider(org: Org, options: ProviderOptions): Promise<IdentityProvider> {
  const id = newId('0oa');
  const audience = `https://www.okta.com/saml2/service-provider/sp${id.slice(3, 20).toLowerCase()}`;
  const signing = await newKey(org);
  org.identityProviderSigningKeys.set(id, [signing]);
  const protocol = structuredClone(protocolDefaults);
  const policy = structuredClone(policyDefaults);
  const ssoUrl = options.ssoUrl ?? 'https://idp.example/sso';
  protocol.endpoints.sso = { url: ssoUrl, binding: 'HTTP-POST', destination: ssoUrl };
  protocol.credentials.trust = {
    issuer: options.issuer,
    audience,
    kid: trust(org, options.certificate),
    additionalKids: [],
  };
  protocol.credentials.signing.kid = signing.kid;
  options.protocol?.(protocol);
  options.policy?.(policy);
  const now = org.clock.iso();
  return org.identityProviders.add({
    id,
    type: 'SAML2',
    name: `provider ${id}`,
    status: 'ACTIVE',
    created: now,
    lastUpdated: now,
    issuerMode: 'ORG_URL',
    properties: null,
    protocol,
    policy,
    audience,
  });
}

/** Where a Response goes: what must stand in it to be accepted. */
export interface Addressee {
  readonly acsUrl: string;
  readonly audience: string;
  readonly issuer: string;
}

/** A Response that the addressee would accept, with changes. */
export function content(to: Addressee, now: number, changes: Partial<ResponseContent> = {}): ResponseContent {
  const uri = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
  const attribute = (name: string, value: string) => ({ name, nameFormat: uri, values: [value] });
  return {
    issuer: to.issuer,
    destination: to.acsUrl,
    recipient: to.acsUrl,
    audience: to.audience,
    inResponseTo: null,
    nameId: 'ann@one.example',
    nameIdFormat: nameIdFormats.unspecified,
    attributes: [attribute('firstName', 'Ann'), attribute('lastName', 'Other'), attribute('email', 'ann@one.example')],
    authnContext: passwordProtectedTransport,
    issuedAt: new Date(now),
    authenticatedAt: new Date(now),
    ...changes,
  };
}

export function signature(key: SigningKey, changes: Partial<ResponseSignature> = {}): ResponseSignature {
  return {
    key: { privateKey: key.privateKeyPem, certificate: key.certificate },
    algorithm: 'SHA-256',
    signResponse: true,
    signAssertion: true,
    ...changes,
  };
}

export function base64(xml: string): string {
  return Buffer.from(xml).toString('base64');
}

/** Posts a form without following redirects. */
export function postForm(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
}

/** Events of a type, the latest last. */
export function events(org: Org, eventType: string): LoggedEvent[] {
  return org.log.all().filter((event) => event.eventType === eventType);
}
