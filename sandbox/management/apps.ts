import { newId, newSecret } from '../core/ids.js';
import { generateSigningKey } from '../core/keys.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Json, SigningKey, SignOnMode } from '../core/records.js';
import { asObject, asText, isObject } from '../core/routing.js';
import type { LogActor } from '../core/system-log.js';
import { appTarget, reconcileApp, unassignGroup, unassignUser } from './app-assignments.js';
import { type CatalogApp, catalogApp, templateOfMode } from './app-catalog.js';
import { appSettings } from './app-settings.js';
import { defaultAppMapping } from './app-user-profile.js';
import { addMappings, removeMappings } from './mapping-store.js';
import { defaultPolicy } from './policy-store.js';

/** @throws OktaError E0000007 */
export function appOf(org: Org, id: string): App {
  const app = org.apps.get(id);
  if (app === undefined) throw notFound(id, 'AppInstance');
  return app;
}

/** The OIDC app that is the client with this id. */
export function findClient(org: Org, clientId: string): App | undefined {
  const byId = org.apps.get(clientId);
  if (byId?.signOnMode === 'OPENID_CONNECT') return byId;
  return org.apps.find((app) => asObject(app.credentials.oauthClient).client_id === clientId);
}

/** The key that an app signs with. */
export function signingKeyOf(org: Org, app: App): SigningKey | undefined {
  const kid = asObject(app.credentials.signing).kid;
  return org.appKeys.get(app.id)?.find((key) => key.kid === kid);
}

/** Issuer (entity id) of a SAML app. */
export function issuerOf(app: App): string {
  const template = asText(asObject(app.settings.signOn).idpIssuer) ?? 'http://www.okta.com/${org.externalKey}';
  return template.replace('${org.externalKey}', app.externalKey ?? '');
}

/** Address at which sign-on to a SAML app starts. */
export function ssoUrlOf(org: Org, app: App): string {
  return `${org.url}/app/${app.name}/${app.externalKey}/sso/saml`;
}

const oidcKeys = new WeakMap<Org, Promise<SigningKey>>();

/** OIDC apps share one signing key of the org. */
function oidcKey(org: Org): Promise<SigningKey> {
  const known = oidcKeys.get(org);
  if (known !== undefined) return known;
  const key = generateSigningKey({ commonName: org.name, validityYears: 10, clock: org.clock });
  oidcKeys.set(org, key);
  return key;
}

interface AppKind {
  readonly name: string;
  readonly signOnMode: SignOnMode | null;
  readonly catalogApp: CatalogApp | undefined;
}

const modes: readonly SignOnMode[] = [
  'SAML_2_0',
  'SAML_1_1',
  'OPENID_CONNECT',
  'BOOKMARK',
  'AUTO_LOGIN',
  'BROWSER_PLUGIN',
  'SECURE_PASSWORD_STORE',
  'BASIC_AUTH',
  'WS_FEDERATION',
];

function kindOf(org: Org, body: Json): AppKind {
  const sentMode = modes.find((mode) => mode === body.signOnMode);
  if (body.signOnMode !== undefined && body.signOnMode !== null && sentMode === undefined) {
    throw invalid('signOnMode', `signOnMode: '${String(body.signOnMode)}' is not a sign-on mode.`);
  }
  const name = asText(body.name) ?? (sentMode === undefined ? undefined : templateOfMode[sentMode]);
  if (name === undefined) {
    if (sentMode === undefined) throw invalid('signOnMode', 'signOnMode: The field cannot be left blank');
    return { name: ownName(org, String(body.label)), signOnMode: sentMode, catalogApp: undefined };
  }
  const known = catalogApp(name);
  if (known === undefined || (name === 'okta_org2org' && org.plan === 'integrator')) {
    throw invalid('name', `Cannot create application instance ${name}.`);
  }
  const [usual] = known.signOnModes;
  const signOnMode = sentMode !== undefined && known.signOnModes.includes(sentMode) ? sentMode : (usual ?? null);
  return { name, signOnMode, catalogApp: name === 'template_saml_2_0' || name === 'oidc_client' ? undefined : known };
}

/** Name of an app that an administrator makes: subdomain, label, a number. */
function ownName(org: Org, label: string): string {
  const base = `${org.name}_${label.toLowerCase().replace(/[^a-z0-9]/g, '')}`;
  const taken = org.apps.filter((app) => app.name.startsWith(`${base}_`)).length;
  return `${base}_${taken + 1}`;
}

function checkedLabel(body: Json): string {
  const label = asText(body.label) ?? '';
  if (label.trim() === '') throw invalid('label', 'label: The field cannot be left blank');
  if (label.length > 100) throw invalid('label', 'label: The field is too long');
  return label;
}

const swaModes: readonly (SignOnMode | null)[] = [
  'BROWSER_PLUGIN',
  'SECURE_PASSWORD_STORE',
  'AUTO_LOGIN',
  'BASIC_AUTH',
];

function credentialsFor(kind: AppKind, sent: Json, current: Json, id: string): Json {
  const template = asObject(sent.userNameTemplate ?? current.userNameTemplate);
  const credentials: Json = {
    userNameTemplate: { template: '${source.login}', type: 'BUILT_IN', ...template },
    signing: { ...asObject(current.signing) },
  };
  if (swaModes.includes(kind.signOnMode)) {
    const scheme = asText(sent.scheme) ?? asText(current.scheme) ?? 'EDIT_USERNAME_AND_PASSWORD';
    credentials.scheme = scheme;
    credentials.revealPassword = sent.revealPassword ?? current.revealPassword ?? false;
    if (scheme === 'SHARED_USERNAME_AND_PASSWORD') {
      credentials.userName = sent.userName ?? current.userName ?? null;
      credentials.password = {};
    }
  }
  if (kind.signOnMode === 'OPENID_CONNECT') {
    const client = { ...asObject(current.oauthClient), ...asObject(sent.oauthClient) };
    credentials.oauthClient = {
      autoKeyRotation: client.autoKeyRotation ?? true,
      client_id: asText(client.client_id) ?? id,
      token_endpoint_auth_method: client.token_endpoint_auth_method ?? 'client_secret_basic',
      pkce_required: client.pkce_required ?? false,
    };
  }
  return credentials;
}

/**
 * Creates an app instance with its signing key and its mappings.
 *
 * @param body the body of `POST /apps`
 * @throws OktaError E0000001
 */
export async function createApp(org: Org, body: Json, actor: LogActor, activate = true): Promise<App> {
  const label = checkedLabel(body);
  const kind = kindOf(org, body);
  if (org.apps.size >= org.settings.maxApps) {
    throw invalid(
      'generalSettings',
      'Cannot create application instance. Maximum number of instances has been reached.',
    );
  }
  const id = newId('0oa');
  const { signOnMode } = kind;
  const settings = appSettings(kind, asObject(body.settings));
  const credentials = credentialsFor(kind, asObject(body.credentials), {}, id);
  const key = await signingKeyFor(org, signOnMode);
  if (key !== undefined) credentials.signing = { kid: key.kid };
  const now = org.clock.iso();
  const app: App = {
    id,
    name: kind.name,
    label,
    status: activate ? 'ACTIVE' : 'INACTIVE',
    signOnMode,
    created: now,
    lastUpdated: now,
    accessibility: accessibility(asObject(body.accessibility)),
    visibility: visibility(asObject(body.visibility), embedLinks(kind, body)),
    credentials,
    settings,
    profile: isObject(body.profile) ? body.profile : null,
    features: [],
    externalKey:
      signOnMode === 'SAML_2_0' || signOnMode === 'SAML_1_1' || signOnMode === 'WS_FEDERATION' ? newId('exk') : null,
    linkId: kind.catalogApp?.linkId || newId('aln'),
    accessPolicyId: defaultPolicy(org, 'ACCESS_POLICY')?.id ?? null,
    clientSecrets: [],
  };
  if (signOnMode === 'OPENID_CONNECT')
    app.clientSecrets.push({
      id: newId('ocs'),
      secret: asText(asObject(asObject(body.credentials).oauthClient).client_secret) ?? newSecret(64),
      status: 'ACTIVE',
      created: now,
      lastUpdated: now,
    });
  org.apps.add(app);
  if (key !== undefined) org.appKeys.set(id, [key]);
  if (signOnMode !== 'BOOKMARK') addMappings(org, id, {}, defaultAppMapping(app));
  org.log.write({ eventType: 'application.lifecycle.create', actor, target: [appTarget(app)] });
  if (activate) org.log.write({ eventType: 'application.lifecycle.activate', actor, target: [appTarget(app)] });
  return app;
}

/** The links with which people start an app: one, unless the app is not known and the caller names some. */
function embedLinks(kind: AppKind, body: Json): Json {
  if (kind.catalogApp === undefined) return { [`${kind.name}_link`]: true };
  const { linkName } = kind.catalogApp;
  if (linkName !== null) return { [linkName]: true };
  const sent = asObject(asObject(body.visibility).appLinks);
  return Object.keys(sent).length > 0 ? sent : { login: true };
}

async function signingKeyFor(org: Org, signOnMode: SignOnMode | null): Promise<SigningKey | undefined> {
  if (signOnMode === 'OPENID_CONNECT') return oidcKey(org);
  if (signOnMode !== 'SAML_2_0' && signOnMode !== 'SAML_1_1' && signOnMode !== 'WS_FEDERATION') return undefined;
  return generateSigningKey({ commonName: org.name, validityYears: 10, clock: org.clock });
}

/**
 * Replaces an app. Parts that are not sent stay as they are; what the org assigned cannot be changed.
 *
 * @param body the body of `PUT /apps/{id}`
 * @throws OktaError E0000001
 */
export async function replaceApp(org: Org, app: App, body: Json, actor: LogActor): Promise<void> {
  const label = checkedLabel(body);
  const sentMode = modes.find((mode) => mode === body.signOnMode) ?? app.signOnMode;
  const known =
    app.name === 'oidc_client' || asObject(app.settings.signOn).ssoAcsUrl !== undefined
      ? undefined
      : catalogApp(app.name);
  const kind = { name: app.name, signOnMode: sentMode, catalogApp: known };
  const settings = appSettings(kind, asObject(body.settings), app.settings);
  const credentials = credentialsFor(kind, asObject(body.credentials), app.credentials, app.id);
  const kid = asText(asObject(asObject(body.credentials).signing).kid);
  if (kid !== undefined) {
    if (org.appKeys.get(app.id)?.some((key) => key.kid === kid) !== true) {
      throw invalid(
        'credentials.signing.kid',
        `credentials.signing.kid: The key '${kid}' does not exist for this application.`,
      );
    }
    credentials.signing = { kid };
  }
  app.label = label;
  app.signOnMode = sentMode;
  app.settings = settings;
  app.credentials = credentials;
  if (isObject(body.accessibility)) app.accessibility = accessibility(body.accessibility);
  if (isObject(body.visibility)) app.visibility = visibility(body.visibility, asObject(app.visibility.appLinks));
  if (body.profile !== undefined) app.profile = isObject(body.profile) ? body.profile : null;
  app.lastUpdated = org.clock.iso();
  org.log.write({ eventType: 'application.lifecycle.update', actor, target: [appTarget(app)] });
}

function accessibility(sent: Json): Json {
  return {
    selfService: sent.selfService ?? false,
    errorRedirectUrl: sent.errorRedirectUrl ?? null,
    loginRedirectUrl: sent.loginRedirectUrl ?? null,
  };
}

function visibility(sent: Json, links: Json): Json {
  return {
    autoLaunch: sent.autoLaunch ?? false,
    autoSubmitToolbar: sent.autoSubmitToolbar ?? false,
    hide: { iOS: false, web: false, ...asObject(sent.hide) },
    appLinks: { ...links, ...asObject(sent.appLinks) },
  };
}

/** Switches an app on. Members of its groups are assigned in the background. */
export function activateApp(org: Org, app: App, actor: LogActor): void {
  if (app.status === 'ACTIVE') return;
  app.status = 'ACTIVE';
  app.lastUpdated = org.clock.iso();
  org.log.write({ eventType: 'application.lifecycle.activate', actor, target: [appTarget(app)] });
  org.events.emit({ type: 'app.activated', appId: app.id });
  reconcileApp(org, app, actor);
}

/** Switches an app off. Assignments that came from groups are removed in the background. */
export function deactivateApp(org: Org, app: App, actor: LogActor): void {
  if (app.status === 'INACTIVE') return;
  app.status = 'INACTIVE';
  app.lastUpdated = org.clock.iso();
  org.log.write({ eventType: 'application.lifecycle.deactivate', actor, target: [appTarget(app)] });
  org.events.emit({ type: 'app.deactivated', appId: app.id });
  reconcileApp(org, app, actor);
}

/**
 * Deletes an app with all that belongs to it.
 *
 * @throws OktaError E0000056 while it is active
 */
export function deleteApp(org: Org, app: App, actor: LogActor): void {
  if (app.status === 'ACTIVE') {
    throw new OktaError('E0000056', '', ['The application must be deactivated before deletion.']);
  }
  for (const assignment of [...(org.appGroups.get(app.id)?.all() ?? [])]) unassignGroup(org, app, assignment.id, actor);
  for (const appUser of [...(org.appUsers.get(app.id)?.all() ?? [])]) unassignUser(org, app, appUser, actor);
  org.apps.delete(app.id);
  for (const index of [org.appUsers, org.appGroups, org.appKeys, org.appFeatures, org.groupPushMappings])
    index.delete(app.id);
  org.connections.delete(app.id);
  org.appSchemas.delete(app.id);
  removeMappings(org, app.id);
  for (const grant of org.grants.filter((entry) => entry.appId === app.id)) org.grants.delete(grant.id);
  for (const role of org.roleAssignments.filter((entry) => entry.principalId === app.id))
    org.roleAssignments.delete(role.id);
  for (const group of org.groups.filter((entry) => entry.sourceAppId === app.id)) org.groups.delete(group.id);
  org.log.write({ eventType: 'application.lifecycle.delete', actor, target: [appTarget(app)] });
  org.events.emit({ type: 'app.deleted', appId: app.id });
}
