import type { FastifyInstance } from 'fastify';
import { newId, newSecret } from '../core/ids.js';
import { link } from '../core/links.js';
import { notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { ApiToken, Json } from '../core/records.js';
import { asObject, asText, type Call, isObject, noContent, ok, operation } from '../core/routing.js';
import type { LogActor } from '../core/system-log.js';
import { hashSecret } from './passwords.js';

const unusedLife = 30 * 24 * 60 * 60 * 1000;

/** Makes an SSWS token, as a person does in the console. Its value is shown only here. */
export function createApiToken(
  org: Org,
  userId: string,
  name: string,
  actor: LogActor,
): { readonly token: ApiToken; readonly value: string } {
  const value = `00${newSecret(40)}`;
  const now = org.clock.iso();
  const token = org.apiTokens.add({
    id: newId('00T'),
    name,
    userId,
    created: now,
    lastUpdated: now,
    expiresAt: org.clock.iso(org.clock.now() + unusedLife),
    clientName: 'Okta API',
    network: { connection: 'ANYWHERE' },
    valueHash: hashSecret(value),
  });
  org.log.write({ eventType: 'system.api_token.create', actor, target: [tokenTarget(token)] });
  return { token, value };
}

/** The token with this value. */
export function findApiToken(org: Org, value: string): ApiToken | undefined {
  const hash = hashSecret(value);
  return org.apiTokens.find((token) => token.valueHash === hash);
}

/** Notes that a token was used: it lives 30 days from its last use. */
export function touchApiToken(org: Org, token: ApiToken): void {
  token.expiresAt = org.clock.iso(org.clock.now() + unusedLife);
}

function revokeApiToken(org: Org, token: ApiToken, actor: LogActor): void {
  org.apiTokens.delete(token.id);
  org.log.write({ eventType: 'system.api_token.revoke', actor, target: [tokenTarget(token)] });
}

function tokenTarget(token: ApiToken) {
  return { id: token.id, type: 'Token', alternateId: 'unknown', displayName: token.name };
}

/** Registers what can be seen and done with SSWS tokens. None can be made here: that takes a person. */
export function registerApiTokens(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/api-tokens';
  const token = (call: Call): ApiToken => {
    const found = org.apiTokens.get(call.params.apiTokenId ?? '');
    if (found === undefined) throw notFound(call.params.apiTokenId ?? '', 'ApiToken');
    return found;
  };
  const read = 'okta.apiTokens.read';
  const manage = 'okta.apiTokens.manage';
  operation(server, org, { id: 'listApiTokens', method: 'GET', path, scope: read }, () =>
    ok(org.apiTokens.all().map((entry) => tokenAnswer(org, entry))),
  );
  operation(server, org, { id: 'revokeCurrentApiToken', method: 'DELETE', path: `${path}/current` }, (call) => {
    const current = call.principal?.kind === 'token' ? org.apiTokens.get(call.principal.id) : undefined;
    if (current === undefined) throw new OktaError('E0000006');
    revokeApiToken(org, current, call.actor);
    return noContent();
  });
  operation(server, org, { id: 'getApiToken', method: 'GET', path: `${path}/:apiTokenId`, scope: read }, (call) =>
    ok(tokenAnswer(org, token(call))),
  );
  operation(
    server,
    org,
    { id: 'upsertApiToken', method: 'PUT', path: `${path}/:apiTokenId`, scope: manage },
    (call) => {
      const found = token(call);
      const body = asObject(call.body);
      found.name = asText(body.name) ?? found.name;
      if (isObject(body.network)) found.network = body.network;
      found.lastUpdated = org.clock.iso();
      return ok(tokenAnswer(org, found));
    },
  );
  operation(
    server,
    org,
    { id: 'revokeApiToken', method: 'DELETE', path: `${path}/:apiTokenId`, scope: manage },
    (call) => {
      revokeApiToken(org, token(call), call.actor);
      return noContent();
    },
  );
}

function tokenAnswer(org: Org, token: ApiToken): Json {
  return {
    id: token.id,
    name: token.name,
    userId: token.userId,
    tokenWindow: 'P30D',
    network: token.network,
    clientName: token.clientName,
    created: token.created,
    lastUpdated: token.lastUpdated,
    expiresAt: token.expiresAt,
    _link: { self: link(org, `/api-tokens/${token.id}`, 'GET', 'DELETE') },
  };
}
