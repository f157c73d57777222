import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { OAuthError } from './oauth-error.js';

/** Signature algorithms that Okta takes for proofs. */
export const dpopAlgorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'] as const;

/** What a DPoP proof must speak of. */
export interface ProofRules {
  readonly method: string;
  /** Address of the request without query. */
  readonly url: string;
  /** Milliseconds since 1970 by the machine's clock. */
  readonly now: number;
  /** Whether a nonce of the org must be in it, and which are good; null where none is needed. */
  readonly nonceIsGood: ((nonce: unknown) => boolean) | null;
  /** The access token that the proof accompanies; null at the token endpoint. */
  readonly accessToken: string | null;
  /** Remembers the id of a proof. False if it was used before. */
  readonly useOnce: (jti: string) => boolean;
}

const ProofHeader = z.looseObject({
  typ: z.literal('dpop+jwt'),
  jwk: z.looseObject({ kty: z.string() }).refine((key) => !('d' in key), 'must be a public key'),
});
const lifetimeSeconds = 300;

/** 400 `invalid_dpop_proof` in the words of Okta. */
function invalidProof(description: string): OAuthError {
  return new OAuthError(400, 'invalid_dpop_proof', description);
}

/**
 * Checks the value of a `DPoP` header and returns the thumbprint of its key.
 * @throws OAuthError `invalid_dpop_proof`, or `use_dpop_nonce` if only the nonce is missing or stale
 */
export async function verifyDpopProof(proof: string | undefined, rules: ProofRules): Promise<string> {
  if (proof === undefined) throw invalidProof('The DPoP proof JWT header is missing.');
  const { claims, thumbprint } = await verifySignature(proof, rules.now);
  if (claims.htm !== rules.method) throw invalidProof("'htm' claim in the DPoP proof JWT is invalid.");
  if (claims.htu !== rules.url) throw invalidProof("'htu' claim in the DPoP proof JWT is invalid.");
  if (claims.iat === undefined || Math.abs(rules.now / 1000 - claims.iat) > lifetimeSeconds) {
    throw invalidProof("'iat' claim in the DPoP proof JWT is invalid.");
  }
  if (typeof claims.jti !== 'string') throw invalidProof("'jti' claim in the DPoP proof JWT is invalid.");
  if (rules.accessToken !== null) {
    const hash = createHash('sha256').update(rules.accessToken).digest('base64url');
    if (claims.ath !== hash) throw invalidProof("'ath' claim in the DPoP proof JWT is invalid.");
  }
  if (rules.nonceIsGood !== null && !rules.nonceIsGood(claims.nonce)) {
    throw new OAuthError(400, 'use_dpop_nonce', 'Authorization server requires nonce in DPoP proof.');
  }
  if (!rules.useOnce(claims.jti)) throw invalidProof('The DPoP proof JWT has already been used.');
  return thumbprint;
}

async function verifySignature(proof: string, now: number): Promise<{ claims: JWTPayload; thumbprint: string }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...dpopAlgorithms],
      currentDate: new Date(now),
    });
    const { jwk } = ProofHeader.parse(protectedHeader);
    return { claims: payload, thumbprint: await calculateJwkThumbprint(jwk) };
  } catch {
    throw invalidProof('The DPoP proof JWT is invalid.');
  }
}
