import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AssertionRules, verifyClientAssertion } from '../../../sandbox/access/client-assertion.js';

const audience = 'http://127.0.0.1:1/oauth2/v1/token';
const now = Date.now();
const seconds = Math.floor(now / 1000);
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let others: Awaited<ReturnType<typeof generateKeyPair>>;
let set: JSONWebKeySet;

beforeAll(async () => {
  keys = await generateKeyPair('RS256');
  others = await generateKeyPair('RS256');
  set = {
    keys: [
      { ...(await exportJWK(keys.publicKey)), kid: 'k1' },
      { ...(await exportJWK(others.publicKey)), kid: 'k2' },
    ],
  };
});

interface Changes {
  readonly claims?: Record<string, unknown>;
  readonly kid?: string;
  readonly key?: GenerateKeyPairResult['privateKey'];
}

async function assertion({ claims = {}, kid = 'k1', key = keys.privateKey }: Changes = {}): Promise<string> {
  return new SignJWT({ iss: 'c1', sub: 'c1', aud: audience, exp: seconds + 300, jti: 'j1', ...claims })
    .setProtectedHeader({ alg: 'RS256', ...(kid === '' ? {} : { kid }) })
    .sign(key);
}

function rules(changes: Partial<AssertionRules> = {}): AssertionRules {
  return {
    audiences: [audience],
    now,
    keysOf: async (id) => (id === 'c1' ? set : null),
    useOnce: () => true,
    ...changes,
  };
}

describe('client assertion', () => {
  it('names the client that signed it', async () => {
    await expect(verifyClientAssertion(await assertion(), rules())).resolves.toBe('c1');
  });

  it.each([
    ['another key', { key: 'other' }, 'The client_assertion signature is invalid.'],
    ['an unknown key id', { kid: 'k9' }, 'The client_assertion JWT kid is invalid.'],
    ['no key id although there are two keys', { kid: '' }, 'The client_assertion JWT kid is invalid.'],
    [
      'another audience',
      { claims: { aud: 'http://127.0.0.1:1' } },
      'The audience claim for client_assertion must be the endpoint invoked for the request.',
    ],
    ['an expiry in the past', { claims: { exp: seconds - 1 } }, 'The client_assertion token is expired.'],
    [
      'an expiry more than an hour ahead',
      { claims: { exp: seconds + 7200 } },
      'The client_assertion token has an expiration too far into the future.',
    ],
    ['no expiry', { claims: { exp: undefined } }, 'The client_assertion token must contain an expiration.'],
    [
      'another issuer than subject',
      { claims: { iss: 'c2' } },
      "The 'iss' and 'sub' claims of the client_assertion must both be the client id.",
    ],
    ['an unknown client', { claims: { iss: 'c2', sub: 'c2' } }, "Invalid value for 'client_id' parameter."],
  ])('is refused with %s', async (_case, { key, ...changes }: { key?: string } & Omit<Changes, 'key'>, message) => {
    const text = await assertion({ ...changes, ...(key === undefined ? {} : { key: others.privateKey }) });
    await expect(verifyClientAssertion(text, rules())).rejects.toMatchObject({
      status: 401,
      error: 'invalid_client',
      message,
    });
  });

  it('is refused the second time', async () => {
    const used = new Set<string>();
    const useOnce = (_client: string, jti: string) => !used.has(jti) && used.add(jti) !== undefined;
    const text = await assertion();
    await verifyClientAssertion(text, rules({ useOnce }));
    await expect(verifyClientAssertion(text, rules({ useOnce }))).rejects.toMatchObject({ error: 'invalid_client' });
  });

  it('is refused if it is no JWT', async () => {
    await expect(verifyClientAssertion('nonsense', rules())).rejects.toMatchObject({ error: 'invalid_client' });
  });
});
