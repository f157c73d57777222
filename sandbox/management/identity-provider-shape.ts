import { apiUrl, link } from '../core/links.js';
import { invalid } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { IdentityProvider, Json, ProfileMapping } from '../core/records.js';
import { asObject, asText, isObject } from '../core/routing.js';

const redirect = (url: string) => ({ url, binding: 'HTTP-REDIRECT' });
const post = (url: string) => ({ url, binding: 'HTTP-POST' });

/** Addresses of the providers that everybody knows. */
const socialEndpoints: Readonly<Record<string, Json>> = {
  GOOGLE: {
    authorization: redirect('https://accounts.google.com/o/oauth2/auth'),
    token: post('https://www.googleapis.com/oauth2/v3/token'),
  },
  FACEBOOK: {
    authorization: redirect('https://www.facebook.com/v2.12/dialog/oauth'),
    token: post('https://graph.facebook.com/v2.12/oauth/access_token'),
  },
  LINKEDIN: {
    authorization: redirect('https://www.linkedin.com/uas/oauth2/authorization'),
    token: post('https://www.linkedin.com/uas/oauth2/accessToken'),
  },
  MICROSOFT: {
    authorization: redirect('https://login.microsoftonline.com/common/oauth2/v2.0/authorize'),
    token: post('https://login.microsoftonline.com/common/oauth2/v2.0/token'),
  },
  APPLE: {
    authorization: redirect('https://appleid.apple.com/auth/authorize'),
    token: post('https://appleid.apple.com/auth/token'),
  },
};

/**
 * The protocol of an identity provider as Okta keeps it: what was sent and Okta's defaults.
 *
 * @throws OktaError E0000001
 */
export function protocolOf(org: Org, type: string, sent: Json, audience: string, signingKid: string | undefined): Json {
  if (type !== 'SAML2') return { ...defaultProtocol(type), ...sent };
  const endpoints = asObject(sent.endpoints);
  const sso = asObject(endpoints.sso);
  const trust = asObject(asObject(sent.credentials).trust);
  const algorithms = asObject(sent.algorithms);
  const url = asText(sso.url) ?? '';
  if (!/^https?:\/\//.test(url))
    throw invalid('protocol.endpoints.sso.url', 'protocol.endpoints.sso.url: The field cannot be left blank');
  if ((asText(trust.issuer) ?? '') === '')
    throw invalid(
      'protocol.credentials.trust.issuer',
      'protocol.credentials.trust.issuer: The field cannot be left blank',
    );
  const kids = [trust.kid, ...(Array.isArray(trust.additionalKids) ? trust.additionalKids : [])];
  if (kids.length > 2)
    throw invalid(
      'protocol.credentials.trust.additionalKids',
      'protocol.credentials.trust.additionalKids: At most one additional key can be given.',
    );
  for (const kid of kids) {
    if (typeof kid !== 'string' || !org.identityProviderKeys.has(kid))
      throw invalid(
        'protocol.credentials.trust.kid',
        `protocol.credentials.trust.kid: The key '${String(kid)}' does not exist.`,
      );
  }
  const signature = (part: unknown, scope: string) => ({
    ...asObject(part),
    signature: { algorithm: 'SHA-256', scope, ...asObject(asObject(part).signature) },
  });
  return {
    type: 'SAML2',
    endpoints: {
      sso: { binding: 'HTTP-POST', destination: url, ...sso, url },
      acs: { binding: 'HTTP-POST', type: 'INSTANCE', ...asObject(endpoints.acs) },
      ...(isObject(endpoints.slo) ? { slo: endpoints.slo } : {}),
    },
    algorithms: { request: signature(algorithms.request, 'REQUEST'), response: signature(algorithms.response, 'ANY') },
    settings: {
      nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      honorPersistentNameId: true,
      ...asObject(sent.settings),
    },
    ...(sent.relayState === undefined || sent.relayState === null ? {} : { relayState: sent.relayState }),
    credentials: {
      trust: {
        issuer: trust.issuer,
        audience,
        kid: trust.kid,
        ...(Array.isArray(trust.additionalKids) ? { additionalKids: trust.additionalKids } : {}),
        revocation: trust.revocation ?? null,
        revocationCacheLifetime: trust.revocationCacheLifetime ?? 0,
      },
      ...(signingKid === undefined ? {} : { signing: { kid: signingKid } }),
    },
  };
}

function defaultProtocol(type: string): Json {
  const endpoints = socialEndpoints[type];
  return {
    type: type === 'OIDC' || type === 'GOOGLE' || type === 'MICROSOFT' || type === 'APPLE' ? 'OIDC' : 'OAUTH2',
    ...(endpoints === undefined ? {} : { endpoints }),
  };
}

/** The policy of an identity provider: what was sent and Okta's defaults. */
export function policyOf(sent: Json): Json {
  const provisioning = asObject(sent.provisioning);
  const conditions = asObject(provisioning.conditions);
  const subject = asObject(sent.subject);
  return {
    provisioning: {
      action: 'AUTO',
      profileMaster: false,
      ...provisioning,
      groups: { action: 'NONE', ...asObject(provisioning.groups) },
      conditions: {
        deprovisioned: { action: 'NONE', ...asObject(conditions.deprovisioned) },
        suspended: { action: 'NONE', ...asObject(conditions.suspended) },
      },
    },
    accountLink: { filter: null, action: 'AUTO', ...asObject(sent.accountLink) },
    subject: {
      filter: null,
      matchType: 'USERNAME',
      matchAttribute: null,
      ...subject,
      userNameTemplate: { template: 'idpuser.email', ...asObject(subject.userNameTemplate) },
    },
    maxClockSkew: sent.maxClockSkew ?? 0,
    trustClaims: sent.trustClaims ?? false,
    transformedUsernameMatchingEnabled: sent.transformedUsernameMatchingEnabled ?? false,
    ...(sent.mapAMRClaims === undefined ? {} : { mapAMRClaims: sent.mapAMRClaims }),
  };
}

/** The identity provider as Okta answers it. */
export function identityProviderAnswer(org: Org, provider: IdentityProvider): Json {
  const path = `/idps/${provider.id}`;
  const next = provider.status === 'ACTIVE' ? 'deactivate' : 'activate';
  const lifecycle = { [next]: link(org, `${path}/lifecycle/${next}`, 'POST') };
  const users = { users: link(org, `${path}/users`, 'GET') };
  return {
    id: provider.id,
    ...(provider.type === 'SAML2' ? {} : { issuerMode: provider.issuerMode }),
    name: provider.name,
    status: provider.status,
    created: provider.created,
    lastUpdated: provider.lastUpdated,
    ...(provider.properties === undefined ? {} : { properties: provider.properties }),
    protocol: provider.protocol,
    policy: provider.policy,
    type: provider.type,
    _links:
      provider.type === 'SAML2'
        ? { ...samlLinks(org, provider), ...users, ...lifecycle }
        : { ...oauthLinks(org, provider), ...users, ...lifecycle },
  };
}

/** Address at which the org takes responses of this identity provider. */
export function acsUrlOf(org: Org, provider: IdentityProvider): string {
  const acs = asObject(asObject(provider.protocol.endpoints).acs);
  return acs.type === 'ORG' ? `${org.url}/sso/saml2` : `${org.url}/sso/saml2/${provider.id}`;
}

function samlLinks(org: Org, provider: IdentityProvider): Json {
  return {
    metadata: {
      href: apiUrl(org, `/idps/${provider.id}/metadata.xml`),
      type: 'application/xml',
      hints: { allow: ['GET'] },
    },
    acs: { href: acsUrlOf(org, provider), type: 'application/xml', hints: { allow: ['POST'] } },
  };
}

function oauthLinks(org: Org, provider: IdentityProvider): Json {
  const query = `idp=${provider.id}&client_id={clientId}&response_type={responseType}&response_mode={responseMode}&scope={scopes}&redirect_uri={redirectUri}&state={state}&nonce={nonce}`;
  return {
    authorize: { href: `${org.url}/oauth2/v1/authorize?${query}`, templated: true, hints: { allow: ['GET'] } },
    clientRedirectUri: { href: `${org.url}/oauth2/v1/authorize/callback`, hints: { allow: ['POST'] } },
  };
}

/** The mapping into the user profile that a new identity provider of a type has. */
export function defaultProviderMapping(type: string): ProfileMapping['properties'] {
  const entries: [string, string][] =
    type === 'SAML2'
      ? [
          ...['firstName', 'lastName', 'email', 'mobilePhone'].map((name): [string, string] => [
            name,
            `source.${name}`,
          ]),
          ['login', 'source.userName'],
        ]
      : [
          ['login', 'appuser.email'],
          ...[
            'email',
            'firstName',
            'middleName',
            'lastName',
            'honorificPrefix',
            'honorificSuffix',
            'displayName',
            'profileUrl',
          ].map((name): [string, string] => [name, `appuser.${name}`]),
        ];
  return Object.fromEntries(
    entries.map(([name, expression]) => [name, { expression, pushStatus: 'DONT_PUSH' as const }]),
  );
}
