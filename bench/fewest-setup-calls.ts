type Org = 'idp' | 'sp';
type Why = 'read' | 'write' | 'readBack';

/** One call that a fresh setup cannot do without, and why. */
export interface NeededCall {
  readonly org: Org;
  readonly operation: string;
  readonly why: Why;
}

function call(org: Org, why: Why, ...operations: string[]): NeededCall[] {
  return operations.map((operation) => ({ org, operation, why }));
}

/**
 * The fewest calls of a fresh setup with OAuth 2.0, the work in the target's console, one group with `users` members
 * and one of them as test user: whatever is written is looked for once before, unless a read-back has shown it whole;
 * each write once; each written object read back once. The browser of the test user is not counted.
 */
export function fewestSetupCalls(users: number): NeededCall[] {
  const ofEachUser = (org: Org, why: Why, operation: string) =>
    call(org, why, ...Array.from({ length: users }, () => operation));
  return [
    ...call('idp', 'read', 'getWellknownOrgMetadata'),
    ...call('sp', 'read', 'getWellknownOrgMetadata'),

    ...call('sp', 'read', 'listApplications'),
    ...call('sp', 'write', 'createApplication'),
    ...call('sp', 'readBack', 'getApplication', 'previewSAMLmetadataForApplication'),
    ...call('sp', 'readBack', 'getApplication'),

    ...call('idp', 'read', 'listApplications'),
    ...call('idp', 'write', 'createApplication'),
    ...call('idp', 'readBack', 'getApplication', 'previewSAMLmetadataForApplication'),

    ...call('sp', 'read', 'listIdentityProviderKeys'),
    ...call('sp', 'write', 'createIdentityProviderKey'),
    ...call('sp', 'readBack', 'getIdentityProviderKey'),

    ...call('sp', 'read', 'listIdentityProviders'),
    ...call('sp', 'write', 'createIdentityProvider'),
    ...call('sp', 'readBack', 'getIdentityProvider'),

    ...call('idp', 'write', 'replaceApplication'),
    ...call('idp', 'readBack', 'getApplication'),

    ...call('sp', 'read', 'listApplications'),
    ...call('sp', 'write', 'createClient', 'assignRoleToClient', 'assignRoleToClient'),
    ...call('sp', 'write', 'grantConsentToScope', 'grantConsentToScope'),
    ...call('sp', 'readBack', 'getApplication', 'listRolesForClient', 'listScopeConsentGrants'),

    ...call('idp', 'read', 'getDefaultProvisioningConnectionForApplication'),
    ...call('idp', 'write', 'updateDefaultProvisioningConnectionForApplication'),
    ...call('idp', 'readBack', 'getDefaultProvisioningConnectionForApplication'),

    ...call('idp', 'read', 'getFeatureForApplication'),
    ...call('idp', 'write', 'updateFeatureForApplication'),
    ...call('idp', 'readBack', 'getFeatureForApplication'),

    ...call('idp', 'read', 'listGroups', 'listApplicationGroupAssignments'),
    ...call('idp', 'write', 'assignGroupToApplication'),
    ...call('idp', 'readBack', 'listApplicationGroupAssignments'),

    ...call('idp', 'readBack', 'listApplicationUsers'),
    ...ofEachUser('sp', 'readBack', 'getUser'),

    ...call('sp', 'read', 'listGroups'),
    ...call('sp', 'write', 'addGroup', 'assignGroupToApplication'),
    ...call('sp', 'readBack', 'getGroup', 'getApplicationGroupAssignment'),

    ...call('sp', 'read', 'listGroupUsers'),
    ...ofEachUser('sp', 'write', 'assignUserToGroup'),
    ...call('sp', 'readBack', 'listGroupUsers'),

    ...call('sp', 'readBack', 'listLogEvents'),
  ];
}
