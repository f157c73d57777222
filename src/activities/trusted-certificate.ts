import { decideTrustedCertificate, type SeenTrustedCertificate } from '../domain/trusted-certificate.js';
import type { IdentityProviderKey } from '../okta/identity-provider-keys.js';
import {
  createIdentityProviderKey,
  findIdentityProviderKey,
  listIdentityProviderKeys,
} from '../okta/identity-provider-keys.js';
import type { OktaSession } from '../okta/session.js';
import type { Resource } from './resource.js';

async function keyOf(
  session: OktaSession,
  kid: string | undefined,
  thumbprint: string,
): Promise<IdentityProviderKey | undefined> {
  const known = kid === undefined ? null : await findIdentityProviderKey(session, kid);
  if (known?.['x5t#S256'] === thumbprint) return known;
  return (await listIdentityProviderKeys(session)).find((key) => key['x5t#S256'] === thumbprint);
}

/** The Org2Org app's certificate in the SP org's key store. */
export const trustedCertificate: Resource<SeenTrustedCertificate | null> = {
  name: 'trustedCertificate',
  side: 'sp',

  async observe(session, { known }) {
    const thumbprint = known.certificateThumbprint;
    if (thumbprint === undefined) return null;
    const key = await keyOf(session, known.trustedKeyId, thumbprint);
    return key === undefined ? null : { kid: key.kid, thumbprint, expiresAt: key.expiresAt ?? null };
  },

  decide: decideTrustedCertificate,

  async write(session, { known }) {
    if (known.certificate === undefined) return {};
    const key = await createIdentityProviderKey(session, known.certificate);
    return { trustedKeyId: key.kid };
  },
};
