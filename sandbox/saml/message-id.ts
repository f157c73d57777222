import { randomInt } from 'node:crypto';

/** A new ID of a SAML message: an XML name that no one can guess. */
export function newMessageId(): string {
  let digits = '';
  while (digits.length < 26) digits += String(randomInt(10 ** 9)).padStart(9, '0');
  return `id${digits.slice(0, 26)}`;
}
