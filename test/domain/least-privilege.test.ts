import { describe, expect, it } from 'vitest';
import {
  judgeExcessRoles,
  judgeExcessScopes,
  judgeNeededRoles,
  judgeNeededScopes,
} from '../../src/domain/least-privilege.js';

const needed = [
  { scope: 'okta.apps.manage', operations: ['createApplication'] },
  { scope: 'okta.logs.read', operations: ['listLogEvents'] },
];

describe('scopes', () => {
  it.each([
    [['okta.apps.manage', 'okta.logs.read'], 'passed'],
    [['okta.apps.manage', 'okta.logs.manage'], 'passed'],
    [['okta.apps.read', 'okta.logs.read'], 'failed'],
    [['okta.apps.manage'], 'failed'],
  ])('%j are enough: %s', (held, result) => {
    expect(judgeNeededScopes(held, needed, []).result).toBe(result);
  });

  it('that are refused are named, though they are asked for', () => {
    const { result, detail } = judgeNeededScopes(['okta.apps.manage', 'okta.logs.read'], needed, ['okta.logs.read']);
    expect([result, detail]).toEqual(['failed', 'okta.logs.read is asked for, but not granted']);
  });

  it('beyond what is needed are named, unless they help', () => {
    const held = ['okta.apps.manage', 'okta.logs.read', 'okta.roles.read', 'okta.policies.read'];
    expect(judgeExcessScopes(held, needed, ['okta.roles.read']).detail).toBe('okta.policies.read');
    expect(judgeExcessScopes(held.slice(0, 3), needed, ['okta.roles.read']).result).toBe('passed');
  });
});

describe('roles', () => {
  it.each([
    ['idp', 'oauth2', ['APP_ADMIN', 'USER_ADMIN'], 'passed', 'passed'],
    ['idp', 'oauth2', ['SUPER_ADMIN'], 'passed', 'failed'],
    ['idp', 'oauth2', ['APP_ADMIN'], 'failed', 'passed'],
    ['idp', 'oauth2', ['CUSTOM'], 'unknown', 'passed'],
    ['sp', 'oauth2', ['SUPER_ADMIN'], 'passed', 'passed'],
    ['sp', 'oauth2', ['APP_ADMIN', 'ORG_ADMIN'], 'failed', 'passed'],
    ['sp', 'token', ['APP_ADMIN', 'ORG_ADMIN'], 'passed', 'passed'],
    ['sp', 'token', ['SUPER_ADMIN'], 'passed', 'failed'],
    ['idp', 'oauth2', [], 'failed', 'passed'],
  ] as const)('in the %s org with %s, %j: enough %s, not too many %s', (role, auth, roles, enough, notTooMany) => {
    expect(judgeNeededRoles(roles, role, auth).result).toBe(enough);
    expect(judgeExcessRoles(roles, role, auth).result).toBe(notTooMany);
  });
});
