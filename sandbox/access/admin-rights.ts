/** What an operation needs: the resource family of its scope, and whether it reads or writes. */
export interface NeededRight {
  /** The middle of the scope: `users` of `okta.users.manage`. */
  readonly family: string;
  readonly manage: boolean;
}

/** Families that a role may write or only read; `*` is every family. */
interface RoleRights {
  readonly manage: readonly string[];
  readonly read: readonly string[];
  /** Operations that the role may carry out although its families do not say so. */
  readonly operations?: readonly string[];
}

const membershipOperations = ['assignUserToGroup', 'unassignUserFromGroup'];
const passwordOperations = ['resetPassword', 'expirePassword', 'unlockUser', 'resetFactors', 'revokeUserSessions'];
const orgFamilies = [
  'users',
  'groups',
  'policies',
  'idps',
  'profileMappings',
  'schemas',
  'userTypes',
  'eventHooks',
  'orgs',
  'features',
  'sessions',
  'domains',
  'templates',
  'trustedOrigins',
];

/** Okta's standard admin roles, as far as the sandbox serves what they decide about. */
const roleRights: Readonly<Record<string, RoleRights>> = {
  SUPER_ADMIN: { manage: ['*'], read: ['*'] },
  ORG_ADMIN: { manage: orgFamilies, read: ['*'] },
  APP_ADMIN: {
    manage: ['apps', 'clients'],
    read: ['apps', 'clients', 'users', 'groups', 'appGrants', 'profileMappings', 'policies', 'logs', 'schemas', 'idps'],
    operations: ['updateProfileMapping'],
  },
  USER_ADMIN: {
    manage: ['users'],
    read: ['users', 'groups', 'schemas', 'userTypes'],
    operations: membershipOperations,
  },
  GROUP_MEMBERSHIP_ADMIN: { manage: [], read: ['users', 'groups'], operations: membershipOperations },
  HELP_DESK_ADMIN: { manage: [], read: ['users', 'groups'], operations: passwordOperations },
  API_ACCESS_MANAGEMENT_ADMIN: {
    manage: ['clients', 'authorizationServers'],
    read: ['clients', 'apps', 'users', 'groups'],
  },
  REPORT_ADMIN: { manage: [], read: ['logs', 'apps', 'users', 'groups'] },
  READ_ONLY_ADMIN: { manage: [], read: ['*'] },
};

/** The right that a scope stands for; `okta.clients.register` counts as managing clients. */
export function neededRight(scope: string): NeededRight {
  const [, family = scope, kind = 'read'] = scope.split('.');
  return { family, manage: kind !== 'read' };
}

/** Whether any of the admin roles may carry out an operation that needs this right. */
export function rolesAllow(roles: readonly string[], right: NeededRight, operation: string): boolean {
  return roles.some((role) => {
    const rights = roleRights[role];
    if (rights === undefined) return false;
    if (rights.operations?.includes(operation)) return true;
    const families = right.manage ? rights.manage : rights.read;
    return families.includes('*') || families.includes(right.family);
  });
}

/** Whether scopes that were granted cover the scope of an operation: `manage` includes `read`. */
export function scopesCover(granted: readonly string[], needed: string): boolean {
  return (
    granted.includes(needed) || (needed.endsWith('.read') && granted.includes(needed.replace(/\.read$/, '.manage')))
  );
}
