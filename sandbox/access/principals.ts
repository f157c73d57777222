import type { Org } from '../core/org.js';
import type { App, User } from '../core/records.js';
import { asObject, asText, fullName, type Principal } from '../core/routing.js';
import { findApiToken, touchApiToken } from '../management/api-tokens.js';
import { findClient } from '../management/apps.js';
import { effectiveRolesOf, rolesOf } from '../management/roles.js';
import type { AccessToken } from './access-tokens.js';

/** Types of the administrator roles of a user, those of his groups included. */
export function rolesOfUser(org: Org, userId: string): string[] {
  return effectiveRolesOf(org, userId).map((role) => role.type);
}

/** The owner of an API token, or null if the token is unknown, has been idle for 30 days or its owner is not active. */
export function principalOfToken(org: Org, value: string): Principal | null {
  const token = findApiToken(org, value);
  if (token === undefined || Date.parse(token.expiresAt) <= org.clock.now()) return null;
  const owner = org.users.get(token.userId);
  if (owner === undefined || !canAct(owner)) return null;
  touchApiToken(org, token);
  return { ...personal(org, owner), kind: 'token', id: token.id };
}

/** The user of a signed-in browser, or null if the session is unknown or over. */
export function principalOfSession(org: Org, sessionId: string): Principal | null {
  const session = org.sessions.get(sessionId);
  if (session === undefined || session.expiresAt <= org.clock.now()) return null;
  const user = org.users.get(session.userId);
  if (user === undefined || !canAct(user)) return null;
  return { ...personal(org, user), kind: 'session', id: session.id };
}

/** The client that an access token was issued to, or null if it is not active any more. */
export function principalOfClient(org: Org, token: AccessToken): Principal | null {
  const client = findClient(org, token.clientId);
  if (client === undefined) return openPrincipal(org, token);
  if (client.status !== 'ACTIVE') return null;
  return {
    kind: 'client',
    id: client.id,
    scopes: token.scopes,
    roles: rolesOf(org, client.id).map((role) => role.type),
    displayName: client.label,
  };
}

/** Where credentials pass without a look, a client that the org does not know may do everything its scopes say. */
function openPrincipal(org: Org, token: AccessToken): Principal | null {
  if (!org.settings.openConnections) return null;
  const { clientId: id, scopes } = token;
  return { kind: 'client', id, scopes, roles: ['SUPER_ADMIN'], displayName: id };
}

/** The active service app with this client id. */
export function activeClient(org: Org, clientId: string): App | null {
  const app = findClient(org, clientId);
  return app?.status === 'ACTIVE' ? app : null;
}

/** Whether the access tokens of a client are bound to a key. */
export function isDpopBound(client: App): boolean {
  return asObject(client.settings.oauthClient).dpop_bound_access_tokens === true;
}

/** How a client signs in at the token endpoint. */
export function authenticationMethod(client: App): string {
  return asText(asObject(client.credentials.oauthClient).token_endpoint_auth_method) ?? 'client_secret_basic';
}

function personal(org: Org, user: User): Omit<Principal, 'kind' | 'id'> {
  return {
    userId: user.id,
    roles: rolesOfUser(org, user.id),
    displayName: asText(user.profile.login) ?? fullName(user.profile),
  };
}

function canAct(user: User): boolean {
  return !['DEPROVISIONED', 'SUSPENDED', 'STAGED'].includes(user.status);
}
