import { createHash, randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { ApiToken } from '../config/api-tokens.js';

/** A new random API token, and what the configuration file must say of it. */
export interface NewToken {
  readonly token: string;
  /** Entry for `apiTokens`: the token's hash, never the token. */
  readonly entry: ApiToken;
}

/** @throws ZodError if the name or a role is not one. */
export function newToken(name: string, roles: readonly string[]): NewToken {
  const token = `o2o_${randomBytes(32).toString('base64url')}`;
  const sha256 = createHash('sha256').update(token).digest('hex');
  return { token, entry: ApiToken.parse({ name, sha256, roles }) };
}

/** The entry as lines of the configuration file. */
export function configLines(entry: ApiToken): string {
  return stringify([entry]).trimEnd();
}
