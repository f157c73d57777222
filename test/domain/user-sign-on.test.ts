import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserView } from '../../src/domain/user-lifecycle.js';
import { checkUserSignOn, type SeenSignOnPolicy } from '../../src/domain/user-sign-on.js';
import { anyStatus, assignment, federation, login, user, userInput } from './user-input.js';

const policy: SeenSignOnPolicy = {
  status: 'ACTIVE',
  accountLink: 'AUTO',
  matchType: 'USERNAME',
  filter: null,
  provisioning: 'AUTO',
};

function failing(given: Partial<SeenSignOnPolicy> = {}, spUser: UserView = user(), linked = false): string[] {
  return checkUserSignOn(userInput(), assignment(), spUser, linked, { ...policy, ...given })
    .filter(({ result }) => result === 'failed')
    .map(({ name }) => name);
}

it('a user whom the federation has just brought in can sign on', () => {
  expect(failing()).toEqual([]);
});

describe('what keeps a user from signing on', () => {
  it.each([
    ['an identity provider that is off', { status: 'INACTIVE' }, ['identityProviderActive']],
    ['a filter that the login does not pass', { filter: '[^@]+@other\\.example' }, ['subjectFilter']],
    ['a filter that matches a part of the login only', { filter: 'ada' }, ['subjectFilter']],
    ['a filter that is no regular expression', { filter: '(' }, ['subjectFilter']],
    ['an account that is not linked and never will be', { accountLink: 'DISABLED' }, ['accountLink']],
  ])('%s', (_what, given, expected) => {
    expect(failing(given)).toEqual(expected);
  });

  it('another login in the SP org', () => {
    expect(failing({}, user({ login: 'other@partner.example' }))).toEqual(['subjectMatches']);
  });

  it('a status that allows none', () => {
    expect(failing({}, user({ status: 'SUSPENDED' }))).toEqual(['statusAllowsSignOn']);
  });

  it('is told with what to do about it', () => {
    const checks = checkUserSignOn(userInput(), assignment(), user({ login: 'x@partner.example' }), false, {
      status: 'INACTIVE',
      accountLink: null,
      matchType: null,
      filter: '(',
      provisioning: null,
    });
    for (const { result, fix } of checks) expect(fix !== null).toBe(result === 'failed');
  });
});

describe('what does not', () => {
  it.each([
    ['a filter that the whole login passes', { filter: '[^@]+@acme\\.example' }],
    ['an empty filter', { filter: '' }],
  ])('%s', (_what, given) => {
    expect(failing(given)).toEqual([]);
  });

  it('an account that is linked already although linking is off', () => {
    expect(failing({ accountLink: 'DISABLED' }, user(), true)).toEqual([]);
  });

  it('the case of the login', () => {
    expect(failing({}, user({ login: login.toUpperCase() }))).toEqual([]);
  });

  it.each([
    ['EMAIL', true],
    ['USERNAME_OR_EMAIL', true],
    ['USERNAME', false],
  ])('an e-mail address that is the name sent, where the match is %s: %s', (matchType, found) => {
    const other = user({ login: 'other@partner.example' });
    expect(failing({ matchType }, other)).toEqual(found ? [] : ['subjectMatches']);
  });

  it('a first sign-on still to come, with just-in-time provisioning on both sides only', () => {
    const pending = user({ status: 'PROVISIONED' });
    const withoutJit = { ...federation, identityProvider: { ...federation.identityProvider, jit: false } };
    expect(failing({}, pending)).toEqual([]);
    expect(failing({ provisioning: 'DISABLED' }, pending)).toEqual(['statusAllowsSignOn']);
    const checks = checkUserSignOn(userInput({ federation: withoutJit }), assignment(), pending, false, policy);
    expect(checks.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual(['statusAllowsSignOn']);
  });
});

it('no status but an active one, or one before the first sign-on, lets a user in', () => {
  fc.assert(
    fc.property(anyStatus, fc.boolean(), (status, linked) => {
      const letIn = ['ACTIVE', 'PROVISIONED', 'STAGED'].includes(status);
      expect(failing({}, user({ status }), linked).includes('statusAllowsSignOn')).toBe(!letIn);
    }),
  );
});
