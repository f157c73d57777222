import type { Org } from '../core/org.js';
import type { App, User } from '../core/records.js';
import { asObject, asText, fullName, type Principal } from '../core/routing.js';
import { findClient } from '../management/apps.js';
import { hashSecret } from '../management/passwords.js';
import type { AccessToken } from './access-tokens.js';

const idleLifetimeMs = 30 * 24 * 60 * 60_000;

/** Types of the administrator roles of a user, those of his groups included. */
export function rolesOfUser(org: Org, userId: string): string[] {
  const groups = org.groupsOfUser.get(userId);
  const assignments = org.roleAssignments.filter(
    (role) =>
      (role.principalKind === 'user' && role.principalId === userId) ||
      (role.principalKind === 'group' && (groups?.has(role.principalId) ?? false)),
  );
  return assignments.map((role) => role.type);
}

/** Types of the administrator roles of a client. */
export function rolesOfClient(org: Org, clientId: string): string[] {
  return org.roleAssignments
    .filter((role) => role.principalKind === 'client' && role.principalId === clientId)
    .map((role) => role.type);
}

/** The owner of an API token, or null if the token is unknown, has been idle for 30 days or its owner is not active. */
export function principalOfToken(org: Org, value: string): Principal | null {
  const hash = hashSecret(value);
  const token = org.apiTokens.find((candidate) => candidate.valueHash === hash);
  if (token === undefined) return null;
  const now = org.clock.now();
  if (Date.parse(token.expiresAt) <= now) return null;
  const owner = org.users.get(token.userId);
  if (owner === undefined || !canAct(owner)) return null;
  token.expiresAt = org.clock.iso(now + idleLifetimeMs);
  token.lastUpdated = org.clock.iso(now);
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
    roles: rolesOfClient(org, client.id),
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
