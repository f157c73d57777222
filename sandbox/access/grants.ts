import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { apiUrl, link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Grant, Json } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import { appOf } from '../management/apps.js';
import { knownScopes } from './scopes.js';

const path = '/api/v1/apps/:appId/grants';

/** `/api/v1/apps/{id}/grants`: consent of the org to the scopes of a client. */
export function grantRoutes(server: FastifyInstance, org: Org): void {
  const read = 'okta.appGrants.read';
  const manage = 'okta.appGrants.manage';
  operation(server, org, { id: 'listScopeConsentGrants', method: 'GET', path, scope: read }, (call) =>
    ok(grantsOf(org, clientAppOf(call)).map((grant) => grantAnswer(org, grant))),
  );
  operation(server, org, { id: 'grantConsentToScope', method: 'POST', path, scope: manage }, grantConsent);
  operation(server, org, { id: 'getScopeConsentGrant', method: 'GET', path: `${path}/:grantId`, scope: read }, (call) =>
    ok(grantAnswer(org, grantOf(call))),
  );
  operation(
    server,
    org,
    { id: 'revokeScopeConsentGrant', method: 'DELETE', path: `${path}/:grantId`, scope: manage },
    (call) => {
      org.grants.delete(grantOf(call).id);
      return noContent();
    },
  );
}

function grantConsent(call: Call) {
  const { org } = call;
  const app = clientAppOf(call);
  const body = asObject(call.body);
  const scopeId = asText(body.scopeId);
  if (scopeId === undefined || !knownScopes.has(scopeId))
    throw invalid('scopeId', `scopeId: '${scopeId ?? ''}' is not a scope.`);
  if (asText(body.issuer)?.replace(/\/+$/, '') !== org.url) {
    throw invalid('issuer', 'issuer: The issuer must be the org authorization server.');
  }
  const known = grantsOf(org, app).find((grant) => grant.scopeId === scopeId);
  if (known !== undefined) return created(grantAnswer(org, known));
  const now = org.clock.iso();
  const grant: Grant = {
    id: newId('oag'),
    appId: app.id,
    scopeId,
    issuer: org.url,
    created: now,
    lastUpdated: now,
    createdBy: call.actor.id,
    userId: null,
    source: 'ADMIN',
  };
  return created(grantAnswer(org, org.grants.add(grant)));
}

function clientAppOf(call: Call): App {
  const app = appOf(call.org, call.params.appId ?? '');
  if (app.signOnMode !== 'OPENID_CONNECT') throw notFound(app.id, 'PublicClientApp');
  return app;
}

function grantsOf(org: Org, app: App): Grant[] {
  return org.grants.filter((grant) => grant.appId === app.id);
}

function grantOf(call: Call): Grant {
  const id = call.params.grantId ?? '';
  const grant = grantsOf(call.org, clientAppOf(call)).find((candidate) => candidate.id === id);
  if (grant === undefined) throw notFound(id, 'OAuth2ScopeConsentGrant');
  return grant;
}

function grantAnswer(org: Org, grant: Grant): Json {
  const app = org.apps.get(grant.appId);
  const clientId = asText(asObject(app?.credentials.oauthClient).client_id) ?? grant.appId;
  return {
    id: grant.id,
    status: 'ACTIVE',
    created: grant.created,
    createdBy: { id: grant.createdBy, type: org.users.has(grant.createdBy) ? 'User' : 'OAuth2Client' },
    lastUpdated: grant.lastUpdated,
    issuer: grant.issuer,
    clientId,
    scopeId: grant.scopeId,
    source: grant.source,
    _embedded: { scope: { id: grant.scopeId } },
    _links: {
      app: { href: apiUrl(org, `/apps/${grant.appId}`), title: app?.label },
      self: link(org, `/apps/${grant.appId}/grants/${grant.id}`, 'GET', 'DELETE'),
      client: { href: `${org.url}/oauth2/v1/clients/${clientId}`, title: app?.label },
    },
  };
}
