import { z } from 'zod';

/**
 * A user's login as people and files give it: put into Unicode's composed form (NFC), 1 to 100 characters as Okta has
 * it, no control characters, no line breaks, no white space at its ends. Case is kept; Okta compares without it.
 */
export const Login = z
  .string('is the login of a user in the IdP org')
  .normalize('NFC')
  .min(1, 'must not be empty')
  .max(100, 'has more than 100 characters, the longest login that Okta takes')
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'holds a control character or a broken one')
  .regex(/^(?!\s).*(?<!\s)$/u, 'begins or ends with white space');

/** A login as Okta compares it: without regard to the case of its letters. */
export function foldLogin(login: string): string {
  return login.normalize('NFC').toLowerCase();
}
