import type { FastifyRequest } from 'fastify';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { asText, type Principal } from '../core/routing.js';
import { neededRight, rolesAllow, scopesCover } from './admin-rights.js';
import { challenge } from './authentication.js';
import { rolesOfUser } from './principals.js';

/** What is decided about a request: it is carried out, or answered with an empty list. */
export type Verdict = 'allowed' | 'emptyList';

/** Operations of the Management API that anybody may call. */
const anonymousOperations = new Set([
  'authn',
  'createSession',
  'getWellknownOrgMetadata',
  'getUserProvisioningConnectionJWKS',
  'getIdpMetadataXml',
  'oauth2Token',
]);

/** Whether a request needs somebody who sends it. Pages for people look after themselves. */
export function needsPrincipal(request: FastifyRequest): boolean {
  const { operation } = request.routeOptions.config;
  if (operation === undefined || anonymousOperations.has(operation)) return false;
  return request.url.startsWith('/api/') || request.url.startsWith('/oauth2/v1/clients');
}

/**
 * Decides whether the principal may carry out the operation: a client needs the scope and an administrator role, the
 * owner of an API token or session needs the role. A client without the role gets empty lists.
 * @throws OktaError E0000005 without principal, E0000006 without the right
 */
export function authorize(org: Org, request: FastifyRequest): Verdict {
  const { principal } = request;
  const { operation = '', scope } = request.routeOptions.config;
  if (principal === null) throw new OktaError('E0000005');
  if (principal.kind === 'session' && concernsSelf(request, principal)) return 'allowed';
  const scopes = scope?.split(' ') ?? [];
  if (principal.kind === 'client') requireScopes(org, request, principal, scopes);
  const allowed =
    scopes.length === 0
      ? principal.roles.length > 0
      : scopes.every((needed) => rolesAllow(principal.roles, neededRight(needed), operation));
  if (allowed && mayTouchTarget(org, request, principal)) return 'allowed';
  if (!allowed && principal.kind === 'client' && request.method === 'GET' && operation.startsWith('list')) {
    return 'emptyList';
  }
  throw new OktaError('E0000006');
}

function requireScopes(org: Org, request: FastifyRequest, principal: Principal, scopes: readonly string[]): void {
  const granted = principal.scopes ?? [];
  if (scopes.length > 0 && scopes.every((needed) => scopesCover(granted, needed))) return;
  const error = {
    error: 'insufficient_scope',
    message: 'The access token provided does not contain the required scopes.',
  };
  const scheme = request.headers.authorization?.toLowerCase().startsWith('dpop') ? 'dpop' : 'bearer';
  throw new OktaError('E0000006', '', [], challenge(org, request, scheme, error));
}

/** Only super and organization administrators may change a user who is an administrator himself. */
function mayTouchTarget(org: Org, request: FastifyRequest, principal: Principal): boolean {
  const { scope } = request.routeOptions.config;
  if (scope !== 'okta.users.manage') return true;
  if (principal.roles.includes('SUPER_ADMIN')) return true;
  const target = targetUser(org, request);
  if (target === undefined || target === principal.userId) return true;
  const roles = rolesOfUser(org, target);
  return roles.length === 0 || (principal.roles.includes('ORG_ADMIN') && !roles.includes('SUPER_ADMIN'));
}

function targetUser(org: Org, request: FastifyRequest): string | undefined {
  const [, key] = /^\/api\/v1\/users\/([^/?]+)/.exec(request.url) ?? [];
  if (key === undefined) return undefined;
  const name = decodeURIComponent(key);
  return org.users.has(name) ? name : org.userIdsByLogin.get(name.toLowerCase());
}

/** A signed-in person may read what concerns himself. */
function concernsSelf(request: FastifyRequest, principal: Principal): boolean {
  if (request.method !== 'GET') return false;
  const [, key] = /^\/api\/v1\/users\/([^/?]+)/.exec(request.url) ?? [];
  return key === 'me' || (key !== undefined && key === asText(principal.userId));
}
