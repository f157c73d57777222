import { chosenId } from '../domain/changes.js';
import { Org2OrgError } from '../domain/errors.js';
import {
  connectionJwksUri,
  decideServiceClient,
  type SeenServiceClient,
  type SeenServiceClients,
  serviceClientName,
} from '../domain/service-client.js';
import { type Application, activateApplication, listApplications } from '../okta/applications.js';
import {
  assignRoleToClient,
  createClient,
  grantConsentToScope,
  listRolesForClient,
  listScopeConsentGrants,
} from '../okta/service-clients.js';
import type { OktaSession } from '../okta/session.js';
import { findLivingApplication } from './application.js';
import type { Resource } from './resource.js';

function jwksUri(app: Application): string | null {
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
  };
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
    for (const found of apps) clients.push(await seenClient(session, found));
    return { clients };
  },

  decide: decideServiceClient,

  async write(session, input, _seen, change) {
    const uri = connectionJwksUri(input);
    const clientId = input.known.serviceClientId;
    const [field] = change.fields;
    if (change.write === 'create' && uri !== undefined) {
      const client = await createClient(session, { name: serviceClientName(input), jwksUri: uri });
      return { serviceClientId: client.client_id };
    }
    if (clientId === undefined || typeof field?.after !== 'string') throw new Org2OrgError('O2O_INTERNAL');
    if (change.write === 'assignRole') await assignRoleToClient(session, clientId, field.after);
    else if (change.write === 'grantScope') await grantConsentToScope(session, clientId, field.after);
    else await activateApplication(session, clientId);
    return {};
  },
};
