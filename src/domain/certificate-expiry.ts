/** `far`: more than 60 days; the others say how many days are left at most. */
export const certificateLevels = ['far', 'days60', 'days30', 'days7', 'expired'] as const;
export type CertificateLevel = (typeof certificateLevels)[number];

/** How long a certificate is still valid. */
export interface CertificateExpiry {
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** Whole days; negative once it has expired. */
  readonly daysLeft: number;
  readonly level: CertificateLevel;
}

const dayMs = 24 * 60 * 60 * 1000;

/** @param now milliseconds since the epoch. */
export function certificateExpiry(expiresAt: string, now: number): CertificateExpiry {
  const left = Date.parse(expiresAt) - now;
  const daysLeft = Math.floor(left / dayMs);
  return { expiresAt, daysLeft, level: levelOf(left <= 0, daysLeft) };
}

function levelOf(expired: boolean, daysLeft: number): CertificateLevel {
  if (expired) return 'expired';
  if (daysLeft < 7) return 'days7';
  if (daysLeft < 30) return 'days30';
  return daysLeft < 60 ? 'days60' : 'far';
}
