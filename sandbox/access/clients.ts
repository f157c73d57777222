import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { apiUrl } from '../core/links.js';
import { notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { cursorOf, limitOf, type PageLimits, pageHeaders, takePage } from '../core/pagination.js';
import type { App, Json } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import { createApp, deactivateApp, deleteApp, findClient, replaceApp } from '../management/apps.js';
import { answerOAuthError, OAuthError } from './oauth-error.js';

const Registration = z.looseObject({
  client_id: z.string().optional(),
  client_name: z.string().min(1),
  application_type: z.enum(['web', 'native', 'browser', 'service']).default('web'),
  token_endpoint_auth_method: z.string().default('client_secret_basic'),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
});
type Registration = z.output<typeof Registration>;

const limits: PageLimits = { standard: 20, most: 200 };
const path = '/oauth2/v1/clients';

/** `/oauth2/v1/clients`: registration of OAuth clients. A client is the app of the same id under `/api/v1/apps`. */
export function clientRoutes(server: FastifyInstance, org: Org): void {
  server.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof OAuthError) return answerOAuthError(reply, error);
      throw error;
    });
    const read = 'okta.clients.read';
    const manage = 'okta.clients.manage';
    operation(scope, org, { id: 'listClients', method: 'GET', path, scope: read }, listClients);
    operation(scope, org, { id: 'createClient', method: 'POST', path, scope: 'okta.clients.register' }, createClient);
    operation(scope, org, { id: 'getClient', method: 'GET', path: `${path}/:clientId`, scope: read }, (call) =>
      ok(clientAnswer(org, clientOf(call), false)),
    );
    operation(
      scope,
      org,
      { id: 'replaceClient', method: 'PUT', path: `${path}/:clientId`, scope: manage },
      replaceClient,
    );
    operation(
      scope,
      org,
      { id: 'deleteClient', method: 'DELETE', path: `${path}/:clientId`, scope: manage },
      (call) => {
        const client = clientOf(call);
        deactivateApp(org, client, call.actor);
        deleteApp(org, client, call.actor);
        return noContent();
      },
    );
  });
}

/** @throws OktaError E0000007 */
export function clientOf(call: Call): App {
  const id = call.params.clientId ?? '';
  const client = findClient(call.org, id);
  if (client === undefined) throw notFound(id, 'PublicClientApp');
  return client;
}

function listClients(call: Call) {
  const { org, query } = call;
  const q = query.q?.toLowerCase();
  const after = cursorOf(call, /^0oa/);
  const clients = [...org.apps.after(after)].filter(
    (app) => app.signOnMode === 'OPENID_CONNECT' && (q === undefined || app.label.toLowerCase().startsWith(q)),
  );
  const page = takePage(clients, limitOf(call, limits), (app) => app.id);
  return ok(
    page.items.map((app) => clientAnswer(org, app, false)),
    pageHeaders(call, page.next, limits),
  );
}

async function createClient(call: Call) {
  const registration = readRegistration(call.body);
  const app = await createApp(call.org, appBody(registration), call.actor);
  return created(clientAnswer(call.org, app, true));
}

async function replaceClient(call: Call) {
  const client = clientOf(call);
  const registration = readRegistration(call.body);
  if (registration.client_id !== undefined && registration.client_id !== call.params.clientId) {
    throw invalidMetadata("'client_id' must be the id of the client in the path.");
  }
  await replaceApp(call.org, client, appBody(registration), call.actor);
  return ok(clientAnswer(call.org, client, false));
}

function readRegistration(body: unknown): Registration {
  const parsed = Registration.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalidMetadata(`'${issue?.path.join('.')}' is missing or not valid.`);
}

function invalidMetadata(description: string): OAuthError {
  return new OAuthError(400, 'invalid_client_metadata', description);
}

function appBody(registration: Registration): Json {
  const { client_id: _id, client_name: label, token_endpoint_auth_method: method, ...settings } = registration;
  return {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: method } },
    settings: { oauthClient: settings },
  };
}

/** @param withSecret whether the secret is part of the answer, as it is once, at registration */
function clientAnswer(org: Org, app: App, withSecret: boolean): Json {
  const settings = asObject(app.settings.oauthClient);
  const credentials = asObject(app.credentials.oauthClient);
  const method = asText(credentials.token_endpoint_auth_method) ?? 'client_secret_basic';
  const secret = app.clientSecrets[0]?.secret;
  const usesSecret = method.startsWith('client_secret');
  const {
    consent_method: _consent,
    issuer_mode: _mode,
    participate_slo: _slo,
    wildcard_redirect: _wild,
    ...rest
  } = settings;
  return {
    client_id: credentials.client_id ?? app.id,
    client_id_issued_at: Math.floor(Date.parse(app.created) / 1000),
    ...(usesSecret ? { client_secret_expires_at: 0 } : {}),
    ...(usesSecret && withSecret && secret !== undefined ? { client_secret: secret } : {}),
    client_name: app.label,
    token_endpoint_auth_method: method,
    ...rest,
    _links: { app: { href: apiUrl(org, `/apps/${app.id}`) } },
  };
}
