import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { newToken } from '../src/cli/new-token.js';
import type { ServiceApp } from './service-app.js';

/** An org as the configuration names it. */
export interface RegisteredServiceApp {
  readonly name: string;
  readonly url: string;
  readonly app: ServiceApp;
  /** References that specifications may use. */
  readonly specificationSecrets?: readonly string[];
}

/** Writes a file that only its owner can read. */
export async function writeSecret(directory: string, name: string, secret: string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, secret, { mode: 0o600 });
  return file;
}

/**
 * Writes the configuration file for API and worker; private keys into files of their own, to which it refers.
 *
 * @returns its path and new API tokens of two people, an operator and an approver, whose hashes it holds.
 */
export async function writeConfiguration(
  directory: string,
  orgs: readonly RegisteredServiceApp[],
): Promise<{ file: string; operatorToken: string; approverToken: string }> {
  const operator = newToken('operator@demo', ['operator']);
  const approver = newToken('approver@demo', ['approver']);
  const entries = await Promise.all(
    orgs.map(async ({ name, url, app, specificationSecrets = [] }) => {
      const key = await writeSecret(directory, `${name}-private-key.pem`, app.privateKey);
      const privateKey = { clientId: app.clientId, keyId: app.keyId, key: `file:${key}`, scopes: app.scopes };
      return [name, { url, auth: { privateKey }, specificationSecrets }] as const;
    }),
  );
  const file = join(directory, 'org2org.yaml');
  await writeFile(file, stringify({ orgs: Object.fromEntries(entries), apiTokens: [operator.entry, approver.entry] }));
  return { file, operatorToken: operator.token, approverToken: approver.token };
}

export function newPassword(): string {
  return `Aa1${randomBytes(18).toString('base64url')}`;
}
