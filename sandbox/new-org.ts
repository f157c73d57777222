import type { FastifyInstance } from 'fastify';
import { newId } from './core/ids.js';
import { Org, type OrgOptions } from './core/org.js';
import { registerAppGroups } from './management/app-groups.js';
import { registerAppKeys } from './management/app-keys.js';
import { registerApps } from './management/app-routes.js';
import { registerAppUsers } from './management/app-users.js';
import { registerConnections } from './management/connections.js';
import { registerFeatures } from './management/features.js';
import { registerGroups } from './management/group-routes.js';
import { addGroup } from './management/groups.js';
import { registerIdentityProviderKeys } from './management/identity-provider-keys.js';
import { registerIdentityProviderUsers } from './management/identity-provider-users.js';
import { registerIdentityProviders } from './management/identity-providers.js';
import { addPolicy } from './management/policy-store.js';
import { registerUsers } from './management/user-routes.js';
import { baseUserAttributes } from './management/user-schema.js';
import { addUser } from './management/user-store.js';

export async function newOrg(options: OrgOptions): Promise<Org> {
  const org = new Org(options);
  const now = org.clock.iso();
  const typeId = newId('oty');
  org.userSchemas.add({ id: 'osc1', created: now, lastUpdated: now, custom: {}, base: { ...baseUserAttributes } });
  org.userTypes.add({
    id: typeId,
    schemaId: 'osc1',
    name: 'user',
    displayName: 'User',
    description: null,
    isDefault: true,
    created: now,
    createdBy: 'sprz',
    lastUpdated: now,
    lastUpdatedBy: 'sprz',
  });
  org.everyoneGroupId = addGroup(
    org,
    { name: 'Everyone', description: 'All users in your organization' },
    'BUILT_IN',
  ).id;
  addPolicy(org, { type: 'ACCESS_POLICY', name: 'Default', system: true });
  const login = `admin@${options.name}.example`;
  const admin = addUser(org, {
    profile: { login, email: login, firstName: 'Admin', lastName: 'Istrator' },
    typeId,
    provider: { type: 'OKTA', name: 'OKTA' },
    passwordHash: null,
    status: 'ACTIVE',
  });
  const id = newId('irb');
  org.roleAssignments.add({
    id,
    roleId: id,
    principalKind: 'user',
    principalId: admin.id,
    type: 'SUPER_ADMIN',
    created: now,
    lastUpdated: now,
    targetGroupIds: [],
    targetApps: [],
    resourceSet: null,
    customRole: null,
  });
  return org;
}

export function installManagement(server: FastifyInstance, org: Org): void {
  for (const register of [
    registerUsers,
    registerGroups,
    registerApps,
    registerAppKeys,
    registerAppUsers,
    registerAppGroups,
    registerConnections,
    registerFeatures,
      registerIdentityProviders,
    registerIdentityProviderKeys,
    registerIdentityProviderUsers,
  ])
    register(server, org);
}
