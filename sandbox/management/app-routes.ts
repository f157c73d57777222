import type { FastifyInstance } from 'fastify';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { App } from '../core/records.js';
import { type Answer, asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { catalogNameIdFormat } from '../saml/app-settings.js';
import { appMetadata } from '../saml/metadata.js';
import { appAnswer, newAppAnswer } from './app-answer.js';
import { appUserAnswer } from './app-user-answer.js';
import {
  activateApp,
  appOf,
  createApp,
  deactivateApp,
  deleteApp,
  issuerOf,
  replaceApp,
  signingKeyOf,
  ssoUrlOf,
} from './apps.js';
import { matches, parseFilter, rulesFor } from './filter.js';

const manage = 'okta.apps.manage';
const read = 'okta.apps.read';
const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };

const filterRules = rulesFor({
  id: ['eq'],
  status: ['eq'],
  name: ['eq'],
  'credentials.signing.kid': ['eq'],
  'settings.slo.enabled': ['eq'],
  'user.id': ['eq'],
  'group.id': ['eq'],
  lastUpdated: ['eq', 'gt', 'ge', 'lt', 'le'],
  created: ['eq', 'gt', 'ge', 'lt', 'le'],
});

/** Registers app instances, their lifecycle, metadata and policy. */
export function registerApps(server: FastifyInstance, org: Org): void {
  const app = (call: Call) => appOf(org, call.params.appId ?? '');
  const path = '/api/v1/apps';

  operation(server, org, { id: 'listApplications', method: 'GET', path, scope: read }, listApps);
  operation(server, org, { id: 'createApplication', method: 'POST', path, scope: manage }, async (call) =>
    ok(newAppAnswer(org, await createApp(org, asObject(call.body), call.actor, call.query.activate !== 'false'))),
  );
  operation(server, org, { id: 'getApplication', method: 'GET', path: `${path}/:appId`, scope: read }, (call) => {
    const found = app(call);
    const userId = /^user\/(00u\w+)$/.exec(call.query.expand ?? '')?.[1];
    if (userId === undefined) return ok(appAnswer(org, found));
    return ok({ ...appAnswer(org, found), _embedded: embeddedUser(org, found, userId) });
  });
  operation(
    server,
    org,
    { id: 'replaceApplication', method: 'PUT', path: `${path}/:appId`, scope: manage },
    async (call) => {
      const found = app(call);
      await replaceApp(org, found, asObject(call.body), call.actor);
      return ok(appAnswer(org, found));
    },
  );
  operation(
    server,
    org,
    { id: 'deleteApplication', method: 'DELETE', path: `${path}/:appId`, scope: manage },
    (call) => {
      deleteApp(org, app(call), call.actor);
      return noContent();
    },
  );
  for (const [id, name, change] of [
    ['activateApplication', 'activate', activateApp],
    ['deactivateApplication', 'deactivate', deactivateApp],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/:appId/lifecycle/${name}`, scope: manage }, (call) => {
      change(org, app(call), call.actor);
      return ok({});
    });
  }
  operation(
    server,
    org,
    { id: 'previewSAMLmetadataForApplication', method: 'GET', path: `${path}/:appId/sso/saml/metadata`, scope: read },
    (call) => samlMetadata(call, app(call)),
  );
  operation(
    server,
    org,
    { id: 'assignApplicationPolicy', method: 'PUT', path: `${path}/:appId/policies/:policyId`, scope: manage },
    (call) => {
      const policy = org.policies.get(call.params.policyId ?? '');
      if (policy === undefined) throw notFound(call.params.policyId ?? '', 'Policy');
      const found = app(call);
      if (policy.type === 'ACCESS_POLICY') found.accessPolicyId = policy.id;
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: 'uploadApplicationLogo', method: 'POST', path: `${path}/:appId/logo`, scope: manage },
    (call) => {
      app(call);
      return { status: 201 };
    },
  );
  operation(
    server,
    org,
    { id: 'listUnconfirmedUsers', method: 'GET', path: `${path}/:appId/unconfirmed-users`, scope: read },
    (call) => {
      app(call);
      return ok([], pageHeaders(call, undefined, limits));
    },
  );
  registerIdTokenSettings(server, org, app);
}

function listApps(call: Call): Answer {
  const { org, query } = call;
  const filter = query.filter === undefined || query.filter === '' ? undefined : parseFilter(query.filter, filterRules);
  const expandedUser = /^user\/(00u\w+)$/.exec(query.expand ?? '')?.[1];
  if (query.expand !== undefined && query.expand !== '' && expandedUser === undefined) {
    throw invalid('RequestParams', 'Expand query is malformed.');
  }
  const prefix = query.q?.toLowerCase() ?? '';
  const page = pageOf(call, org.apps, limits, /^0oa[0-9A-Za-z]{17}$/, (app) => {
    if (prefix !== '' && !app.label.toLowerCase().startsWith(prefix) && !app.name.toLowerCase().startsWith(prefix))
      return false;
    return filter === undefined || matches(filter, (attribute) => attributeOf(org, app, attribute));
  });
  const answers = page.items.map((app) => {
    const answer = appAnswer(org, app);
    return expandedUser === undefined ? answer : { ...answer, _embedded: embeddedUser(org, app, expandedUser) };
  });
  return ok(answers, pageHeaders(call, page.next, limits));
}

function embeddedUser(org: Org, app: App, userId: string) {
  const appUser = org.appUsers.get(app.id)?.get(userId);
  return { user: appUser === undefined ? null : appUserAnswer(org, appUser) };
}

function attributeOf(org: Org, app: App, attribute: string): unknown {
  switch (attribute) {
    case 'id':
      return app.id;
    case 'status':
      return app.status;
    case 'name':
      return app.name;
    case 'created':
      return app.created;
    case 'lastUpdated':
      return app.lastUpdated;
    case 'credentials.signing.kid':
      return asObject(app.credentials.signing).kid;
    case 'settings.slo.enabled':
      return asObject(asObject(app.settings.signOn).slo).enabled === true;
    case 'user.id':
      return org.appUsers
        .get(app.id)
        ?.all()
        .map((appUser) => appUser.id);
    default:
      return org.appGroups
        .get(app.id)
        ?.all()
        .map((group) => group.id);
  }
}

/** SAML metadata with the active key, or with the key that the caller names. */
function samlMetadata(call: Call, app: App): Answer {
  const { org } = call;
  const accept = call.request.headers.accept ?? '*/*';
  const refusesXml = !/xml|\*\/\*/.test(accept);
  if (refusesXml && (app.externalKey === null || !org.settings.openConnections)) throw new OktaError('E0000019');
  const { kid } = call.query;
  const key = kid === undefined ? signingKeyOf(org, app) : org.appKeys.get(app.id)?.find((entry) => entry.kid === kid);
  if (app.externalKey === null) throw invalid('app', 'The application does not sign on with SAML.');
  if (key === undefined) throw notFound(kid ?? '', 'JsonWebKey');
  const body = appMetadata({
    issuer: issuerOf(app),
    ssoUrl: ssoUrlOf(org, app),
    certificate: key.certificate,
    nameIdFormat: asText(asObject(app.settings.signOn).subjectNameIdFormat) ?? catalogNameIdFormat(app),
  });
  return ok(body, { 'content-type': 'application/xml;charset=ISO-8859-1' });
}

/** Issuer of ID tokens of an OIDC app: an internal address that the Terraform provider of Okta uses. */
function registerIdTokenSettings(server: FastifyInstance, org: Org, app: (call: Call) => App): void {
  const path = '/api/v1/internal/apps/:appId/settings/oauth/idToken';
  operation(server, org, { id: 'getIdTokenSettings', method: 'GET', path, scope: read }, (call) => {
    const found = app(call);
    const client = asObject(found.settings.oauthClient);
    return ok({
      issuer: org.url,
      orgUrl: null,
      customUrl: null,
      audience: asObject(found.credentials.oauthClient).client_id ?? null,
      issuerMode: client.issuer_mode ?? 'ORG_URL',
    });
  });
  operation(server, org, { id: 'updateIdTokenSettings', method: 'POST', path, scope: manage }, (call) => {
    const found = app(call);
    const client = asObject(found.settings.oauthClient);
    client.issuer_mode = asText(asObject(call.body).issuerMode) ?? client.issuer_mode;
    return ok({ issuer: null, orgUrl: null, customUrl: null, audience: null, issuerMode: client.issuer_mode });
  });
}
