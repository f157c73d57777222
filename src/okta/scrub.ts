const secretLike = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}(\.[\w-]*){0,2}/g,
  /\b(SSWS|Bearer|DPoP)\s+[^\s"',;]+/gi,
  /\b00[\w-]{38,}/g,
  /[\w+-]{40,}={0,2}/g,
];

const address = /[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g;

/** Longest text that is taken over from an answer, in characters. */
const limit = 500;

/** Takes out of a text what looks like a token or a key. */
export function withoutSecrets(text: string): string {
  return secretLike.reduce((rest, pattern) => rest.replace(pattern, '(removed)'), text);
}

/** Takes out of a text from outside what looks like a token, a key or a person's address, and shortens it. */
export function scrub(text: string): string {
  return withoutSecrets(text).replace(address, '(address)').replace(/\s+/g, ' ').trim().slice(0, limit);
}
