import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { originHeaders } from '../control/origin.js';
import type { App } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';
import { invalidClient } from './oauth-error.js';

const Key = z.looseObject({ kty: z.string(), kid: z.string().nullish(), status: z.string().nullish() });
const KeySet = z.looseObject({ keys: z.array(Key) });
/** Okta's own endpoint for the keys of a connection wraps the set once more. */
const FetchedKeys = z.union([z.looseObject({ jwks: KeySet }).transform((answer) => answer.jwks), KeySet]);

/** How long the keys may take to come: where they do not, the client gets no token. */
const timeoutMs = 20_000;

/**
 * The public keys with which a client may sign: those that were registered, or those that its `jwks_uri` serves now.
 * @throws OAuthError `invalid_client` if there are none or they cannot be fetched
 */
export async function clientKeys(client: App): Promise<JSONWebKeySet> {
  const settings = asObject(client.settings.oauthClient);
  const uri = asText(settings.jwks_uri);
  const set = uri === undefined ? KeySet.safeParse(settings.jwks) : FetchedKeys.safeParse(await fetchKeys(uri));
  const keys = set.data?.keys.filter((key) => key.status !== 'INACTIVE').map(withoutNulls) ?? [];
  if (keys.length === 0) throw invalidClient('The client has no JSON Web Key that can verify the client_assertion.');
  return { keys };
}

async function fetchKeys(uri: string): Promise<unknown> {
  try {
    const answer = await fetch(uri, {
      headers: { accept: 'application/json', ...originHeaders('jwks') },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return await answer.json();
  } catch {
    throw invalidClient('The JSON Web Key Set of the client could not be fetched from its jwks_uri.');
  }
}

function withoutNulls(key: z.output<typeof Key>): JSONWebKeySet['keys'][number] {
  const entries = Object.entries(key).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(entries), kty: key.kty };
}
