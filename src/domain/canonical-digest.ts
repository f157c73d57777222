import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Digest of a document in the canonical form of RFC 8785, which whoever has the document can compute: `sha256:` and hex. */
export function canonicalDigest(document: object): string {
  return `sha256:${createHash('sha256')
    .update(canonicalize(document) ?? '')
    .digest('hex')}`;
}
