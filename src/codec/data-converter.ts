import type { DataConverter } from '@temporalio/common';
import { resolveSecret, type Secrets } from '../config/secrets.js';
import { Org2OrgError } from '../domain/errors.js';
import { EncryptionCodec, keyLength } from './encryption-codec.js';

const variable = 'ORG2ORG_PAYLOAD_KEY';

async function readKey(reference: string, secrets: Secrets): Promise<Buffer> {
  const key = Buffer.from(await secrets(reference, '(payload encryption)'), 'base64');
  if (key.length === keyLength) return key;
  throw new Org2OrgError('O2O_CONFIG_INVALID', {
    file: '(environment variables)',
    detail: `${variable}: the secret behind ${reference} must be ${keyLength} bytes in base64, it has ${key.length}; make one with: openssl rand -base64 ${keyLength}`,
  });
}

/**
 * How payloads are written and read, for every client and worker: encrypted if `ORG2ORG_PAYLOAD_KEY` names a key
 * (`env:NAME` or `file:/path`; with commas between several, the first one encrypts).
 *
 * @throws Org2OrgError `O2O_CONFIG_INVALID` or `O2O_SECRET_MISSING`
 */
export async function loadDataConverter(
  variables: NodeJS.ProcessEnv = process.env,
  secrets: Secrets = resolveSecret,
): Promise<DataConverter> {
  const references = (variables[variable] ?? '').split(',').filter((reference) => reference.trim() !== '');
  const [newest, ...older] = await Promise.all(references.map((reference) => readKey(reference.trim(), secrets)));
  return newest === undefined ? {} : { payloadCodecs: [new EncryptionCodec([newest, ...older])] };
}
