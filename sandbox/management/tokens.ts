import type { FastifyInstance } from 'fastify';
import { notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type Call, noContent, ok, operation } from '../core/routing.js';
import { appOf } from './apps.js';
import { userOf } from './user-store.js';

/**
 * Registers tokens and grants that users gave to apps, and their devices. The sandbox has no user-facing OAuth flows and
 * no devices: there are none, but they can be asked for and revoked as at Okta.
 */
export function registerTokens(server: FastifyInstance, org: Org): void {
  const app = '/api/v1/apps/:appId/tokens';
  const user = '/api/v1/users/:id';
  const checkApp = (call: Call) => appOf(org, call.params.appId ?? '');
  const checkUser = (call: Call) => userOf(org, call.params.id ?? '', call.actor);
  const empty: [string, string, (call: Call) => unknown][] = [
    ['listOAuth2TokensForApplication', app, checkApp],
    ['listUserGrants', `${user}/grants`, checkUser],
    ['listUserDevices', `${user}/devices`, checkUser],
    ['listUserClients', `${user}/clients`, checkUser],
    ['listGrantsForUserAndClient', `${user}/clients/:clientId/grants`, checkUser],
    ['listRefreshTokensForUserAndClient', `${user}/clients/:clientId/tokens`, checkUser],
  ];
  for (const [id, path, check] of empty) {
    operation(
      server,
      org,
      { id, method: 'GET', path, scope: path === app ? 'okta.apps.read' : 'okta.users.read' },
      (call) => {
        check(call);
        return ok([]);
      },
    );
  }
  const revocations: [string, string, (call: Call) => unknown][] = [
    ['revokeOAuth2TokensForApplication', app, checkApp],
    ['revokeUserGrants', `${user}/grants`, checkUser],
    ['revokeGrantsForUserAndClient', `${user}/clients/:clientId/grants`, checkUser],
    ['revokeTokensForUserAndClient', `${user}/clients/:clientId/tokens`, checkUser],
  ];
  for (const [id, path, check] of revocations) {
    operation(
      server,
      org,
      { id, method: 'DELETE', path, scope: path === app ? 'okta.apps.manage' : 'okta.users.manage' },
      (call) => {
        check(call);
        return noContent();
      },
    );
  }
  const absent: [string, 'GET' | 'DELETE', string, (call: Call) => unknown, string][] = [
    ['getOAuth2TokenForApplication', 'GET', `${app}/:tokenId`, checkApp, 'OAuth2RefreshToken'],
    ['revokeOAuth2TokenForApplication', 'DELETE', `${app}/:tokenId`, checkApp, 'OAuth2RefreshToken'],
    ['getUserGrant', 'GET', `${user}/grants/:tokenId`, checkUser, 'OAuth2ScopeConsentGrant'],
    ['revokeUserGrant', 'DELETE', `${user}/grants/:tokenId`, checkUser, 'OAuth2ScopeConsentGrant'],
    [
      'getRefreshTokenForUserAndClient',
      'GET',
      `${user}/clients/:clientId/tokens/:tokenId`,
      checkUser,
      'OAuth2RefreshToken',
    ],
    [
      'revokeTokenForUserAndClient',
      'DELETE',
      `${user}/clients/:clientId/tokens/:tokenId`,
      checkUser,
      'OAuth2RefreshToken',
    ],
  ];
  for (const [id, method, path, check, kind] of absent) {
    const family = check === checkApp ? 'apps' : 'users';
    const scope = `okta.${family}.${method === 'GET' ? 'read' : 'manage'}`;
    operation(server, org, { id, method, path, scope }, (call) => {
      check(call);
      throw notFound(call.params.tokenId ?? '', kind);
    });
  }
}
