import { z } from 'zod';
import { originHeaders } from './origin.js';
import type { RunningOrg, RunningSandbox } from './running-sandbox.js';

/** A federation that somebody set up by hand in the two consoles. */
export const HandMadeFederation = z.strictObject({
  /** Label of the Org2Org app. */
  label: z.string().default('Org2Org to SP'),
  /** Name of the identity provider in the SP org. */
  identityProvider: z.string().default('IdP org federation'),
  /** Whether provisioning is connected too, by OAuth 2.0, with all features on. */
  provisioning: z.boolean().default(true),
});
export type HandMadeFederation = z.output<typeof HandMadeFederation>;

const Named = z.looseObject({ id: z.string() });
const AppAnswer = Named.extend({ credentials: z.looseObject({ signing: z.looseObject({ kid: z.string() }) }) });
const KeyAnswer = z.looseObject({ x5c: z.array(z.string()).min(1) });
const TrustedKey = z.looseObject({ kid: z.string() });
const IdpAnswer = Named.extend({
  protocol: z.looseObject({ credentials: z.looseObject({ trust: z.looseObject({ audience: z.string() }) }) }),
  _links: z.looseObject({ acs: z.looseObject({ href: z.string() }) }),
});
const ClientAnswer = z.looseObject({ client_id: z.string() });

/** Sets a federation up over the orgs' own APIs, marked in the request log as done in the console. */
export async function federateByHand(
  { idp, sp }: RunningSandbox,
  wanted: HandMadeFederation,
): Promise<Record<string, string>> {
  const app = AppAnswer.parse(await api(idp, 'POST', '/api/v1/apps', org2orgApp(wanted, { baseUrl: sp.url })));
  const metadata = String(await api(idp, 'GET', `/api/v1/apps/${app.id}/sso/saml/metadata`));
  const keyPath = `/api/v1/apps/${app.id}/credentials/keys/${app.credentials.signing.kid}`;
  const { x5c } = KeyAnswer.parse(await api(idp, 'GET', keyPath));
  const trusted = TrustedKey.parse(await api(sp, 'POST', '/api/v1/idps/credentials/keys', { x5c }));
  const trust = { issuer: first(metadata, /entityID="([^"]+)"/), kid: trusted.kid };
  const ssoUrl = first(metadata, /HTTP-POST"\s+Location="([^"]+)"/);
  const provider = IdpAnswer.parse(await api(sp, 'POST', '/api/v1/idps', identityProvider(wanted, ssoUrl, trust)));
  const settings = {
    baseUrl: sp.url,
    acsUrl: provider._links.acs.href,
    audRestriction: provider.protocol.credentials.trust.audience,
  };
  await api(idp, 'PUT', `/api/v1/apps/${app.id}`, org2orgApp(wanted, settings));
  const ids = { appId: app.id, identityProviderId: provider.id, trustedKeyId: trusted.kid };
  return wanted.provisioning ? { ...ids, clientId: await connect(idp, sp, app.id) } : ids;
}

async function connect(idp: RunningOrg, sp: RunningOrg, appId: string): Promise<string> {
  const { client_id: clientId } = ClientAnswer.parse(
    await api(sp, 'POST', '/oauth2/v1/clients', {
      client_name: `Org2Org ${appId}`,
      response_types: ['token'],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      application_type: 'service',
      jwks_uri: `${idp.url}/api/v1/apps/${appId}/connections/default/jwks`,
    }),
  );
  for (const type of ['USER_ADMIN', 'GROUP_MEMBERSHIP_ADMIN']) {
    await api(sp, 'POST', `/oauth2/v1/clients/${clientId}/roles`, { type });
  }
  for (const scopeId of ['okta.users.manage', 'okta.groups.manage']) {
    await api(sp, 'POST', `/api/v1/apps/${clientId}/grants`, { scopeId, issuer: sp.url });
  }
  const profile = { authScheme: 'OAUTH2', clientId, signing: { rotationMode: 'AUTO' } };
  await api(idp, 'POST', `/api/v1/apps/${appId}/connections/default?activate=true`, { profile });
  await api(idp, 'PUT', `/api/v1/apps/${appId}/features/USER_PROVISIONING`, {
    create: { lifecycleCreate: { status: 'ENABLED' } },
    update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: { status: 'ENABLED' } },
  });
  return clientId;
}

function org2orgApp(wanted: HandMadeFederation, app: Record<string, string>): unknown {
  return { name: 'okta_org2org', label: wanted.label, signOnMode: 'SAML_2_0', settings: { app } };
}

function identityProvider(wanted: HandMadeFederation, url: string, trust: { issuer: string; kid: string }): unknown {
  return {
    type: 'SAML2',
    name: wanted.identityProvider,
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
      credentials: { trust },
    },
    policy: {
      provisioning: {
        action: 'AUTO',
        profileMaster: false,
        groups: { action: 'NONE' },
        conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'NONE' } },
      },
      accountLink: { action: 'AUTO', filter: null },
      subject: { userNameTemplate: { template: 'idpuser.subjectNameId' }, filter: null, matchType: 'USERNAME' },
      maxClockSkew: 120_000,
    },
  };
}

async function api(org: RunningOrg, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${org.url}${path}`, {
    method,
    headers: {
      accept: path.endsWith('/metadata') ? 'application/xml' : 'application/json',
      authorization: `SSWS ${org.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...originHeaders('console'),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} in the org ${org.name}: ${answer.status} ${text}`);
  return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
}

function first(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The metadata lacks ${pattern.source}.`);
  return found;
}
