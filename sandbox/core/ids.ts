import { randomBytes, randomUUID } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
let sequence = Math.floor(Math.random() * 62 ** 4) + 62 ** 8;

function base62(value: number): string {
  let rest = value;
  let text = '';
  while (rest > 0) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** `length` random characters from Okta's id alphabet. */
export function randomText(length: number): string {
  let text = '';
  for (const byte of randomBytes(length)) text += alphabet.charAt(byte % 62);
  return text;
}

/**
 * A new Okta id: 20 characters that start with the prefix of the kind of object (`00u` user, `00g` group, `0oa` app …).
 * Ids made later sort after ids made earlier, so that the order of ids is the order of creation.
 */
export function newId(prefix: string): string {
  sequence += 1 + Math.floor(Math.random() * 30);
  const middle = base62(sequence);
  let filler = '';
  while (prefix.length + middle.length + filler.length < 17) filler += alphabet.charAt(Math.floor(Math.random() * 62));
  return `${prefix}${middle}${filler}1d7`;
}

/** A new key or event id in UUID form. */
export function newUuid(): string {
  return randomUUID();
}

/** A new secret of 40 or so characters, for tokens. */
export function newSecret(length = 40): string {
  return randomText(length);
}
