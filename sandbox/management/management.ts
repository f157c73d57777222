import type { FastifyInstance } from 'fastify';
import type { Org } from '../core/org.js';
import { registerApiTokens } from './api-tokens.js';
import { registerAppGroups } from './app-groups.js';
import { registerAppKeys } from './app-keys.js';
import { registerApps } from './app-routes.js';
import { registerAppUsers } from './app-users.js';
import { registerConnections } from './connections.js';
import { registerEventHooks } from './event-hooks.js';
import { registerFeatures } from './features.js';
import { registerGroupOwners } from './group-owners.js';
import { registerGroupPush } from './group-push.js';
import { registerGroups } from './group-routes.js';
import { registerGroupRules } from './group-rules.js';
import { registerIdentityProviderKeys } from './identity-provider-keys.js';
import { registerIdentityProviderUsers } from './identity-provider-users.js';
import { registerIdentityProviders } from './identity-providers.js';
import { registerLinkedObjects } from './linked-objects.js';
import { registerLogs } from './logs.js';
import { registerMappings } from './mappings.js';
import { registerOrgSettings } from './org-settings.js';
import { registerPolicies } from './policies.js';
import { registerPolicyMappings } from './policy-mappings.js';
import { registerPolicyRules } from './policy-rules.js';
import { registerRoles } from './roles.js';
import { registerSchemas } from './schemas.js';
import { registerTokens } from './tokens.js';
import { registerUsers } from './user-routes.js';
import { registerUserTypes } from './user-types.js';

const parts = [
  registerApiTokens,
  registerAppGroups,
  registerAppKeys,
  registerApps,
  registerAppUsers,
  registerConnections,
  registerEventHooks,
  registerFeatures,
  registerGroupPush,
  registerGroupRules,
  registerGroupOwners,
  registerGroups,
  registerIdentityProviderKeys,
  registerIdentityProviderUsers,
  registerIdentityProviders,
  registerLinkedObjects,
  registerLogs,
  registerMappings,
  registerOrgSettings,
  registerPolicies,
  registerPolicyMappings,
  registerPolicyRules,
  registerRoles,
  registerSchemas,
  registerTokens,
  registerUsers,
  registerUserTypes,
];

/** Registers the Management API of an org. Part of `createOrgServer`. */
export function installManagement(server: FastifyInstance, org: Org): void {
  for (const register of parts) register(server, org);
}
