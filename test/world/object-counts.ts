import { objects } from './okta-admin.js';
import type { World } from './world.js';

/** How many objects of each kind both orgs have. */
export async function objectCounts({
  idpAdmin,
  spAdmin,
}: Pick<World, 'idpAdmin' | 'spAdmin'>): Promise<Record<string, number>> {
  const named = async (admin: World['idpAdmin'], name: string) =>
    objects(await admin.get(`/api/v1/apps?filter=${encodeURIComponent(`name eq "${name}"`)}`)).length;
  return {
    org2orgApps: await named(idpAdmin, 'okta_org2org'),
    targetApps: await named(spAdmin, 'dropbox_for_business'),
    serviceClients: await named(spAdmin, 'oidc_client'),
    identityProviders: objects(await spAdmin.get('/api/v1/idps?type=SAML2')).length,
    trustedCertificates: objects(await spAdmin.get('/api/v1/idps/credentials/keys')).length,
    accessGroups: objects(await spAdmin.get(`/api/v1/groups?q=${encodeURIComponent('Federated from acme')}`)).length,
    users: objects(await spAdmin.get('/api/v1/users?limit=200')).length,
  };
}

/** What a setup with OAuth 2.0 leaves behind, with two users and the SP org's administrator. */
export const oneOfEach = {
  org2orgApps: 1,
  targetApps: 1,
  serviceClients: 1,
  identityProviders: 1,
  trustedCertificates: 1,
  accessGroups: 1,
  users: 3,
};
