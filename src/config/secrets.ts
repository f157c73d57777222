import { readFile } from 'node:fs/promises';
import { Org2OrgError } from '../domain/errors.js';
import { SecretReference } from '../domain/federation-spec.js';

/** Resolves a secret reference for an org. Handed to everything that needs secrets, so that none reads them itself. */
export type Secrets = (reference: string, org: string) => Promise<string>;

/**
 * Reads the secret behind `env:NAME` or `file:/path`, without white space around it.
 *
 * @throws Org2OrgError `O2O_SECRET_MISSING` if there is none, or if what was given is no reference.
 */
export const resolveSecret: Secrets = async (reference, org) => {
  if (!SecretReference.safeParse(reference).success) {
    throw new Org2OrgError('O2O_SECRET_MISSING', { reference: '(not a reference)', org });
  }
  const secret = await read(reference);
  if (secret === '') throw new Org2OrgError('O2O_SECRET_MISSING', { reference, org });
  return secret;
};

async function read(reference: string): Promise<string> {
  if (reference.startsWith('env:')) return process.env[reference.slice('env:'.length)]?.trim() ?? '';
  const content = await readFile(reference.slice('file:'.length), 'utf8').catch(() => '');
  return content.trim();
}
