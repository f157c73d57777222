import { z } from 'zod';
import { serviceClientSignIn } from '../domain/service-client.js';
import { Nothing } from './answer.js';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

/** An OAuth 2.0 client of the org, as Okta's client registration shows it. */
export const ServiceClient = z.looseObject({
  client_id: z.string(),
  client_name: z.string(),
  application_type: z.string().nullish(),
  jwks_uri: z.string().nullish(),
});
export type ServiceClient = z.output<typeof ServiceClient>;

/** What is registered: a client that signs in with a key published at `jwksUri`, so that no secret changes hands. */
export interface ServiceClientRegistration {
  readonly name: string;
  readonly jwksUri: string;
}

/** An administrator role that a client holds. */
export const ClientRole = z.looseObject({ id: z.string(), type: z.string(), status: z.string().nullish() });
export type ClientRole = z.output<typeof ClientRole>;

/** A scope that was granted to a client. */
export const ScopeGrant = z.looseObject({ id: z.string(), scopeId: z.string(), status: z.string().nullish() });
export type ScopeGrant = z.output<typeof ScopeGrant>;

const facts = (client: ServiceClient) => ({ clientId: client.client_id, jwksUri: client.jwks_uri ?? null });

/** All clients of the org. */
export function listClients(session: OktaSession): Promise<ServiceClient[]> {
  return session.list({
    operation: 'listClients',
    method: 'GET',
    path: '/oauth2/v1/clients',
    query: { limit: 200 },
    answer: z.array(ServiceClient),
    facts: (clients) => ({ clientIds: clients.map((client) => client.client_id) }),
  });
}

/** Null if the org has no such client. */
export function findClient(session: OktaSession, clientId: string): Promise<ServiceClient | null> {
  return session.find({
    operation: 'getClient',
    method: 'GET',
    path: path`/oauth2/v1/clients/${clientId}`,
    answer: ServiceClient,
    facts,
  });
}

function registration({ name, jwksUri }: ServiceClientRegistration) {
  return {
    client_name: name,
    ...serviceClientSignIn,
    jwks_uri: jwksUri,
  };
}

/** Registers a service client. Not idempotent: each call makes another one. */
export function createClient(session: OktaSession, client: ServiceClientRegistration): Promise<ServiceClient> {
  return session.call({
    operation: 'createClient',
    method: 'POST',
    path: '/oauth2/v1/clients',
    body: registration(client),
    answer: ServiceClient,
    facts,
  });
}

/** Replaces the whole registration. */
export function replaceClient(
  session: OktaSession,
  clientId: string,
  client: ServiceClientRegistration,
): Promise<ServiceClient> {
  return session.call({
    operation: 'replaceClient',
    method: 'PUT',
    path: path`/oauth2/v1/clients/${clientId}`,
    body: { client_id: clientId, ...registration(client) },
    answer: ServiceClient,
    facts,
  });
}

/** The client's administrator roles. */
export function listRolesForClient(session: OktaSession, clientId: string): Promise<ClientRole[]> {
  return session.list({
    operation: 'listRolesForClient',
    method: 'GET',
    path: path`/oauth2/v1/clients/${clientId}/roles`,
    answer: z.array(ClientRole),
    facts: (roles) => ({ roles: roles.map((role) => role.type) }),
  });
}

/** Only a super administrator may. A role that the client has already is a conflict (409 E0000090). */
export function assignRoleToClient(session: OktaSession, clientId: string, type: string): Promise<ClientRole> {
  return session.call({
    operation: 'assignRoleToClient',
    method: 'POST',
    path: path`/oauth2/v1/clients/${clientId}/roles`,
    body: { type },
    answer: ClientRole,
    facts: (role) => ({ role: role.type }),
  });
}

/** The scopes granted to the client. */
export function listScopeConsentGrants(session: OktaSession, clientId: string): Promise<ScopeGrant[]> {
  return session.list({
    operation: 'listScopeConsentGrants',
    method: 'GET',
    path: path`/api/v1/apps/${clientId}/grants`,
    answer: z.array(ScopeGrant),
    facts: (grants) => ({ scopes: grants.map((grant) => grant.scopeId) }),
  });
}

/** Grants the client one of Okta's API scopes, with the org itself as the issuer. */
export function grantConsentToScope(session: OktaSession, clientId: string, scopeId: string): Promise<ScopeGrant> {
  return session.call({
    operation: 'grantConsentToScope',
    method: 'POST',
    path: path`/api/v1/apps/${clientId}/grants`,
    body: { scopeId, issuer: session.url },
    answer: ScopeGrant,
    facts: (grant) => ({ scope: grant.scopeId }),
  });
}

/** Takes an administrator role from the client. */
export function deleteRoleFromClient(session: OktaSession, clientId: string, roleId: string): Promise<void> {
  return session.call({
    operation: 'deleteRoleFromClient',
    method: 'DELETE',
    path: path`/oauth2/v1/clients/${clientId}/roles/${roleId}`,
    answer: Nothing,
    facts: () => ({ roleId }),
  });
}

/** Takes a scope from the client. */
export function revokeScopeConsentGrant(session: OktaSession, clientId: string, grantId: string): Promise<void> {
  return session.call({
    operation: 'revokeScopeConsentGrant',
    method: 'DELETE',
    path: path`/api/v1/apps/${clientId}/grants/${grantId}`,
    answer: Nothing,
    facts: () => ({ grantId }),
  });
}
