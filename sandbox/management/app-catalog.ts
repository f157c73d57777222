import type { Json, SignOnMode } from '../core/records.js';

/** How a connection of an app can sign in to the app's target. */
export type ConnectionScheme = 'TOKEN' | 'OAUTH2';

/** What the sandbox knows of an app of Okta's catalog. */
export interface CatalogApp {
  readonly displayName: string;
  /** Sign-on modes of the app, the usual one first. None: the app answers `signOnMode: null`. */
  readonly signOnModes: readonly SignOnMode[];
  /** Name of the embed link; null for an app that the sandbox does not know. */
  readonly linkName: string | null;
  /** Last segment of the embed link. */
  readonly linkId: string;
  /** `settings.app` of a new instance; null attributes are shown as null until they are set. */
  readonly settings: Json;
  /** Attributes of `settings.app` that must be sent. */
  readonly required: readonly string[];
  /** Schemes of the connections API; empty: the API does not set up provisioning for this app. */
  readonly connectionSchemes: readonly ConnectionScheme[];
}

const plain = { linkName: 'login', settings: {}, required: [], connectionSchemes: [] } as const;

const catalog: Readonly<Record<string, CatalogApp>> = {
  okta_org2org: {
    ...plain,
    displayName: 'Okta Org2Org',
    signOnModes: ['SAML_2_0', 'AUTO_LOGIN', 'OPENID_CONNECT'],
    linkId: '51975',
    settings: { acsUrl: null, audRestriction: null, baseUrl: null, idpId: null },
    required: ['baseUrl'],
    connectionSchemes: ['TOKEN', 'OAUTH2'],
  },
  dropbox_for_business: { ...plain, displayName: 'Dropbox Business', signOnModes: ['SAML_2_0'], linkId: '5051' },
  bookmark: {
    ...plain,
    displayName: 'Bookmark App',
    signOnModes: ['BOOKMARK'],
    linkId: '2557',
    settings: { requestIntegration: false, url: null },
    required: ['url'],
  },
  template_swa: {
    ...plain,
    displayName: 'Template App',
    signOnModes: ['BROWSER_PLUGIN'],
    linkId: '2357',
    settings: {
      loginUrlRegex: null,
      usernameField: null,
      redirectUrl: null,
      buttonField: null,
      checkbox: null,
      passwordField: null,
      url: null,
    },
    required: ['url'],
  },
  template_swa3field: {
    ...plain,
    displayName: 'Template App 3 Fields',
    signOnModes: ['BROWSER_PLUGIN'],
    linkId: '2358',
    settings: {
      buttonSelector: null,
      passwordSelector: null,
      userNameSelector: null,
      targetURL: null,
      extraFieldSelector: null,
      extraFieldValue: null,
      loginUrlRegex: null,
    },
    required: ['targetURL'],
  },
  template_sps: {
    ...plain,
    displayName: 'Template App (POST)',
    signOnModes: ['SECURE_PASSWORD_STORE'],
    linkId: '1788',
    settings: {
      url: null,
      usernameField: null,
      passwordField: null,
      optionalField1: null,
      optionalField1Value: null,
      optionalField2: null,
      optionalField2Value: null,
      optionalField3: null,
      optionalField3Value: null,
    },
    required: ['url'],
  },
  template_basic_auth: {
    ...plain,
    displayName: 'Template Basic Auth App',
    signOnModes: ['BASIC_AUTH'],
    linkId: '2438',
    settings: { url: null, authURL: null },
    required: ['url', 'authURL'],
  },
  template_wsfed: {
    ...plain,
    displayName: 'Template WS-Fed',
    signOnModes: ['WS_FEDERATION'],
    linkId: '2448',
    settings: {
      audienceRestriction: null,
      groupName: null,
      groupValueFormat: null,
      realm: null,
      wReplyURL: null,
      attributeStatements: null,
      nameIDFormat: null,
      authnContextClassRef: null,
      siteURL: null,
      wReplyOverride: null,
      groupFilter: null,
      usernameAttribute: null,
    },
    required: ['audienceRestriction', 'nameIDFormat', 'siteURL', 'wReplyURL'],
  },
  template_saml_2_0: { ...plain, displayName: 'Template SAML 2.0 App', signOnModes: ['SAML_2_0'], linkId: '2458' },
  oidc_client: {
    ...plain,
    displayName: 'OpenID Connect Client',
    signOnModes: ['OPENID_CONNECT'],
    linkName: 'oidc_client_link',
    linkId: '',
  },
  google: {
    ...plain,
    displayName: 'Google Workspace',
    signOnModes: ['SAML_2_0', 'BROWSER_PLUGIN'],
    linkId: '50',
    settings: { afwOnly: false, domain: null, rpId: null },
    required: ['domain'],
    connectionSchemes: ['OAUTH2'],
  },
  office365: {
    ...plain,
    displayName: 'Microsoft Office 365',
    signOnModes: ['WS_FEDERATION', 'SAML_1_1'],
    linkId: '2473',
    required: ['domain', 'msftTenant'],
    connectionSchemes: ['OAUTH2'],
  },
  slack: {
    ...plain,
    displayName: 'Slack',
    signOnModes: ['SAML_2_0', 'BROWSER_PLUGIN'],
    linkId: '19411',
    settings: { domain: null, userEmailValue: null },
    required: ['domain'],
    connectionSchemes: ['OAUTH2'],
  },
  zoomus: {
    ...plain,
    displayName: 'Zoom',
    signOnModes: ['SAML_2_0', 'AUTO_LOGIN'],
    linkId: '11188',
    settings: { subDomain: null },
    required: ['subDomain'],
    connectionSchemes: ['OAUTH2'],
  },
  zscalerbyz: {
    ...plain,
    displayName: 'Zscaler 2.0',
    signOnModes: ['SAML_2_0', 'BROWSER_PLUGIN'],
    linkId: '44041',
    settings: { siteDomain: null },
    connectionSchemes: ['TOKEN'],
  },
  salesforce: {
    ...plain,
    displayName: 'Salesforce.com',
    signOnModes: ['SAML_2_0', 'BROWSER_PLUGIN'],
    linkId: '46',
    settings: { instanceType: null, loginUrl: null, logoutUrl: null, integrationType: null },
  },
  pagerduty: {
    ...plain,
    displayName: 'PagerDuty',
    signOnModes: ['SAML_2_0'],
    linkId: '3107',
    settings: { adminUserId: null, baseUrl: null, subdomain: null },
  },
  deelhr: { ...plain, displayName: 'Deel HR', signOnModes: [], linkName: 'deelhr_link', linkId: '' },
};

/** Apps of the catalog that no sign-on template makes: any name of this form may be one. */
const catalogName = /^[a-z0-9][a-z0-9_-]*$/;

/**
 * What is known of a catalog app. The catalog of the real Okta holds thousands: a name that the sandbox does not know
 * is an app with the sign-on mode, the settings and the embed links that the caller names.
 */
export function catalogApp(name: string): CatalogApp | undefined {
  const known = catalog[name];
  if (known !== undefined) return known;
  if (!catalogName.test(name) || name.startsWith('template_')) return undefined;
  return {
    ...plain,
    displayName: name,
    linkName: null,
    signOnModes: [
      'SAML_2_0',
      'AUTO_LOGIN',
      'BROWSER_PLUGIN',
      'SECURE_PASSWORD_STORE',
      'OPENID_CONNECT',
      'WS_FEDERATION',
      'SAML_1_1',
      'BASIC_AUTH',
      'BOOKMARK',
    ],
    linkId: '1000',
  };
}

/** The catalog app that a sign-on mode stands for where no name is sent. */
export const templateOfMode: Readonly<Partial<Record<SignOnMode, string>>> = {
  BOOKMARK: 'bookmark',
  BASIC_AUTH: 'template_basic_auth',
  BROWSER_PLUGIN: 'template_swa',
  SECURE_PASSWORD_STORE: 'template_sps',
  WS_FEDERATION: 'template_wsfed',
  OPENID_CONNECT: 'oidc_client',
};
