import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Client } from '@okta/okta-sdk-nodejs';
import type { OrgAuth } from '../config/org-registry.js';
import type { Secrets } from '../config/secrets.js';
import { Org2OrgError } from '../domain/errors.js';
import type { OktaRequestExecutor } from './request-executor.js';

type Credentials =
  | { readonly authorizationMode: 'SSWS'; readonly token: string }
  | {
      readonly authorizationMode: 'PrivateKey';
      readonly clientId: string;
      readonly scopes: string[];
      readonly privateKey: Record<string, unknown>;
      readonly keyId: string;
    };

/** The SDK fills what is missing from `OKTA_CLIENT_…` and `~/.okta`, which may hold the other org's credentials. */
const nothingFromElsewhere = { token: '', clientId: '', scopes: [''], privateKey: '', keyId: '' };

/**
 * Makes the SDK's client of one org. Nothing is sent.
 *
 * @throws Org2OrgError `O2O_SECRET_MISSING`, `O2O_OKTA_CREDENTIALS_INVALID` (the key is none) or `O2O_CONFIG_INVALID`.
 */
export async function createClient(
  org: { readonly name: string; readonly url: string },
  auth: OrgAuth,
  secrets: Secrets,
  requestExecutor: OktaRequestExecutor,
): Promise<Client> {
  return createSdkClient({
    ...nothingFromElsewhere,
    ...(await readCredentials(org.name, auth, secrets)),
    orgUrl: org.url,
    requestExecutor,
    cacheMiddleware: null,
    userAgent: 'org2org',
  });
}

function createSdkClient(options: ConstructorParameters<typeof Client>[0] & { userAgent: string }): Client {
  try {
    return new Client(options);
  } catch {
    throw new Org2OrgError('O2O_CONFIG_INVALID', {
      file: 'okta.yaml',
      detail: 'the Okta SDK cannot read ./okta.yaml or ~/.okta/okta.yaml; org2org needs neither, remove them',
    });
  }
}

async function readCredentials(org: string, auth: OrgAuth, secrets: Secrets): Promise<Credentials> {
  const unusable = (detail: string) => new Org2OrgError('O2O_OKTA_CREDENTIALS_INVALID', { org, detail });
  if ('apiToken' in auth) {
    const token = await secrets(auth.apiToken, org);
    if (!/^[\w-]+$/.test(token)) throw unusable(`${auth.apiToken} is not an API token`);
    return { authorizationMode: 'SSWS', token };
  }
  const { clientId, keyId, key, scopes } = auth.privateKey;
  const jwk = readPrivateKey(await secrets(key, org));
  if (jwk === null) throw unusable(`${key} is not an RSA private key (PEM or JWK)`);
  return {
    authorizationMode: 'PrivateKey',
    clientId,
    scopes: [...scopes],
    privateKey: { ...jwk, kid: keyId, alg: 'RS256' },
    keyId,
  };
}

/** A PEM (also with `\n` written out, as variables often hold it) or JWK as JWK; null if it is no RSA private key. */
function readPrivateKey(text: string): JsonWebKey | null {
  try {
    const key: KeyObject = text.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'rsa' ? key.export({ format: 'jwk' }) : null;
  } catch {
    return null;
  }
}
