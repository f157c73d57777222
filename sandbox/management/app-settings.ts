import { newId } from '../core/ids.js';
import { invalid } from '../core/okta-error.js';
import type { Json, SignOnMode } from '../core/records.js';
import { asObject, asText, asTexts, isObject } from '../core/routing.js';
import type { CatalogApp } from './app-catalog.js';

/** What settings are made for. */
export interface SettingsOf {
  readonly name: string;
  readonly signOnMode: SignOnMode | null;
  /** Undefined for an app of the org itself that is made from a sign-on mode only. */
  readonly catalogApp: CatalogApp | undefined;
}

/**
 * The settings of an app in the shape in which Okta answers them: what was sent, what was there, and Okta's defaults.
 *
 * @param sent `settings` of the body; parts that are not sent stay as they are
 * @throws OktaError E0000001
 */
export function appSettings(kind: SettingsOf, sent: Json, current: Json = {}): Json {
  const settings: Json = {
    app: settingsOfApp(kind, sent.app === undefined || sent.app === null ? asObject(current.app) : asObject(sent.app)),
    notifications: notifications(asObject(sent.notifications ?? current.notifications)),
    manualProvisioning: sent.manualProvisioning ?? current.manualProvisioning ?? false,
    implicitAssignment: sent.implicitAssignment ?? current.implicitAssignment ?? false,
    emOptInStatus: current.emOptInStatus ?? 'NONE',
    notes: { admin: null, enduser: null, ...asObject(sent.notes ?? current.notes) },
  };
  const identityStore = sent.identityStoreId ?? current.identityStoreId;
  if (identityStore !== undefined) settings.identityStoreId = identityStore;
  const { signOnMode } = kind;
  if (signOnMode === 'OPENID_CONNECT') {
    settings.oauthClient = oauthClientSettings(
      asObject(sent.oauthClient ?? current.oauthClient),
      asObject(current.oauthClient),
    );
    if (kind.name !== 'oidc_client' && sent.signOn !== undefined) settings.signOn = sent.signOn;
  } else if (signOnMode === 'SAML_2_0' || signOnMode === 'SAML_1_1') {
    settings.signOn = samlSignOn(kind, asObject(sent.signOn ?? current.signOn), asObject(current.signOn));
  } else if (signOnMode === 'AUTO_LOGIN') {
    settings.signOn = { redirectUrl: null, loginUrl: null, ...asObject(sent.signOn ?? current.signOn) };
  } else if (isObject(sent.signOn ?? current.signOn) && kind.catalogApp?.connectionSchemes.length !== 0) {
    settings.signOn = sent.signOn ?? current.signOn;
  }
  return settings;
}

function settingsOfApp(kind: SettingsOf, sent: Json): Json {
  const app: Json = { ...kind.catalogApp?.settings };
  for (const [name, value] of Object.entries(sent)) app[name] = value === '' ? null : value;
  for (const name of kind.catalogApp?.required ?? []) {
    if (app[name] === null || app[name] === undefined) throw invalid(name, `${name}: The field cannot be left blank`);
  }
  if (kind.name === 'office365' && app.wsFedConfigureType === 'AUTO' && app.requireAdminConsent !== true) {
    throw invalid('settings', 'In order to continue using WS-FED Auto for SSO, you must grant admin consent.');
  }
  return app;
}

function notifications(sent: Json): Json {
  const vpn = asObject(sent.vpn);
  return {
    ...sent,
    vpn: { message: null, helpUrl: null, ...vpn, network: { connection: 'DISABLED', ...asObject(vpn.network) } },
  };
}

/** Attributes of `signOn` that may stay empty; Okta shows an empty text for them on an app of the org itself. */
const overrides = ['ssoAcsUrlOverride', 'audienceOverride', 'recipientOverride', 'destinationOverride'];

function samlSignOn(kind: SettingsOf, sent: Json, current: Json): Json {
  const attributeStatements = Array.isArray(sent.attributeStatements) ? sent.attributeStatements : [];
  if (kind.catalogApp !== undefined) {
    const signOn: Json = { defaultRelayState: emptyToNull(sent.defaultRelayState) };
    for (const name of overrides) signOn[name] = emptyToNull(sent[name]);
    signOn.attributeStatements = attributeStatements;
    if (isObject(sent.configuredAttributeStatements))
      signOn.configuredAttributeStatements = sent.configuredAttributeStatements;
    return signOn;
  }
  const required = [
    'ssoAcsUrl',
    'audience',
    'recipient',
    'destination',
    'subjectNameIdTemplate',
    'subjectNameIdFormat',
  ];
  for (const name of required) {
    if (asText(sent[name]) === undefined || sent[name] === '')
      throw invalid(name, `${name}: The field cannot be left blank`);
  }
  const slo = asObject(sent.slo);
  const signOn: Json = {
    defaultRelayState: sent.defaultRelayState ?? null,
    ssoAcsUrl: sent.ssoAcsUrl,
    idpIssuer: sent.idpIssuer ?? current.idpIssuer ?? 'http://www.okta.com/${org.externalKey}',
    audience: sent.audience,
    recipient: sent.recipient,
    destination: sent.destination,
    subjectNameIdTemplate: sent.subjectNameIdTemplate,
    subjectNameIdFormat: sent.subjectNameIdFormat,
    responseSigned: sent.responseSigned ?? true,
    assertionSigned: sent.assertionSigned ?? true,
    signatureAlgorithm: sent.signatureAlgorithm ?? 'RSA_SHA256',
    digestAlgorithm: sent.digestAlgorithm ?? 'SHA256',
    honorForceAuthn: sent.honorForceAuthn ?? true,
    authnContextClassRef:
      sent.authnContextClassRef ?? 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    spIssuer: sent.spIssuer ?? slo.issuer ?? null,
    requestCompressed: sent.requestCompressed ?? false,
    attributeStatements,
    inlineHooks: sent.inlineHooks ?? [],
    assertionEncryption: { enabled: false, ...asObject(sent.assertionEncryption) },
    allowMultipleAcsEndpoints: sent.allowMultipleAcsEndpoints ?? false,
    acsEndpoints: sent.acsEndpoints ?? [],
    samlSignedRequestEnabled: sent.samlSignedRequestEnabled ?? false,
    slo: { enabled: false, ...slo },
  };
  for (const name of ['samlAssertionLifetimeSeconds', 'spCertificate', 'participateSlo', ...overrides]) {
    if (sent[name] !== undefined && sent[name] !== null && sent[name] !== '') signOn[name] = sent[name];
  }
  return signOn;
}

function emptyToNull(value: unknown): unknown {
  return value === '' || value === undefined ? null : value;
}

function oauthClientSettings(sent: Json, current: Json): Json {
  const applicationType = asText(sent.application_type) ?? asText(current.application_type) ?? 'web';
  const grantTypes = sent.grant_types === undefined ? defaultGrantTypes(applicationType) : asTexts(sent.grant_types);
  const responseTypes =
    sent.response_types === undefined ? defaultResponseTypes(applicationType) : asTexts(sent.response_types);
  const redirectUris = asTexts(sent.redirect_uris);
  const redirects = grantTypes.includes('authorization_code') || grantTypes.includes('implicit');
  if (redirects && redirectUris.length === 0) {
    throw invalid(
      'redirect_uris',
      "redirect_uris: 'redirect_uris' must not be empty for the grant types that were given.",
    );
  }
  if (applicationType === 'service' && !grantTypes.includes('client_credentials')) {
    throw invalid('grant_types', "grant_types: 'client_credentials' is required for the application type 'service'.");
  }
  const client: Json = {
    client_uri: sent.client_uri ?? null,
    logo_uri: sent.logo_uri ?? null,
    redirect_uris: redirectUris,
    response_types: responseTypes,
    grant_types: grantTypes,
    application_type: applicationType,
    consent_method: sent.consent_method ?? 'TRUSTED',
    issuer_mode: sent.issuer_mode ?? 'ORG_URL',
    idp_initiated_login: { mode: 'DISABLED', default_scope: [], ...asObject(sent.idp_initiated_login) },
    wildcard_redirect: sent.wildcard_redirect ?? 'DISABLED',
    dpop_bound_access_tokens: sent.dpop_bound_access_tokens ?? false,
    participate_slo: sent.participate_slo ?? false,
  };
  for (const name of [
    'post_logout_redirect_uris',
    'tos_uri',
    'policy_uri',
    'initiate_login_uri',
    'jwks_uri',
    'frontchannel_logout_uri',
    'frontchannel_logout_session_required',
    'sector_identifier_uri',
    'backchannel_token_delivery_mode',
  ]) {
    if (sent[name] !== undefined && sent[name] !== null) client[name] = sent[name];
  }
  if (isObject(sent.jwks)) client.jwks = { keys: clientKeys(sent.jwks, asObject(current.jwks)) };
  if (grantTypes.includes('refresh_token'))
    client.refresh_token = { rotation_type: 'STATIC', leeway: 0, ...asObject(sent.refresh_token) };
  return client;
}

/** Public keys of a client: each with an id of the org. */
function clientKeys(sent: Json, current: Json): Json[] {
  const known = Array.isArray(current.keys) ? current.keys.filter(isObject) : [];
  const keys = Array.isArray(sent.keys) ? sent.keys.filter(isObject) : [];
  const ids = new Set<unknown>();
  return keys.map((key) => {
    const { kty, kid, use, status } = key;
    if (kty !== 'RSA' && kty !== 'EC') throw invalid('jwks', "jwks: The property 'kty' must be 'RSA' or 'EC'.");
    if (kid !== undefined && ids.has(kid)) throw invalid('jwks', `jwks: The kid '${String(kid)}' is not unique.`);
    ids.add(kid);
    const material = kty === 'RSA' ? { e: key.e, n: key.n } : { x: key.x, y: key.y, crv: key.crv ?? null };
    const same = known.find((entry) => entry.kid === kid);
    return {
      kty,
      id: same?.id ?? newId('pks'),
      status: status ?? 'ACTIVE',
      kid: kid ?? null,
      use: use ?? null,
      ...material,
    };
  });
}

function defaultGrantTypes(applicationType: string): string[] {
  return applicationType === 'service' ? ['client_credentials'] : ['authorization_code'];
}

function defaultResponseTypes(applicationType: string): string[] {
  return applicationType === 'service' ? ['token'] : ['code'];
}
