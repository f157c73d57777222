import { z } from 'zod';
import { chosenId } from '../domain/changes.js';
import { Org2OrgError } from '../domain/errors.js';
import {
  connectionJwksUri,
  decideServiceClient,
  type SeenServiceClient,
  type SeenServiceClients,
  serviceClientName,
  serviceClientSignIn,
} from '../domain/service-client.js';
import { type Application, activateApplication, listApplications } from '../okta/applications.js';
import {
  assignRoleToClient,
  createClient,
  deleteRoleFromClient,
  grantConsentToScope,
  listRolesForClient,
  listScopeConsentGrants,
  replaceClient,
  revokeScopeConsentGrant,
} from '../okta/service-clients.js';
import type { OktaSession } from '../okta/session.js';
import { findLivingApplication } from './application.js';
import type { Resource } from './resource.js';

/** Where the org finds the public keys of a client; null where the keys are kept in the org. */
export function jwksUri(app: Application): string | null {
  const uri = app.settings?.oauthClient?.jwks_uri;
  return typeof uri === 'string' ? uri : null;
}

/** A service client with the roles and scopes that are in force. */
export async function seenClient(session: OktaSession, app: Application): Promise<SeenServiceClient> {
  const roles = await listRolesForClient(session, app.id);
  const grants = await listScopeConsentGrants(session, app.id);
  return {
    id: app.id,
    label: app.label,
    status: app.status,
    jwksUri: jwksUri(app),
    roles: roles.filter((role) => role.status !== 'INACTIVE').map((role) => role.type),
    scopes: grants.filter((grant) => grant.status !== 'REVOKED').map((grant) => grant.scopeId),
    ownKeys: ownKeys(app),
    signIn: signIn(app),
  };
}

const OwnKeys = z.object({ keys: z.array(z.looseObject({ kid: z.string().nullish() })) });

/** Ids of the keys that somebody registered with the client itself. */
function ownKeys(app: Application): readonly string[] {
  const { data } = OwnKeys.safeParse(app.settings?.oauthClient?.jwks);
  return (data?.keys ?? []).map(({ kid }) => kid ?? 'without id');
}

const OAuthClient = z.looseObject({
  application_type: z.string().optional(),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
  token_endpoint_auth_method: z.string().optional(),
});

/** How the client signs in: Okta keeps the method with its credentials, the rest with its settings. */
function signIn({ credentials, settings }: Application): NonNullable<SeenServiceClient['signIn']> {
  const seen = OAuthClient.parse({ ...settings?.oauthClient, ...credentials?.oauthClient });
  const names = Object.keys(serviceClientSignIn) as (keyof typeof serviceClientSignIn)[];
  return Object.fromEntries(names.flatMap((name) => (seen[name] === undefined ? [] : [[name, seen[name]]])));
}

async function removeRole(session: OktaSession, clientId: string, type: string): Promise<void> {
  const roles = await listRolesForClient(session, clientId);
  for (const role of roles.filter((each) => each.type === type)) await deleteRoleFromClient(session, clientId, role.id);
}

async function revokeScope(session: OktaSession, clientId: string, scopeId: string): Promise<void> {
  const grants = await listScopeConsentGrants(session, clientId);
  for (const grant of grants.filter((each) => each.scopeId === scopeId)) {
    await revokeScopeConsentGrant(session, clientId, grant.id);
  }
}

/** The OAuth 2.0 service client with which the IdP org provisions into the SP org. */
export const serviceClient: Resource<SeenServiceClients> = {
  name: 'serviceClient',
  side: 'sp',

  async observe(session, input) {
    const wanted = connectionJwksUri(input);
    if (wanted === undefined) return { clients: [] };
    const app = await findLivingApplication(session, chosenId(input, 'serviceClient') ?? input.known.serviceClientId);
    const apps =
      app !== null && jwksUri(app) === wanted
        ? [app]
        : (await listApplications(session, { name: 'oidc_client' })).filter((found) => jwksUri(found) === wanted);
    const clients: SeenServiceClient[] = [];
    for (const found of apps.length === 0 && app !== null ? [app] : apps)
      clients.push(await seenClient(session, found));
    return { clients };
  },

  decide: decideServiceClient,

  async write(session, input, { clients }, change) {
    const uri = connectionJwksUri(input);
    const clientId = input.known.serviceClientId;
    const [field] = change.fields;
    if (change.write === 'create' && uri !== undefined) {
      const client = await createClient(session, { name: serviceClientName(input), jwksUri: uri });
      return { serviceClientId: client.client_id };
    }
    if (clientId === undefined || uri === undefined) throw new Org2OrgError('O2O_INTERNAL');
    const [before, after] = [String(field?.before), String(field?.after)];
    const name = clients[0]?.label ?? serviceClientName(input);
    if (change.write === 'update') await replaceClient(session, clientId, { name, jwksUri: uri });
    else if (change.write === 'assignRole') await assignRoleToClient(session, clientId, after);
    else if (change.write === 'grantScope') await grantConsentToScope(session, clientId, after);
    else if (change.write === 'removeRole') await removeRole(session, clientId, before);
    else if (change.write === 'revokeScope') await revokeScope(session, clientId, before);
    else await activateApplication(session, clientId);
    return {};
  },
};
