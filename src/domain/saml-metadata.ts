import type { Decision, ResourceInput } from './assessment.js';
import { decision, differences } from './changes.js';
import { problem } from './errors.js';

/** What the Org2Org app's SAML metadata says: guide, "More details". */
export interface SeenSamlMetadata {
  readonly issuer: string;
  readonly ssoUrl: string;
  /** Base64 DER. */
  readonly certificate: string;
  /** SHA-256, base64url. */
  readonly thumbprint: string;
  readonly expiresAt: string;
  /** Whole days until the certificate expires, as the activity's clock has it. */
  readonly daysLeft: number;
  /** The key with which the app signs; absent where the specification leaves that to the app. */
  readonly signingKid?: string | null;
}

/**
 * Decides whether issuer, sign-on URL and certificate can be used, and whether the app must be told to sign with the key that
 * the specification names. Null: the app does not exist yet.
 */
export function decideSamlMetadata(input: ResourceInput, seen: SeenSamlMetadata | null): Decision {
  if (seen === null) {
    return decision({ explanation: 'Issuer, sign-on URL and certificate are known once the Org2Org app exists.' });
  }
  const { kid } = input.spec.certificate;
  const fields = seen.signingKid === undefined ? [] : differences([['credentials.signing.kid', seen.signingKid, kid]]);
  const tooShort = seen.daysLeft < input.spec.certificate.minimumDaysLeft;
  return decision({
    id: input.known.org2orgAppId ?? null,
    observed: { issuer: seen.issuer, ssoUrl: seen.ssoUrl, 'x5t#S256': seen.thumbprint, expiresAt: seen.expiresAt },
    changes:
      fields.length === 0
        ? []
        : [
            {
              org: input.orgs.idp.name,
              resource: 'samlMetadata',
              write: 'update',
              summary: `Sign with the key ${kid}`,
              fields,
              reversible: true,
            },
          ],
    blockers: tooShort ? [problem('O2O_CERTIFICATE_EXPIRES', { expiresAt: seen.expiresAt })] : [],
    known: {
      issuer: seen.issuer,
      ssoUrl: seen.ssoUrl,
      certificate: seen.certificate,
      certificateThumbprint: seen.thumbprint,
    },
    explanation: `Issuer ${seen.issuer}, certificate valid until ${seen.expiresAt}.`,
  });
}
