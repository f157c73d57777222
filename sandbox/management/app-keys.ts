import type { FastifyInstance } from 'fastify';
import { newId, newSecret } from '../core/ids.js';
import { generateSigningKey } from '../core/keys.js';
import { apiUrl } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Json, SigningKey } from '../core/records.js';
import { asObject, asText, type Call, created, isObject, noContent, ok, operation } from '../core/routing.js';
import type { LogActor } from '../core/system-log.js';
import { appTarget } from './app-assignments.js';
import { appOf } from './apps.js';

const manage = 'okta.apps.manage';
const read = 'okta.apps.read';

/** A signing key as Okta answers it: without its private half. */
export function signingKeyAnswer(key: SigningKey): Json {
  return {
    kty: 'RSA',
    created: key.created,
    lastUpdated: key.lastUpdated,
    expiresAt: key.expiresAt,
    kid: key.kid,
    use: 'sig',
    x5c: [key.certificate],
    'x5t#S256': key.x5tS256,
    e: key.e,
    n: key.n,
  };
}

/** The validity in years that a call asks for. @throws OktaError E0000001 */
export function validityYearsOf(call: Call): number {
  const years = Number(call.query.validityYears);
  if (!Number.isInteger(years) || years < 2 || years > 10) {
    throw invalid('generateKey', 'Validity years out of range. It should be 2 - 10 years');
  }
  return years;
}

/** Makes another key for an app. It signs only after the app was told to use it. */
async function generateAppKey(org: Org, app: App, validityYears: number, actor: LogActor): Promise<SigningKey> {
  const key = await generateSigningKey({ commonName: org.name, validityYears, clock: org.clock });
  org.appKeys.set(app.id, [...(org.appKeys.get(app.id) ?? []), key]);
  org.log.write({ eventType: 'application.lifecycle.update', actor, target: [appTarget(app)] });
  return key;
}

/** Registers the signing keys of apps, and the secrets and public keys of OIDC clients. */
export function registerAppKeys(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/credentials/keys';
  const app = (call: Call) => appOf(org, call.params.appId ?? '');
  const key = (call: Call): SigningKey => {
    const found = org.appKeys.get(app(call).id)?.find((entry) => entry.kid === call.params.kid);
    if (found === undefined) throw notFound(call.params.kid ?? '', 'String');
    return found;
  };

  operation(server, org, { id: 'listApplicationKeys', method: 'GET', path, scope: read }, (call) =>
    ok((org.appKeys.get(app(call).id) ?? []).map(signingKeyAnswer)),
  );
  operation(server, org, { id: 'getApplicationKey', method: 'GET', path: `${path}/:kid`, scope: read }, (call) =>
    ok(signingKeyAnswer(key(call))),
  );
  operation(
    server,
    org,
    { id: 'generateApplicationKey', method: 'POST', path: `${path}/generate`, scope: manage },
    async (call) => {
      const found = app(call);
      return created(signingKeyAnswer(await generateAppKey(org, found, validityYearsOf(call), call.actor)));
    },
  );
  operation(
    server,
    org,
    { id: 'cloneApplicationKey', method: 'POST', path: `${path}/:kid/clone`, scope: manage },
    (call) => {
      const source = key(call);
      const target = appOf(org, call.query.targetAid ?? '');
      const keys = org.appKeys.get(target.id) ?? [];
      if (keys.some((entry) => entry.kid === source.kid)) {
        throw invalid('cloneKey', 'Key already exists in the list of key credentials for the target app.');
      }
      org.appKeys.set(target.id, [...keys, source]);
      return created(signingKeyAnswer(source));
    },
  );
  registerSecrets(server, org, app);
  registerPublicKeys(server, org, app);
}

function registerSecrets(server: FastifyInstance, org: Org, app: (call: Call) => App): void {
  const path = '/api/v1/apps/:appId/credentials/secrets';
  type Secret = App['clientSecrets'][number];
  const secret = (call: Call): Secret => {
    const found = app(call).clientSecrets.find((entry) => entry.id === call.params.secretId);
    if (found === undefined) throw notFound(call.params.secretId ?? '', 'OAuth2ClientSecret');
    return found;
  };
  const answer = (call: Call, entry: Secret): Json => {
    const self = `/apps/${app(call).id}/credentials/secrets/${entry.id}`;
    const next = entry.status === 'ACTIVE' ? 'deactivate' : 'activate';
    return {
      id: entry.id,
      created: entry.created,
      lastUpdated: entry.lastUpdated,
      status: entry.status,
      client_secret: entry.secret,
      secret_hash: Buffer.from(entry.id).toString('base64url'),
      _links: { [next]: { href: apiUrl(org, `${self}/lifecycle/${next}`), hints: { allow: ['POST'] } } },
    };
  };
  operation(server, org, { id: 'listOAuth2ClientSecrets', method: 'GET', path, scope: read }, (call) =>
    ok(app(call).clientSecrets.map((entry) => answer(call, entry))),
  );
  operation(
    server,
    org,
    { id: 'getOAuth2ClientSecret', method: 'GET', path: `${path}/:secretId`, scope: read },
    (call) => ok(answer(call, secret(call))),
  );
  operation(server, org, { id: 'createOAuth2ClientSecret', method: 'POST', path, scope: manage }, (call) => {
    const found = app(call);
    if (found.clientSecrets.length >= 2)
      throw invalid('client_secret', 'You have reached the maximum number of client secrets per client.');
    const sent = asObject(call.body);
    const now = org.clock.iso();
    const entry: Secret = {
      id: newId('ocs'),
      secret: asText(sent.client_secret) ?? newSecret(64),
      status: sent.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
      created: now,
      lastUpdated: now,
    };
    found.clientSecrets.push(entry);
    return created(answer(call, entry));
  });
  operation(
    server,
    org,
    { id: 'deleteOAuth2ClientSecret', method: 'DELETE', path: `${path}/:secretId`, scope: manage },
    (call) => {
      const entry = secret(call);
      if (entry.status === 'ACTIVE')
        throw invalid('client_secret', 'Cannot delete an active client secret. Deactivate it first.');
      app(call).clientSecrets.splice(app(call).clientSecrets.indexOf(entry), 1);
      return noContent();
    },
  );
  for (const [id, name, status] of [
    ['activateOAuth2ClientSecret', 'activate', 'ACTIVE'],
    ['deactivateOAuth2ClientSecret', 'deactivate', 'INACTIVE'],
  ] as const) {
    operation(
      server,
      org,
      { id, method: 'POST', path: `${path}/:secretId/lifecycle/${name}`, scope: manage },
      (call) => {
        const entry = secret(call);
        if (
          status === 'INACTIVE' &&
          app(call).clientSecrets.filter((other) => other.status === 'ACTIVE').length === 1
        ) {
          throw invalid('client_secret', 'Cannot deactivate the only active client secret.');
        }
        entry.status = status;
        entry.lastUpdated = org.clock.iso();
        return ok(answer(call, entry));
      },
    );
  }
}

function registerPublicKeys(server: FastifyInstance, org: Org, app: (call: Call) => App): void {
  const path = '/api/v1/apps/:appId/credentials/jwks';
  const keys = (call: Call): Json[] => {
    const client = asObject(app(call).settings.oauthClient);
    const list = asObject(client.jwks).keys;
    return Array.isArray(list) ? list.filter(isObject) : [];
  };
  const key = (call: Call): Json => {
    const found = keys(call).find((entry) => entry.id === call.params.keyId);
    if (found === undefined) throw notFound(call.params.keyId ?? '', 'JsonWebKey');
    return found;
  };
  operation(server, org, { id: 'listJwk', method: 'GET', path, scope: read }, (call) =>
    ok({ jwks: { keys: keys(call) } }),
  );
  operation(server, org, { id: 'getJwk', method: 'GET', path: `${path}/:keyId`, scope: read }, (call) => ok(key(call)));
  operation(server, org, { id: 'addJwk', method: 'POST', path, scope: manage }, (call) => {
    const found = app(call);
    const sent = asObject(call.body);
    const now = org.clock.iso();
    const entry: Json = { status: 'ACTIVE', use: 'sig', ...sent, id: newId('pks'), created: now, lastUpdated: now };
    const client = asObject(found.settings.oauthClient);
    client.jwks = { keys: [...keys(call), entry] };
    return created(entry);
  });
  operation(server, org, { id: 'deletejwk', method: 'DELETE', path: `${path}/:keyId`, scope: manage }, (call) => {
    const entry = key(call);
    if (entry.status === 'ACTIVE') throw invalid('jwks', 'Cannot delete an active key. Deactivate it first.');
    asObject(app(call).settings.oauthClient).jwks = { keys: keys(call).filter((other) => other !== entry) };
    return noContent();
  });
  for (const [id, name, status] of [
    ['activateOAuth2ClientJsonWebKey', 'activate', 'ACTIVE'],
    ['deactivateOAuth2ClientJsonWebKey', 'deactivate', 'INACTIVE'],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/:keyId/lifecycle/${name}`, scope: manage }, (call) => {
      const entry = key(call);
      entry.status = status;
      return ok(entry);
    });
  }
}
