import { createHash } from 'node:crypto';
import { invalid } from '../core/okta-error.js';
import type { User } from '../core/records.js';

const requirements =
  'Password requirements were not met. Password requirements: at least 8 characters, a lowercase letter, an uppercase letter, a number, no parts of your username.';

/** Hash under which the sandbox keeps a password or token. Fast on purpose: it guards nothing. */
export function hashSecret(value: string): string {
  return createHash('sha256').update(value).digest('base64');
}

/** Whether this is the user's password. */
export function verifyPassword(user: User, password: string): boolean {
  return user.passwordHash !== null && user.passwordHash === hashSecret(password);
}

/**
 * Checks a password against the default password policy.
 *
 * @throws OktaError E0000001
 */
export function checkPassword(password: string, login: string): void {
  const parts = login
    .toLowerCase()
    .split(/[.,\-_#@]/)
    .filter((part) => part.length >= 4);
  const weak =
    password.length < 8 ||
    !/[a-z]/.test(password) ||
    !/[A-Z]/.test(password) ||
    !/\d/.test(password) ||
    parts.some((part) => password.toLowerCase().includes(part));
  if (weak) throw invalid('password', `password: ${requirements}`);
}
