import { readFile } from 'node:fs/promises';
import { Org2OrgError } from '../domain/errors.js';
import { SecretReference } from '../domain/federation-spec.js';

/** Resolves a secret reference for an org. Handed to everything that needs secrets, so that none reads them itself. */
export type Secrets = (reference: string, org: string) => Promise<string>;

/** Stands in a message for what may be the secret itself, given by mistake. */
const notAReference = '(not a reference)';

/**
 * Reads the secret behind `env:NAME` or `file:/path`, without white space around it.
 *
 * @throws Org2OrgError `O2O_SECRET_MISSING` if there is none, or if what was given is no reference.
 */
export const resolveSecret: Secrets = async (reference, org) => {
  if (!SecretReference.safeParse(reference).success) {
    throw new Org2OrgError('O2O_SECRET_MISSING', { reference: notAReference, org });
  }
  const secret = await read(reference);
  if (secret === '') throw new Org2OrgError('O2O_SECRET_MISSING', { reference, org });
  return secret;
};

/**
 * Secrets for what a specification asks the worker of an org for: the references under its `specificationSecrets`, as
 * they stand there, and no other. Whoever writes specifications does not decide what a worker reads.
 *
 * @throws Org2OrgError `O2O_SECRET_NOT_ALLOWED` for any other reference, which is not resolved.
 */
export function restrictSecrets(
  secrets: Secrets,
  { name, specificationSecrets }: { readonly name: string; readonly specificationSecrets: readonly string[] },
): Secrets {
  return async (reference, org) => {
    if (specificationSecrets.includes(reference)) return secrets(reference, org);
    const shown = SecretReference.safeParse(reference).success ? reference : notAReference;
    throw new Org2OrgError('O2O_SECRET_NOT_ALLOWED', { reference: shown, org: name });
  };
}

async function read(reference: string): Promise<string> {
  if (reference.startsWith('env:')) return process.env[reference.slice('env:'.length)]?.trim() ?? '';
  const content = await readFile(reference.slice('file:'.length), 'utf8').catch(() => '');
  return content.trim();
}
