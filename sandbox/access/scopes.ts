import type { Org } from '../core/org.js';
import type { App } from '../core/records.js';
import { OAuthError } from './oauth-error.js';

const families = [
  'agentPools',
  'apiTokens',
  'appGrants',
  'apps',
  'authenticators',
  'authorizationServers',
  'behaviors',
  'brands',
  'captchas',
  'certificateAuthorities',
  'clients',
  'devices',
  'deviceAssurance',
  'domains',
  'emailDomains',
  'emailServers',
  'eventHooks',
  'events',
  'factors',
  'features',
  'groups',
  'idps',
  'inlineHooks',
  'linkedObjects',
  'logs',
  'logStreams',
  'myAccount',
  'networkZones',
  'oauthIntegrations',
  'orgs',
  'policies',
  'principalRateLimits',
  'profileMappings',
  'profiles',
  'pushProviders',
  'rateLimits',
  'realms',
  'realmAssignments',
  'riskEvents',
  'riskProviders',
  'roles',
  'schemas',
  'securityEventsProviders',
  'sessions',
  'templates',
  'threatInsights',
  'trustedOrigins',
  'uischemas',
  'userTypes',
  'users',
  'workflows',
];

/** Every scope of the Management API that an org knows. */
export const knownScopes: ReadonlySet<string> = new Set([
  ...families.flatMap((family) => [`okta.${family}.read`, `okta.${family}.manage`]),
  'okta.clients.register',
]);

/**
 * The scopes that a client gets: those that it asks for, all of which need consent.
 * @param client null where credentials pass without a look and the org does not know the client
 * @throws OAuthError `invalid_scope` if one is unknown, none was asked for, or consent is missing for one
 */
export function allowedScopes(org: Org, client: App | null, requested: string | undefined): readonly string[] {
  const scopes = [...new Set((requested ?? '').split(' ').filter((scope) => scope !== ''))];
  if (scopes.length === 0) throw invalidScope('The scope parameter is required for this client.');
  if (scopes.some((scope) => !knownScopes.has(scope))) {
    throw invalidScope('One or more scopes are not configured for the authorization server resource.');
  }
  if (client === null) return scopes;
  const granted = new Set(org.grants.filter((grant) => grant.appId === client.id).map((grant) => grant.scopeId));
  if (scopes.some((scope) => !granted.has(scope))) {
    throw invalidScope('You are not allowed any of the requested scopes.');
  }
  return scopes;
}

function invalidScope(description: string): OAuthError {
  return new OAuthError(400, 'invalid_scope', description);
}
