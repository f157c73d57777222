import type { OrgRole } from '../domain/assessment.js';
import type { NeededScope } from '../domain/least-privilege.js';
import { scopeOf } from './scopes.js';

/** What the product asks of an org, whatever its part in the federation is. */
const ofBoth = [
  'listApplications',
  'getApplication',
  'createApplication',
  'replaceApplication',
  'activateApplication',
  'deactivateApplication',
  'deleteApplication',
  'previewSAMLmetadataForApplication',
  'getApplicationUser',
  'getApplicationGroupAssignment',
  'listApplicationGroupAssignments',
  'assignGroupToApplication',
  'listGroups',
  'getGroup',
  'listGroupUsers',
  'assignUserToGroup',
  'unassignUserFromGroup',
  'listUserGroups',
  'getUser',
  'listUsers',
  'updateUser',
  'listLogEvents',
] as const;

const ofIdp = [
  'listApplicationUsers',
  'assignUserToApplication',
  'updateApplicationUser',
  'unassignUserFromApplication',
  'getDefaultProvisioningConnectionForApplication',
  'updateDefaultProvisioningConnectionForApplication',
  'activateDefaultProvisioningConnectionForApplication',
  'deactivateDefaultProvisioningConnectionForApplication',
  'getFeatureForApplication',
  'updateFeatureForApplication',
  'createUser',
  'listApplicationKeys',
  'getApplicationKey',
  'generateApplicationKey',
] as const;

const ofSp = [
  'listIdentityProviders',
  'getIdentityProvider',
  'createIdentityProvider',
  'replaceIdentityProvider',
  'activateIdentityProvider',
  'deactivateIdentityProvider',
  'deleteIdentityProvider',
  'listIdentityProviderKeys',
  'getIdentityProviderKey',
  'createIdentityProviderKey',
  'deleteIdentityProviderKey',
  'listIdentityProviderApplicationUsers',
  'listUserIdentityProviders',
  'addGroup',
  'deleteGroup',
  'suspendUser',
  'unsuspendUser',
  'deactivateUser',
  'revokeUserSessions',
  'listAssignedRolesForUser',
  'listUsersWithRoleAssignments',
] as const;

/** What it asks of the SP org besides, where OAuth 2.0 connects provisioning. */
const ofServiceClient = [
  'createClient',
  'listRolesForClient',
  'assignRoleToClient',
  'deleteRoleFromClient',
  'listScopeConsentGrants',
  'grantConsentToScope',
  'revokeScopeConsentGrant',
] as const;

/** Scopes without which all works, and with which more can be looked at. */
const helpful: Readonly<Record<OrgRole, readonly string[]>> = {
  idp: ['okta.roles.read', 'okta.appGrants.read'],
  sp: ['okta.apiTokens.read', 'okta.roles.read', 'okta.appGrants.read'],
};

/** Operations that the product sends to an org. */
export function operationsOf(role: OrgRole, auth: 'oauth2' | 'token'): readonly string[] {
  if (role === 'idp') return [...ofBoth, ...ofIdp];
  return [...ofBoth, ...ofSp, ...(auth === 'oauth2' ? ofServiceClient : [])];
}

/** The scopes that an org's service app needs, each with the operations that need it; `manage` stands for `read` too. */
export function neededScopes(role: OrgRole, auth: 'oauth2' | 'token'): readonly NeededScope[] {
  const byScope = new Map<string, string[]>();
  for (const operation of operationsOf(role, auth)) {
    const scope = scopeOf(operation);
    byScope.set(scope, [...(byScope.get(scope) ?? []), operation]);
  }
  return [...byScope]
    .filter(([scope]) => !scope.endsWith('.read') || !byScope.has(scope.replace(/\.read$/, '.manage')))
    .map(([scope, operations]) => ({
      scope,
      operations: [...(byScope.get(scope.replace(/\.manage$/, '.read')) ?? []), ...operations].filter(unique),
    }))
    .sort((a, b) => a.scope.localeCompare(b.scope));
}

/** Scopes that are no excess although nothing needs them. */
export function helpfulScopes(role: OrgRole): readonly string[] {
  return helpful[role];
}

function unique(operation: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(operation) === index;
}
