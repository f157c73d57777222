import { createHash } from 'node:crypto';

/** A login as Okta compares it: without regard to the case of its letters. */
export function foldLogin(login: string): string {
  return login.normalize('NFC').toLowerCase();
}

/** Names a user in workflow ids without telling the login: 32 hex digits, the same for the same login in any case. */
export function userKey(federationId: string, login: string): string {
  return createHash('sha256')
    .update(JSON.stringify([federationId, foldLogin(login)]))
    .digest('hex')
    .slice(0, 32);
}
