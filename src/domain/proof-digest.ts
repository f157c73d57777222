import { canonicalDigest } from './canonical-digest.js';
import type { OffboardingProof } from './offboarding-proof.js';

/** Digest of a proof without its digest, in the canonical form of RFC 8785: `sha256:` and hex digits. */
export function digestOf(proof: Omit<OffboardingProof, 'digest'>): string {
  return canonicalDigest(proof);
}

/** Whether the content of a proof is the one that its digest was made of. */
export function digestHolds({ digest, ...content }: OffboardingProof): boolean {
  return digestOf(content) === digest;
}
