import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** A certificate as people paste it: PEM, or the base64 between the PEM lines. Yields base64 DER. */
const Certificate = z.string().transform((text, context) => {
  const base64 = text.replaceAll(/-----[^-]+-----|\s/g, '');
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).raw.toString('base64');
  } catch {
    context.addIssue({ code: 'custom', message: 'must be an X.509 certificate, PEM or base64' });
    return z.NEVER;
  }
});

/** What a person enters in the admin console of the target app under "Single sign-on". */
export const SsoSettings = z.strictObject({
  /** Sign-on URL of the app in the org. */
  signOnUrl: z.url({ protocol: /^https?$/ }),
  certificate: Certificate,
  /** Where it is given, an assertion of another issuer is refused. */
  issuer: z.string().min(1).optional(),
});
export type SsoSettings = z.output<typeof SsoSettings>;

/** The settings as the console shows them: the certificate by its SHA-256 thumbprint. */
export function shownSettings(settings: SsoSettings | null) {
  if (settings === null) return { configured: false as const };
  const certificate = new X509Certificate(Buffer.from(settings.certificate, 'base64'));
  return {
    configured: true as const,
    signOnUrl: settings.signOnUrl,
    issuer: settings.issuer ?? null,
    certificateSha256: certificate.fingerprint256,
    certificateExpires: new Date(certificate.validTo).toISOString(),
  };
}
