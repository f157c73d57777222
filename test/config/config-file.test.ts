import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfigFile } from '../../src/config/config-file.js';
import { findOrg } from '../../src/config/org-registry.js';

const folder = mkdtempSync(join(tmpdir(), 'org2org-'));

function write(text: string): string {
  const file = join(folder, 'org2org.yaml');
  writeFileSync(file, text);
  return file;
}

async function refusal(text: string): Promise<string> {
  const error: unknown = await readConfigFile(write(text)).then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'O2O_CONFIG_INVALID' });
  return String(error);
}

describe('the configuration file', () => {
  test('as shipped for an example is valid', async () => {
    const config = await readConfigFile(resolve(import.meta.dirname, '../../org2org.example.yaml'));
    expect([...config.orgs.keys()]).toEqual(['acme', 'partner']);
    expect(config.orgs.get('acme')).toMatchObject({ url: 'https://acme.okta.com', requestTimeoutMs: 30_000 });
    expect(config.apiTokens.map(({ name }) => name)).toEqual(['dashboard', 'jane']);
    expect(config.notices).toEqual([]);
  });

  test('may be JSON, may leave out credentials, may name an org on this machine by http', async () => {
    const config = await readConfigFile(write(JSON.stringify({ orgs: { local: { url: 'http://127.0.0.1:4400' } } })));
    expect(findOrg(config.orgs, 'local')).toEqual({
      name: 'local',
      url: 'http://127.0.0.1:4400',
      alsoAt: [],
      auth: null,
      specificationSecrets: [],
      requestTimeoutMs: 30_000,
    });
  });

  test('says how much of a rate limit is used: half where it says nothing more, at most all of it', async () => {
    const read = (rate: string) =>
      readConfigFile(write(`orgs: { acme: { url: https://acme.okta.com, rate: ${rate} } }`));
    expect((await read('{ share: 0.8 }')).orgs.get('acme')?.rate).toEqual({ share: 0.8 });
    expect((await read('{}')).orgs.get('acme')?.rate).toEqual({ share: 0.5 });
    for (const share of ['0', '1.1', '-0.5', 'half']) {
      const wrong = `orgs: { acme: { url: https://acme.okta.com, rate: { share: ${share} } } }`;
      expect(await refusal(wrong)).toContain('/orgs/acme/rate/share');
    }
  });

  test('loses the trailing slash of URLs, with notices', async () => {
    const orgs = 'orgs: { acme: { url: https://acme.okta.com/, alsoAt: [https://a.example, https://b.example/] } }';
    const config = await readConfigFile(write(orgs));
    expect(config.orgs.get('acme')).toMatchObject({
      url: 'https://acme.okta.com',
      alsoAt: ['https://a.example', 'https://b.example'],
    });
    expect(config.notices).toEqual([
      expect.stringContaining('/orgs/acme/url'),
      expect.stringContaining('/orgs/acme/alsoAt/1'),
    ]);
  });

  test('knows no org that it does not name', async () => {
    const { orgs } = await readConfigFile(write('orgs: { acme: { url: https://acme.okta.com } }'));
    expect(() => findOrg(orgs, 'other')).toThrow(expect.objectContaining({ code: 'O2O_ORG_UNKNOWN' }));
  });
});

/** Ten levels of lists, each ten times the one before. */
const bomb = [
  'a0: &a0 [x]',
  ...Array.from({ length: 10 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(10)}]`),
].join('\n');

const org = (fields: string) => `orgs: { acme: { url: https://acme.okta.com, ${fields} } }`;

describe('a wrong configuration stops the start and names the field, the kind of its value and the fix', () => {
  test.each([
    ['http', 'orgs: { acme: { url: http://acme.okta.com } }', ['/orgs/acme/url is a text', 'https']],
    ['a path', 'orgs: { acme: { url: https://acme.okta.com/app } }', ['/orgs/acme/url', 'address of the org only']],
    ['no URL', 'orgs: { acme: { url: acme } }', ['/orgs/acme/url', 'not a URL']],
    ['a missing URL', 'orgs: { acme: {} }', ['/orgs/acme/url is missing']],
    ['another address without https', org('alsoAt: [http://a.example]'), ['/orgs/acme/alsoAt/0 is a text', 'https']],
    ['missing orgs', 'apiTokens: []', ['/orgs is missing']],
    [
      'an org name that no queue can bear',
      'orgs: { "Acme Inc": { url: https://acme.okta.com } }',
      ['/orgs', 'lower-case'],
    ],
    ['an unknown field', org('urls: x'), ['/orgs/acme is a mapping', 'urls']],
    [
      'both kinds of credentials',
      org('auth: { apiToken: "env:A", privateKey: { clientId: a, keyId: b, key: "env:K", scopes: [okta.apps.read] } }'),
      ['/orgs/acme/auth', 'either'],
    ],
    ['no kind of credentials', org('auth: {}'), ['/orgs/acme/auth', 'either']],
    [
      'no scopes',
      org('auth: { privateKey: { clientId: a, keyId: b, key: "env:K", scopes: [] } }'),
      ['/orgs/acme/auth/privateKey/scopes is a list of 0'],
    ],
    [
      'a number for a text',
      org('auth: { privateKey: { clientId: 7, keyId: b, key: "env:K", scopes: [okta.apps.read] } }'),
      ['/orgs/acme/auth/privateKey/clientId is a number'],
    ],
    [
      'a time limit longer than a dead worker is waited for',
      org('requestTimeoutMs: 60000'),
      ['/orgs/acme/requestTimeoutMs is a number'],
    ],
    ['a time limit of nothing', org('requestTimeoutMs: 0'), ['/orgs/acme/requestTimeoutMs is a number']],
    [
      'a role that does not exist',
      `${org('')}\napiTokens: [{ name: a, sha256: "${'0'.repeat(64)}", roles: [owner] }]`,
      ['/apiTokens/0/roles/0', 'viewer'],
    ],
    [
      'one token name twice',
      `${org('')}\napiTokens: [{ name: a, sha256: "${'0'.repeat(64)}", roles: [viewer] }, { name: a, sha256: "${'1'.repeat(64)}", roles: [viewer] }]`,
      ['/apiTokens is a list of 2', 'once'],
    ],
    ['an empty file', '', ['the document is empty']],
    ['no YAML', 'orgs: [', ['line', 'not valid YAML']],
    ['the same org twice', 'orgs: { acme: { url: https://a.okta.com }, acme: { url: https://b.okta.com } }', ['DUP']],
    ['an alias of nothing', 'orgs: *nowhere', ['aliases']],
    ['aliases that make a small file a huge one', bomb, ['aliases']],
  ])('%s', async (_case, text, parts) => {
    const message = await refusal(text);
    for (const part of parts) expect(message).toContain(part);
  });

  test('a file that is not there', async () => {
    await expect(readConfigFile(join(folder, 'absent.yaml'))).rejects.toMatchObject({
      code: 'O2O_CONFIG_INVALID',
      message: expect.stringContaining('ORG2ORG_CONFIG'),
    });
  });
});

test.each([
  ['as API token', org('auth: { apiToken: 00plantedSecretToken }')],
  [
    'as private key',
    org('auth: { privateKey: { clientId: a, keyId: b, key: 00plantedSecretToken, scopes: [okta.apps.read] } }'),
  ],
  ['among the secrets for specifications', org('specificationSecrets: [00plantedSecretToken]')],
  ['as scope', org('auth: { privateKey: { clientId: a, keyId: b, key: "env:K", scopes: [00plantedSecretToken] } }')],
  ['as hash', `${org('')}\napiTokens: [{ name: a, sha256: 00plantedSecretToken, roles: [viewer] }]`],
  ['in a URL', 'orgs: { acme: { url: "https://u:00plantedSecretToken@acme.okta.com" } }'],
  ['where the YAML breaks', 'orgs:\n  acme:\n    token: "00plantedSecretToken\n  x: ['],
])('a secret that was written into the file by mistake (%s) is not repeated', async (_case, text) => {
  expect(await refusal(text)).not.toContain('plantedSecret');
});
