import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findApiToken } from '../../src/config/api-tokens.js';

const hash = (token: string) => createHash('sha256').update(token).digest('hex');
const tokens = [
  { name: 'dashboard', sha256: hash('one'), roles: ['viewer' as const] },
  { name: 'jane', sha256: hash('two').toUpperCase(), roles: ['operator' as const, 'approver' as const] },
];

test('whoever presents a token is known by its name and roles', () => {
  expect(findApiToken(tokens, 'one')).toEqual({ name: 'dashboard', roles: ['viewer'] });
  expect(findApiToken(tokens, 'two')).toEqual({ name: 'jane', roles: ['operator', 'approver'] });
});

test('nothing else is accepted, the hash itself neither', () => {
  fc.assert(
    fc.property(fc.string(), (presented) => {
      fc.pre(presented !== 'one' && presented !== 'two');
      expect(findApiToken(tokens, presented)).toBeNull();
    }),
  );
  expect(findApiToken(tokens, hash('one'))).toBeNull();
  expect(findApiToken([], '')).toBeNull();
});
