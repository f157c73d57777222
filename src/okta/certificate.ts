import { createHash, X509Certificate } from 'node:crypto';

export interface Certificate {
  /** Base64 of the DER form, on one line. */
  readonly certificate: string;
  /** SHA-256 of the DER form, base64url: Okta's `x5t#S256`. */
  readonly thumbprint: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/**
 * Reads a certificate as Okta's metadata and keys carry it: base64 of DER, with or without line breaks or PEM armour.
 *
 * @throws Error if it is not an X.509 certificate.
 */
export function readCertificate(text: string): Certificate {
  const certificate = text.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
  const der = Buffer.from(certificate, 'base64');
  return {
    certificate,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
    expiresAt: new Date(new X509Certificate(der).validTo).toISOString(),
  };
}
