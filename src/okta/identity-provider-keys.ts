import { z } from 'zod';
import { Nothing } from './answer.js';
import { readCertificate } from './certificate.js';
import { OktaError } from './errors.js';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

/** A certificate that the org trusts to sign the answers of identity providers. */
export const IdentityProviderKey = z.looseObject({
  kid: z.string(),
  x5c: z.array(z.string()).nullish(),
  'x5t#S256': z.string().nullish(),
  expiresAt: z.string().nullish(),
});
export type IdentityProviderKey = z.output<typeof IdentityProviderKey>;

const facts = (key: IdentityProviderKey) => ({
  kid: key.kid,
  thumbprint: key['x5t#S256'] ?? null,
  expiresAt: key.expiresAt ?? null,
});

/** All trusted certificates of the org. */
export function listIdentityProviderKeys(session: OktaSession): Promise<IdentityProviderKey[]> {
  return session.list({
    operation: 'listIdentityProviderKeys',
    method: 'GET',
    path: '/api/v1/idps/credentials/keys',
    query: { limit: 200 },
    answer: z.array(IdentityProviderKey),
    facts: (keys) => ({ kids: keys.map((key) => key.kid) }),
  });
}

/** Null if the org has no such key. */
export function findIdentityProviderKey(session: OktaSession, kid: string): Promise<IdentityProviderKey | null> {
  return session.find({
    operation: 'getIdentityProviderKey',
    method: 'GET',
    path: path`/api/v1/idps/credentials/keys/${kid}`,
    answer: IdentityProviderKey,
    facts,
  });
}

/**
 * Uploads a certificate (base64 DER). One that is there already (409 E0000096) is returned as it is, found by the
 * key id in Okta's text or else by its thumbprint.
 */
export async function createIdentityProviderKey(
  session: OktaSession,
  certificate: string,
): Promise<IdentityProviderKey> {
  const { certificate: x5c, thumbprint } = readCertificate(certificate);
  try {
    return await session.call({
      operation: 'createIdentityProviderKey',
      method: 'POST',
      path: '/api/v1/idps/credentials/keys',
      body: { x5c: [x5c] },
      answer: IdentityProviderKey,
      facts,
    });
  } catch (error) {
    if (!(error instanceof OktaError && error.errorCode === 'E0000096')) throw error;
    const existing = await existingKey(session, error, thumbprint);
    if (existing === null) throw error;
    return existing;
  }
}

/** Takes a certificate out of the key store. Refused with status 400 while an identity provider uses it. */
export function deleteIdentityProviderKey(session: OktaSession, kid: string): Promise<void> {
  return session.call({
    operation: 'deleteIdentityProviderKey',
    method: 'DELETE',
    path: path`/api/v1/idps/credentials/keys/${kid}`,
    answer: Nothing,
    facts: () => ({ kid }),
  });
}

async function existingKey(
  session: OktaSession,
  error: OktaError,
  thumbprint: string,
): Promise<IdentityProviderKey | null> {
  const kid = /kid=([\w-]+)/.exec([error.errorSummary, ...error.causes].join(' '))?.[1];
  const named = kid === undefined ? null : await findIdentityProviderKey(session, kid);
  if (named !== null) return named;
  const keys = await listIdentityProviderKeys(session);
  return keys.find((key) => key['x5t#S256'] === thumbprint) ?? null;
}
