import type { Decision, ResourceInput } from './assessment.js';
import { decision, initialFields, later } from './changes.js';

/** A certificate in the SP org's key store for identity providers. */
export interface SeenTrustedCertificate {
  readonly kid: string;
  readonly thumbprint: string;
  readonly expiresAt: string | null;
}

/** Decides whether the Org2Org app's certificate must be uploaded: guide, step 3. Null: not in the key store. */
export function decideTrustedCertificate(input: ResourceInput, seen: SeenTrustedCertificate | null): Decision {
  if (seen !== null) {
    return decision({
      id: seen.kid,
      observed: { kid: seen.kid, 'x5t#S256': seen.thumbprint, expiresAt: seen.expiresAt },
      known: { trustedKeyId: seen.kid },
      explanation: 'The certificate is in the key store.',
    });
  }
  const org = input.orgs.sp.name;
  return decision({
    changes: [
      {
        org,
        resource: 'trustedCertificate',
        write: 'create',
        summary: 'Upload the signing certificate of the Org2Org app',
        fields: initialFields([['x5t#S256', null, later(input.known.certificateThumbprint, 'samlMetadata')]]),
        reversible: true,
      },
    ],
    explanation: `${org} does not trust the certificate yet.`,
  });
}
