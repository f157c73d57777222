/** A writing call of a setup: the nth writing call to its org. */
export interface SetupWrite {
  readonly org: 'idp' | 'sp';
  readonly nth: number;
  readonly operation: string;
}

const inOrder = (org: SetupWrite['org'], operations: readonly string[]): SetupWrite[] =>
  operations.map((operation, index) => ({ org, nth: index + 1, operation }));

/** Every writing call of a fresh setup with OAuth 2.0, one group and two users. */
export const oauth2Writes: readonly SetupWrite[] = [
  ...inOrder('idp', [
    'createApplication',
    'replaceApplication',
    'updateDefaultProvisioningConnectionForApplication',
    'updateFeatureForApplication',
    'assignGroupToApplication',
  ]),
  ...inOrder('sp', [
    'createApplication',
    'createIdentityProviderKey',
    'createIdentityProvider',
    'createClient',
    'assignRoleToClient',
    'assignRoleToClient',
    'grantConsentToScope',
    'grantConsentToScope',
    'addGroup',
    'assignGroupToApplication',
    'assignUserToGroup',
    'assignUserToGroup',
  ]),
];

/** The same with an API token: no service client. */
export const tokenWrites: readonly SetupWrite[] = [
  ...inOrder('idp', [
    'createApplication',
    'replaceApplication',
    'updateDefaultProvisioningConnectionForApplication',
    'updateFeatureForApplication',
    'assignGroupToApplication',
  ]),
  ...inOrder('sp', [
    'createApplication',
    'createIdentityProviderKey',
    'createIdentityProvider',
    'addGroup',
    'assignGroupToApplication',
    'assignUserToGroup',
    'assignUserToGroup',
  ]),
];
