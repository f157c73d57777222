import type { FastifyInstance } from 'fastify';
import { apiUrl } from '../core/links.js';
import { invalid, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Connection, Json } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { appTarget } from './app-assignments.js';
import { catalogApp } from './app-catalog.js';
import { appOf } from './apps.js';
import { refreshFeatures } from './features.js';

const manage = 'okta.apps.manage';
const read = 'okta.apps.read';
const unknown = { status: 'UNKNOWN', profile: { authScheme: 'UNKNOWN' } };

/** Registers the provisioning connection of apps. */
export function registerConnections(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/connections/default';
  const app = (call: Call) => appOf(org, call.params.appId ?? '');

  operation(
    server,
    org,
    { id: 'getDefaultProvisioningConnectionForApplication', method: 'GET', path, scope: read },
    (call) => ok(connectionAnswer(org, app(call))),
  );
  operation(
    server,
    org,
    { id: 'updateDefaultProvisioningConnectionForApplication', method: 'POST', path, scope: manage },
    async (call) => {
      const found = app(call);
      if (!supportsConnections(found)) return ok(unknown);
      const connection = storeConnection(org, found, asObject(call.body));
      if (call.query.activate === 'true') await activate(org, found, call);
      else if (connection.status === 'ENABLED') await verify(org, found, connection, call);
      org.log.write({ eventType: 'application.configuration.update', actor: call.actor, target: [appTarget(found)] });
      return ok(connectionAnswer(org, found));
    },
  );
  operation(
    server,
    org,
    {
      id: 'activateDefaultProvisioningConnectionForApplication',
      method: 'POST',
      path: `${path}/lifecycle/activate`,
      scope: manage,
    },
    async (call) => {
      const found = app(call);
      if (supportsConnections(found)) await activate(org, found, call);
      return noContent();
    },
  );
  operation(
    server,
    org,
    {
      id: 'deactivateDefaultProvisioningConnectionForApplication',
      method: 'POST',
      path: `${path}/lifecycle/deactivate`,
      scope: manage,
    },
    (call) => {
      const found = app(call);
      const connection = org.connections.get(found.id);
      if (connection?.status === 'ENABLED') {
        connection.status = 'DISABLED';
        refreshFeatures(org, found);
        org.log.write({ eventType: 'application.configuration.update', actor: call.actor, target: [appTarget(found)] });
        org.events.emit({ type: 'connection.deactivated', appId: found.id });
      }
      return noContent();
    },
  );
}

/** Whether the connections API sets up provisioning for this app. */
export function supportsConnections(app: App): boolean {
  return (catalogApp(app.name)?.connectionSchemes.length ?? 0) > 0;
}

function connectionAnswer(org: Org, app: App): Json {
  if (!supportsConnections(app)) return unknown;
  const connection = org.connections.get(app.id);
  const usual = catalogApp(app.name)?.connectionSchemes[0] ?? 'TOKEN';
  const authScheme = connection?.authScheme ?? usual;
  const path = `/apps/${app.id}/connections/default`;
  const status = connection?.status ?? 'DISABLED';
  const next = status === 'ENABLED' ? 'deactivate' : 'activate';
  const clientId = connection?.clientId ?? null;
  return {
    authScheme,
    status,
    ...(connection?.baseUrl == null ? {} : { baseUrl: connection.baseUrl }),
    ...(clientId === null ? {} : { clientId }),
    profile: {
      authScheme,
      ...(clientId === null ? {} : { clientId }),
      ...(connection?.rotationMode == null ? {} : { signing: { rotationMode: connection.rotationMode } }),
    },
    _links: {
      self: { href: apiUrl(org, path), hints: { allow: ['GET', 'POST'] } },
      [next]: { href: apiUrl(org, `${path}/lifecycle/${next}`), hints: { allow: ['POST'] } },
    },
  };
}

/** Keeps the credentials that were sent; what another scheme left behind goes. */
function storeConnection(org: Org, app: App, body: Json): Connection {
  const profile = asObject(body.profile);
  const { authScheme } = profile;
  const schemes = catalogApp(app.name)?.connectionSchemes ?? [];
  if (authScheme !== 'TOKEN' && authScheme !== 'OAUTH2')
    throw invalid('profile.authScheme', 'profile.authScheme: The field cannot be left blank');
  if (!schemes.includes(authScheme))
    throw invalid('authScheme', `The authentication scheme '${authScheme}' is not supported for this application.`);
  const token = asText(profile.token) ?? null;
  const clientId = asText(profile.clientId) ?? null;
  if (authScheme === 'OAUTH2' && app.name === 'okta_org2org' && clientId === null)
    throw invalid('profile.clientId', 'profile.clientId: The field cannot be left blank');
  const rotation = asObject(profile.signing).rotationMode;
  const connection: Connection = {
    id: app.id,
    authScheme,
    status: org.connections.get(app.id)?.status ?? 'DISABLED',
    baseUrl: asText(body.baseUrl) ?? null,
    token: authScheme === 'TOKEN' ? token : null,
    clientId: authScheme === 'OAUTH2' ? clientId : null,
    rotationMode: authScheme === 'OAUTH2' ? (rotation === 'AUTO' ? 'AUTO' : 'MANUAL') : null,
  };
  return org.connections.add(connection);
}

async function activate(org: Org, app: App, call: Call): Promise<void> {
  const connection = org.connections.get(app.id);
  if (connection === undefined || (connection.token === null && connection.clientId === null)) {
    throw new OktaError('E0000001', 'credential');
  }
  await verify(org, app, connection, call);
  connection.status = 'ENABLED';
  refreshFeatures(org, app);
  org.events.emit({ type: 'connection.activated', appId: app.id });
}

/** @throws OktaError E0000001 if the other org does not take the credentials */
async function verify(org: Org, app: App, connection: Connection, call: Call): Promise<void> {
  if (org.settings.openConnections || org.verifyConnection === undefined) return;
  const verdict = await org.verifyConnection(app, connection);
  if (verdict.ok) return;
  org.log.write({
    eventType: 'application.configuration.update',
    actor: call.actor,
    target: [appTarget(app)],
    outcome: { result: 'FAILURE', reason: "Couldn't verify API credentials" },
  });
  throw invalid('credential', verdict.reason);
}
