import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { Client } from '@okta/okta-sdk-nodejs';
import type { OrgAuth, OrgConfig } from '../config/org-registry.js';
import type { Secrets } from '../config/secrets.js';
import { Org2OrgError } from '../domain/errors.js';
import { type ObservedAnswer, OktaRequestExecutor } from './request-executor.js';

/** The SDK's client of one org with everything the project adds to it. */
export interface OktaClient {
  readonly sdk: Client;
  readonly executor: OktaRequestExecutor;
}

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
 * Makes the client of one org. Nothing is sent.
 *
 * @throws Org2OrgError `O2O_SECRET_MISSING`, `O2O_OKTA_CREDENTIALS_INVALID` (the key is none) or `O2O_CONFIG_INVALID`.
 */
export async function createClient(
  config: OrgConfig,
  auth: OrgAuth,
  secrets: Secrets,
  onAnswer?: (answer: ObservedAnswer) => void,
): Promise<OktaClient> {
  const credentials = await readCredentials(config.name, auth, secrets);
  const executor = new OktaRequestExecutor({
    org: config.name,
    requestTimeoutMs: config.requestTimeoutMs,
    scopes: credentials.authorizationMode === 'PrivateKey' ? credentials.scopes : [],
    onAnswer,
  });
  const sdk = createSdkClient({
    ...nothingFromElsewhere,
    ...credentials,
    orgUrl: config.url,
    requestExecutor: executor,
    cacheMiddleware: null,
    userAgent: 'org2org',
  });
  executor.agent = agentFor(config.url, sdk.http.agent);
  sdk.http.agent = undefined;
  return { sdk, executor };
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

/** Connections are kept open; a proxy of the environment is used for everything but this machine. */
function agentFor(url: string, proxy: http.Agent | undefined): http.Agent {
  if (new URL(url).protocol === 'http:') return new http.Agent({ keepAlive: true });
  return proxy ?? new https.Agent({ keepAlive: true });
}

async function readCredentials(org: string, auth: OrgAuth, secrets: Secrets): Promise<Credentials> {
  if ('apiToken' in auth) return { authorizationMode: 'SSWS', token: await secrets(auth.apiToken, org) };
  const { clientId, keyId, key, scopes } = auth.privateKey;
  const jwk = readPrivateKey(await secrets(key, org));
  if (jwk === null) {
    throw new Org2OrgError('O2O_OKTA_CREDENTIALS_INVALID', {
      org,
      detail: `${key} is not an RSA private key (PEM or JWK)`,
    });
  }
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
