import { createHash } from 'node:crypto';
import { foldLogin } from '../domain/login.js';

/** Names a user in workflow ids without telling the login: 32 hex digits, the same for the same login in any case. */
export function userKey(federationId: string, login: string): string {
  return createHash('sha256')
    .update(JSON.stringify([federationId, foldLogin(login)]))
    .digest('hex')
    .slice(0, 32);
}
