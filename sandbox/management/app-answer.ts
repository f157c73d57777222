import { adminUrl, apiUrl, link, logoLinks } from '../core/links.js';
import type { Org } from '../core/org.js';
import type { App, Json } from '../core/records.js';
import { asObject } from '../core/routing.js';
import { defaultPolicy } from './policy-store.js';

/** The app as Okta answers its creation: with the client secret, which is shown only here. */
export function newAppAnswer(org: Org, app: App): Json {
  return { ...appAnswer(org, app), credentials: credentialsWithSecret(app) };
}

/** The app as Okta answers it. */
export function appAnswer(org: Org, app: App): Json {
  return {
    id: app.id,
    orn: `orn:okta:idp:${org.id}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: app.lastUpdated,
    created: app.created,
    accessibility: app.accessibility,
    visibility: app.visibility,
    features: app.features,
    signOnMode: app.signOnMode,
    credentials: app.credentials,
    universalLogout: universalLogout(app),
    settings: app.settings,
    ...(app.profile === null ? {} : { profile: app.profile }),
    _links: appLinks(org, app),
  };
}

function credentialsWithSecret(app: App): Json {
  const client = app.credentials.oauthClient;
  if (client === undefined) return app.credentials;
  const secret = app.clientSecrets.find((entry) => entry.status === 'ACTIVE');
  const { client_id, token_endpoint_auth_method, ...rest } = asObject(client);
  return {
    ...app.credentials,
    oauthClient: {
      ...rest,
      client_id,
      ...(secret === undefined || !usesSecret(app) ? {} : { client_secret: secret.secret }),
      token_endpoint_auth_method,
    },
  };
}

/** Whether an OIDC client signs in with a secret. */
function usesSecret(app: App): boolean {
  return String(asObject(app.credentials.oauthClient).token_endpoint_auth_method).startsWith('client_secret');
}

/** Whether the app was made in this org, not taken from the catalog. */
function isOwnApp(app: App): boolean {
  return (
    app.name === 'oidc_client' ||
    (app.signOnMode === 'SAML_2_0' && asObject(app.settings.signOn).ssoAcsUrl !== undefined)
  );
}

function universalLogout(app: App): Json | null {
  const webClient = asObject(app.settings.oauthClient).application_type === 'web';
  if (webClient || app.linkId === 'system') return null;
  if (!isOwnApp(app)) return { status: 'UNSUPPORTED' };
  return { status: 'DISABLED', supportType: 'FULL', identityStack: 'NOT_SHARED', protocol: 'GLOBAL_TOKEN_REVOCATION' };
}

function appLinks(org: Org, app: App): Json {
  const path = `/apps/${app.id}`;
  const embed = `${org.url}/home/${app.name}/${app.id}`;
  const names = Object.keys(asObject(asObject(app.visibility).appLinks));
  const links: Json = {};
  if (app.externalKey !== null) {
    const help = isOwnApp(app) ? 'instructions' : 'external-doc';
    links.help = {
      href: `${adminUrl(org)}/app/${app.name}/${app.id}/setup/help/${app.signOnMode}/${help}`,
      type: 'text/html',
    };
    links.metadata = { href: apiUrl(org, `${path}/sso/saml/metadata`), type: 'application/xml' };
  }
  links.uploadLogo = link(org, `${path}/logo`, 'POST');
  links.appLinks = names.map((name) => ({ name, href: `${embed}/${app.linkId}`, type: 'text/html' }));
  if (org.edition === 'idx') {
    links.profileEnrollment = link(org, `/policies/${defaultPolicy(org, 'PROFILE_ENROLLMENT')?.id}`);
    links.policies = link(org, `${path}/policies`, 'PUT');
    links.accessPolicy = link(org, `/policies/${app.accessPolicyId}`);
  }
  links.groups = link(org, `${path}/groups`);
  links.logo = logoLinks(org, app.name).slice(0, 1);
  links.users = link(org, `${path}/users`);
  if (app.signOnMode === 'OPENID_CONNECT') {
    const name = usesSecret(app) ? 'secrets' : 'jwks';
    links.clientCredentials = [{ name, href: apiUrl(org, `${path}/credentials/${name}`) }];
  }
  const next = app.status === 'ACTIVE' ? 'deactivate' : 'activate';
  links[next] = link(org, `${path}/lifecycle/${next}`);
  return links;
}
