import type { FastifyRequest } from 'fastify';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Principal } from '../core/routing.js';
import type { AccessTokens } from './access-tokens.js';
import { dpopAlgorithms, verifyDpopProof } from './dpop-proof.js';
import { OAuthError } from './oauth-error.js';
import { principalOfClient, principalOfSession, principalOfToken } from './principals.js';

/**
 * Finds out who sends a request: `SSWS` API token, `Bearer` or `DPoP` access token, or the session cookie of a browser.
 * Null if the request names nobody.
 * @throws OktaError E0000011 for a token that is not good; OAuthError for a DPoP proof that is not
 */
export async function authenticate(org: Org, tokens: AccessTokens, request: FastifyRequest): Promise<Principal | null> {
  const header = request.headers.authorization;
  if (header === undefined) return sessionPrincipal(org, request);
  const [scheme = '', value = ''] = header.split(/\s+/);
  switch (scheme.toLowerCase()) {
    case 'ssws':
      return good(principalOfToken(org, value));
    case 'bearer':
    case 'dpop':
      return clientPrincipal(org, tokens, request, scheme.toLowerCase(), value);
    default:
      throw new OktaError('E0000011');
  }
}

async function clientPrincipal(
  org: Org,
  tokens: AccessTokens,
  request: FastifyRequest,
  scheme: string,
  value: string,
): Promise<Principal> {
  const token = tokens.find(value);
  if (token === null || (token.thumbprint === null) !== (scheme === 'bearer')) throw invalidToken(org, request, scheme);
  if (token.thumbprint !== null) await checkProof(org, tokens, request, value, token.thumbprint);
  return good(principalOfClient(org, token));
}

/** Okta compares the decoded address with the proof: one that was signed for `%40` is refused. */
async function checkProof(
  org: Org,
  tokens: AccessTokens,
  request: FastifyRequest,
  accessToken: string,
  thumbprint: string,
): Promise<void> {
  const proof = request.headers.dpop;
  try {
    const proved = await verifyDpopProof(typeof proof === 'string' ? proof : undefined, {
      method: request.method,
      url: `${org.url}${decodeURIComponent(request.url.split('?')[0] ?? '')}`,
      now: Date.now(),
      nonceIsGood: null,
      accessToken,
      useOnce: (jti) => tokens.useOnce(`proof ${jti}`),
    });
    if (proved !== thumbprint) throw new OAuthError(400, 'invalid_dpop_proof', 'The DPoP proof JWT key is invalid.');
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new OAuthError(error.status, error.error, error.message, challenge(org, request, 'dpop', error));
  }
}

/** `WWW-Authenticate` as Okta writes it for access tokens. */
export function challenge(
  org: Org,
  request: FastifyRequest,
  scheme: string,
  error: { readonly error: string; readonly message: string },
): Record<string, string> {
  const name = scheme === 'dpop' ? `DPoP algs="${dpopAlgorithms.join(' ')}",` : 'Bearer';
  const { scope = '' } = request.routeOptions.config;
  const parts = [
    `authorization_uri="${org.url}/oauth2/v1/authorize"`,
    `realm="${org.url}"`,
    `scope="${scope}"`,
    `error="${error.error}"`,
    `error_description="${error.message}"`,
    `resource="${request.url.split('?')[0]}"`,
  ];
  return { 'www-authenticate': `${name} ${parts.join(', ')}` };
}

function invalidToken(org: Org, request: FastifyRequest, scheme: string): OktaError {
  const error = { error: 'invalid_token', message: 'The access token is invalid.' };
  return new OktaError('E0000011', '', [], challenge(org, request, scheme, error));
}

function good(principal: Principal | null): Principal {
  if (principal === null) throw new OktaError('E0000011');
  return principal;
}

function sessionPrincipal(org: Org, request: FastifyRequest): Principal | null {
  const match = /(?:^|;\s*)(?:sid|idx)=([^;]+)/.exec(request.headers.cookie ?? '');
  return match?.[1] === undefined ? null : principalOfSession(org, match[1]);
}
