import fc from 'fast-check';
import { expect, test } from 'vitest';
import { path, quoted } from '../../src/okta/request-path.js';

test('a value never changes which resource a path names', () => {
  const value = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '.' && text !== '..');
  fc.assert(
    fc.property(value, value, (one, other) => {
      const { pathname, search, hash } = new URL(path`/api/v1/apps/${one}/users/${other}`, 'https://acme.okta.com');
      const parts = pathname.split('/');
      expect([parts.length, decodeURIComponent(parts[4] ?? ''), decodeURIComponent(parts[6] ?? '')]).toEqual([
        7,
        one,
        other,
      ]);
      expect(search + hash).toBe('');
    }),
  );
});

test.each(['', '.', '..'])('a value that cannot stand in a path is refused (%j)', (value) => {
  expect(() => path`/api/v1/users/${value}`).toThrow(RangeError);
});

test('a value in a filter cannot end its quotes', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(quoted(value)).toMatch(/^"([^"\\]|\\.)*"$/s);
    }),
  );
});
