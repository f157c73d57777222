import type { FastifyInstance } from 'fastify';
import type { Org } from '../core/org.js';
import { registerApiTokens } from './api-tokens.js';
import { registerAppGroups } from './app-groups.js';
import { registerAppKeys } from './app-keys.js';
import { registerApps } from './app-routes.js';
import { registerAppTrust } from './app-trust.js';
import { registerAppUsers } from './app-users.js';
import { registerCertificateRequests } from './certificate-requests.js';
import { registerConnections } from './connections.js';
import { registerCustomRoles } from './custom-roles.js';
import { registerEventHooks } from './event-hooks.js';
import { registerFeatures } from './features.js';
import { registerGroupOwners } from './group-owners.js';
import { registerGroupPush } from './group-push.js';
import { registerGroups } from './group-routes.js';
import { registerGroupRules } from './group-rules.js';
import { registerHookKeys } from './hook-keys.js';
import { registerIdentityProviderKeys } from './identity-provider-keys.js';
import { registerIdentityProviderUsers } from './identity-provider-users.js';
import { registerIdentityProviders } from './identity-providers.js';
import { registerLinkedObjects } from './linked-objects.js';
import { registerLogs } from './logs.js';
import { registerMappings } from './mappings.js';
import { registerOrgPreferences } from './org-preferences.js';
import { registerOrgSettings } from './org-settings.js';
import { registerOrgSupport } from './org-support.js';
import { registerPolicies } from './policies.js';
import { registerPolicyMappings } from './policy-mappings.js';
import { registerPolicyRules } from './policy-rules.js';
import { registerResourceSets } from './resource-sets.js';
import { registerRoleBindings } from './role-bindings.js';
import { registerRoles } from './roles.js';
import { registerSchemas } from './schemas.js';
import { registerSessions } from './sessions.js';
import { registerTokens } from './tokens.js';
import { registerUserFactors } from './user-factors.js';
import { registerUsers } from './user-routes.js';
import { registerUserSubscriptions } from './user-subscriptions.js';
import { registerUserTypes } from './user-types.js';

const parts = [
  registerApiTokens,
  registerAppGroups,
  registerAppKeys,
  registerAppUsers,
  registerAppTrust,
  registerApps,
  registerCertificateRequests,
  registerConnections,
  registerCustomRoles,
  registerEventHooks,
  registerFeatures,
  registerGroupOwners,
  registerGroupPush,
  registerGroupRules,
  registerGroups,
  registerHookKeys,
  registerIdentityProviderKeys,
  registerIdentityProviderUsers,
  registerIdentityProviders,
  registerLinkedObjects,
  registerLogs,
  registerMappings,
  registerOrgPreferences,
  registerOrgSettings,
  registerOrgSupport,
  registerPolicies,
  registerPolicyMappings,
  registerPolicyRules,
  registerResourceSets,
  registerRoleBindings,
  registerRoles,
  registerSchemas,
  registerSessions,
  registerTokens,
  registerUserFactors,
  registerUserSubscriptions,
  registerUserTypes,
  registerUsers,
];

/** Registers the Management API of an org. Part of `createOrgServer`. */
export function installManagement(server: FastifyInstance, org: Org): void {
  for (const register of parts) register(server, org);
}
