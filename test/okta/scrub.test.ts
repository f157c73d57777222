import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrub } from '../../src/okta/scrub.js';

const pem = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'];
const token = (length: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: length, maxLength: length });

const secret = fc.oneof(
  token(40).map((rest) => `00${rest}`),
  fc.tuple(token(20), token(30), token(43)).map(([head, body, signature]) => `eyJ${head}.eyJ${body}.${signature}`),
  token(64),
  fc.constant(pem.split('\n').slice(1, -2).join('')),
);

test('what looks like a token or a key does not survive, wherever it stands', () => {
  fc.assert(
    fc.property(fc.lorem(), secret, fc.lorem(), (before, planted, after) => {
      for (const text of [`${before} ${planted} ${after}`, `"${planted}"`, `token=${planted}&x=1`, `SSWS ${planted}`]) {
        expect(scrub(text)).not.toContain(planted.slice(5, 25));
      }
    }),
  );
});

test('a private key in PEM is removed as a whole', () => {
  expect(scrub(`key: ${pem} end`)).toBe('key: (removed) end');
});

test("people's addresses are removed, ids and sentences stay", () => {
  expect(scrub('Not found: Resource not found: jane.roe+x@example.com (User)')).toBe(
    'Not found: Resource not found: (address) (User)',
  );
  const harmless = 'This certificate has already been uploaded with kid=572581f4-e3ae-4b9b-9f5c-0d9c4a1d2e3f.';
  expect(scrub(harmless)).toBe(harmless);
  expect(scrub('Resource not found: 0oa3rk3ioj9S6PkjL5d7 (AppInstance)')).toContain('0oa3rk3ioj9S6PkjL5d7');
});
