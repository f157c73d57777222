import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { resolveSecret, restrictSecrets } from '../../src/config/secrets.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a secret comes from a variable or a file, without white space around it', async () => {
  vi.stubEnv('O2O_TEST_SECRET', ' from variable \n');
  const file = join(mkdtempSync(join(tmpdir(), 'org2org-')), 'secret');
  writeFileSync(file, '\nfrom file\n');
  expect(await resolveSecret('env:O2O_TEST_SECRET', 'acme')).toBe('from variable');
  expect(await resolveSecret(`file:${file}`, 'acme')).toBe('from file');
});

test.each(['env:O2O_TEST_ABSENT', 'file:/nowhere/secret'])(
  'a missing secret names reference and org (%s)',
  async (reference) => {
    await expect(resolveSecret(reference, 'acme')).rejects.toMatchObject({
      code: 'O2O_SECRET_MISSING',
      message: expect.stringContaining(`${reference} cannot be resolved by the worker of org acme`),
    });
  },
);

test('an empty secret is missing', async () => {
  vi.stubEnv('O2O_TEST_SECRET', ' ');
  await expect(resolveSecret('env:O2O_TEST_SECRET', 'acme')).rejects.toMatchObject({ code: 'O2O_SECRET_MISSING' });
});

test('a secret given in place of a reference is not repeated', async () => {
  const error: unknown = await resolveSecret('00plantedSecretToken', 'acme').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'O2O_SECRET_MISSING' });
  expect(String(error)).not.toContain('planted');
});

describe('secrets restricted to what specifications may name', () => {
  const acme = { name: 'acme', specificationSecrets: ['env:TEST_USER_PASSWORD', 'file:/secrets/sp-token'] };

  function restricted(org = acme) {
    const resolved: string[] = [];
    const secrets = restrictSecrets(async (reference) => {
      resolved.push(reference);
      return 'the secret';
    }, org);
    return { secrets, resolved };
  }

  test('are resolved where the registry lists the reference', async () => {
    const { secrets } = restricted();
    expect(await secrets('env:TEST_USER_PASSWORD', 'acme')).toBe('the secret');
    expect(await secrets('file:/secrets/sp-token', 'partner')).toBe('the secret');
  });

  test.each([
    'env:PATH',
    'env:ACME_API_TOKEN',
    'env:test_user_password',
    'file:/secrets/../secrets/sp-token',
    'file:/secrets/sp-token/',
  ])('are not resolved where it does not (%s)', async (reference) => {
    const { secrets, resolved } = restricted();
    await expect(secrets(reference, 'partner')).rejects.toMatchObject({
      code: 'O2O_SECRET_NOT_ALLOWED',
      problem: { org: 'acme', retryable: false, fix: expect.stringContaining('specificationSecrets') },
      message: expect.stringContaining(reference),
    });
    expect(resolved).toEqual([]);
  });

  test('are none where the registry lists none', async () => {
    const { secrets } = restricted({ name: 'acme', specificationSecrets: [] });
    await expect(secrets('env:PATH', 'acme')).rejects.toMatchObject({ code: 'O2O_SECRET_NOT_ALLOWED' });
  });

  test('do not repeat a secret given in place of a reference', async () => {
    const error: unknown = await restricted()
      .secrets('00plantedSecretToken', 'acme')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'O2O_SECRET_NOT_ALLOWED' });
    expect(String(error)).not.toContain('planted');
  });
});
