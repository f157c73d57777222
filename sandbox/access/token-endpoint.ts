import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeJwt, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { asText } from '../core/routing.js';
import { AccessTokens } from './access-tokens.js';
import { verifyClientAssertion } from './client-assertion.js';
import { clientKeys } from './client-keys.js';
import { verifyDpopProof } from './dpop-proof.js';
import { answerOAuthError, invalidClient, invalidRequest, OAuthError } from './oauth-error.js';
import { activeClient, authenticationMethod, isDpopBound } from './principals.js';
import { allowedScopes } from './scopes.js';

const TokenRequest = z.looseObject({
  grant_type: z.string().optional(),
  scope: z.string().optional(),
  client_assertion_type: z.string().optional(),
  client_assertion: z.string().optional(),
});
type TokenRequest = z.output<typeof TokenRequest>;

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const path = '/oauth2/v1/token';

/** `POST /oauth2/v1/token`: client credentials with `private_key_jwt`, tokens bound to a DPoP key or plain. */
export function tokenEndpoint(server: FastifyInstance, org: Org, tokens: AccessTokens): void {
  server.register(async (scope) => {
    const form = 'application/x-www-form-urlencoded';
    if (!scope.hasContentTypeParser(form)) {
      scope.addContentTypeParser(form, { parseAs: 'string' }, (_request, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
      );
    }
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof OAuthError) return answerOAuthError(reply, error);
      throw error;
    });
    scope.post(path, { config: { operation: 'oauth2Token' } }, async (request, reply) => {
      const answer = await grant(org, tokens, request);
      if (answer.token_type === 'DPoP') reply.header('dpop-nonce', tokens.nonce);
      return reply.type('application/json').send(answer);
    });
  });
}

interface TokenAnswer {
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly access_token: string;
  readonly scope: string;
}

async function grant(org: Org, tokens: AccessTokens, request: FastifyRequest): Promise<TokenAnswer> {
  const body = readBody(org, request);
  if (body.grant_type === undefined) throw invalidRequest("The token request must specify a 'grant_type'.");
  if (body.grant_type !== 'client_credentials') {
    throw new OAuthError(
      400,
      'unsupported_grant_type',
      'The authorization grant type is not supported by the authorization server.',
    );
  }
  const clientId = await authenticatedClient(org, tokens, body);
  const client = activeClient(org, clientId);
  const bound = client === null || isDpopBound(client);
  const thumbprint = bound ? await boundKey(org, tokens, request) : null;
  const scopes = allowedScopes(org, client, body.scope);
  const value = tokens.issue({ clientId, scopes, thumbprint });
  return {
    token_type: bound ? 'DPoP' : 'Bearer',
    expires_in: AccessTokens.lifetimeSeconds,
    access_token: value,
    scope: scopes.join(' '),
  };
}

/** Recordings carry the request as JSON; Okta itself takes forms only. */
function readBody(org: Org, request: FastifyRequest): TokenRequest {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (!isForm && !org.settings.openConnections) throw new OktaError('E0000021');
  const body = TokenRequest.safeParse(request.body);
  if (!body.success) throw invalidRequest('The token request could not be read.');
  return body.data;
}

async function authenticatedClient(org: Org, tokens: AccessTokens, body: TokenRequest): Promise<string> {
  const { client_assertion: assertion } = body;
  if (assertion === undefined) {
    throw invalidClient('Client authentication failed. Either the client or the client credentials are invalid.');
  }
  if (body.client_assertion_type !== assertionType) throw invalidClient('The client_assertion_type is invalid.');
  if (org.settings.openConnections) return asText(decodeJwt(assertion).sub) ?? '';
  return verifyClientAssertion(assertion, {
    audiences: [`${org.url}${path}`],
    now: Date.now(),
    keysOf: (clientId) => keysOf(org, clientId),
    useOnce: (clientId, jti) => tokens.useOnce(`assertion ${clientId} ${jti}`),
  });
}

async function keysOf(org: Org, clientId: string): Promise<JSONWebKeySet | null> {
  const client = activeClient(org, clientId);
  if (client === null) return null;
  if (authenticationMethod(client) !== 'private_key_jwt') {
    throw invalidClient('The client is not registered for the authentication method private_key_jwt.');
  }
  return clientKeys(client);
}

async function boundKey(org: Org, tokens: AccessTokens, request: FastifyRequest): Promise<string> {
  const proof = request.headers.dpop;
  const headers = { 'dpop-nonce': tokens.nonce };
  if (proof === undefined && org.settings.openConnections) {
    if (tokens.answersChallenge()) return 'not proved';
    throw new OAuthError(400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.', headers);
  }
  try {
    return await verifyDpopProof(typeof proof === 'string' ? proof : undefined, {
      method: 'POST',
      url: `${org.url}${path}`,
      now: Date.now(),
      nonceIsGood: (nonce) => tokens.nonceIsGood(nonce),
      accessToken: null,
      useOnce: (jti) => tokens.useOnce(`proof ${jti}`),
    });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new OAuthError(error.status, error.error, error.message, headers);
  }
}
