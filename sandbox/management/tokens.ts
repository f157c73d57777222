import type { FastifyInstance } from 'fastify';
import { notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type Call, noContent, ok, operation } from '../core/routing.js';
import { appOf } from './apps.js';
import { userOf } from './user-store.js';

/**
 * Registers tokens and grants that users gave to apps. The sandbox has no user-facing OAuth flows: there are none, but
 * they can be asked for and revoked as at Okta.
 */
export function registerTokens(server: FastifyInstance, org: Org): void {
  const app = '/api/v1/apps/:appId/tokens';
  const user = '/api/v1/users/:id';
  const checkApp = (call: Call) => appOf(org, call.params.appId ?? '');
  const checkUser = (call: Call) => userOf(org, call.params.id ?? '', call.actor);
  const empty: [string, string, (call: Call) => unknown][] = [
    ['listOAuth2TokensForApplication', app, checkApp],
    ['listUserGrants', `${user}/grants`, checkUser],
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
  for (const [id, method] of [
    ['getOAuth2TokenForApplication', 'GET'],
    ['revokeOAuth2TokenForApplication', 'DELETE'],
  ] as const) {
    operation(
      server,
      org,
      { id, method, path: `${app}/:tokenId`, scope: method === 'GET' ? 'okta.apps.read' : 'okta.apps.manage' },
      (call) => {
        checkApp(call);
        throw notFound(call.params.tokenId ?? '', 'OAuth2RefreshToken');
      },
    );
  }
}
