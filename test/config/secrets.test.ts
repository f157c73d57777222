import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { resolveSecret } from '../../src/config/secrets.js';

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
