import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { invalidClient, type OAuthError } from './oauth-error.js';

/** What a `private_key_jwt` assertion is held against. */
export interface AssertionRules {
  /** URLs that the assertion may be addressed to: the endpoint that was called. */
  readonly audiences: readonly string[];
  /** Milliseconds since 1970. Assertions are held against the machine's clock, which is the client's too. */
  readonly now: number;
  /** Public keys of a client; null if there is no active client with this id that signs in by `private_key_jwt`. */
  readonly keysOf: (clientId: string) => Promise<JSONWebKeySet | null>;
  /** Remembers the id of an assertion. False if it was used before. */
  readonly useOnce: (clientId: string, jti: string, expiresAt: number) => boolean;
}

const maximumLifetimeSeconds = 3600;

/**
 * Checks a client assertion and returns the client's id.
 * @throws OAuthError `invalid_client` that says which rule it breaks
 */
export async function verifyClientAssertion(assertion: string, rules: AssertionRules): Promise<string> {
  const clientId = claimedClient(assertion);
  const keys = await rules.keysOf(clientId);
  if (keys === null) throw invalidClient("Invalid value for 'client_id' parameter.");
  const claims = await verifySignature(assertion, keys, rules.now);
  if (claims.iss !== clientId || claims.sub !== clientId) {
    throw invalidClient("The 'iss' and 'sub' claims of the client_assertion must both be the client id.");
  }
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? []);
  if (!audiences.some((audience) => rules.audiences.includes(audience))) {
    throw invalidClient('The audience claim for client_assertion must be the endpoint invoked for the request.');
  }
  if (claims.exp === undefined) throw invalidClient('The client_assertion token must contain an expiration.');
  if (claims.exp > rules.now / 1000 + maximumLifetimeSeconds + 60) {
    throw invalidClient('The client_assertion token has an expiration too far into the future.');
  }
  if (claims.jti !== undefined && !rules.useOnce(clientId, claims.jti, claims.exp * 1000)) {
    throw invalidClient('The client_assertion token has a jti that has already been used.');
  }
  return clientId;
}

function claimedClient(assertion: string): string {
  try {
    const { sub } = decodeJwt(assertion);
    if (typeof sub === 'string' && sub !== '') return sub;
  } catch {
    throw invalidClient('The client_assertion is not a valid JWT.');
  }
  throw invalidClient("The client_assertion must contain the 'sub' claim.");
}

async function verifySignature(assertion: string, keys: JSONWebKeySet, now: number): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), { currentDate: new Date(now) });
    return payload;
  } catch (error) {
    throw asInvalidClient(error);
  }
}

function asInvalidClient(error: unknown): OAuthError {
  if (error instanceof errors.JWTExpired) return invalidClient('The client_assertion token is expired.');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalidClient('The client_assertion JWT kid is invalid.');
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalidClient('The client_assertion signature is invalid.');
  }
  return invalidClient('The client_assertion is not a valid JWT.');
}
