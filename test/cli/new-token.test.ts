import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { configLines, newToken } from '../../src/cli/new-token.js';
import { findApiToken } from '../../src/config/api-tokens.js';

it('makes a token that its configuration line lets in', () => {
  const { token, entry } = newToken('alice@example.com', ['operator']);
  expect(findApiToken([entry], token)).toEqual({ name: 'alice@example.com', roles: ['operator'] });
  expect(findApiToken([entry], `${token}x`)).toBeNull();
});

it('writes the hash and not the token', () => {
  const { token, entry } = newToken('alice', ['viewer', 'approver']);
  expect(parse(configLines(entry))).toEqual([entry]);
  expect(configLines(entry)).not.toContain(token);
});

it('makes another token every time', () => {
  expect(newToken('a', ['viewer']).token).not.toBe(newToken('a', ['viewer']).token);
});

it.each([[['king']], [[]]])('refuses the roles %j', (roles) => {
  expect(() => newToken('alice', roles)).toThrow();
});
