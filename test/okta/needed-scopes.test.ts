import { describe, expect, it } from 'vitest';
import { scopesOf } from '../../demo/service-app.js';
import { helpfulScopes, neededScopes, operationsOf } from '../../src/okta/needed-scopes.js';
import { scopeOf } from '../../src/okta/scopes.js';

describe('the scopes that a preflight asks for', () => {
  it('are those that the documentation names', () => {
    expect(neededScopes('idp', 'oauth2').map(({ scope }) => scope)).toEqual([...scopesOf.idp]);
    expect(neededScopes('sp', 'oauth2').map(({ scope }) => scope)).toEqual([...scopesOf.sp]);
  });

  it('with a token are fewer in the SP org: no client is registered, none gets roles or consents', () => {
    const scopes = neededScopes('sp', 'token').map(({ scope }) => scope);
    expect(scopesOf.sp.filter((scope) => !scopes.includes(scope))).toEqual([
      'okta.appGrants.manage',
      'okta.clients.register',
      'okta.roles.manage',
    ]);
    expect(scopes).toContain('okta.roles.read');
  });

  it.each(['idp', 'sp'] as const)('of the %s org are scopes of known operations, and none is helpful only', (role) => {
    for (const operation of operationsOf(role, 'oauth2'))
      expect(scopeOf(operation)).toMatch(/^okta\.[A-Za-z]+\.[a-z]+$/);
    const needed = neededScopes(role, 'oauth2').map(({ scope }) => scope);
    expect(helpfulScopes(role).filter((scope) => needed.includes(scope))).toEqual([]);
  });
});
