import fc from 'fast-check';
import {
  type AssignmentView,
  transitionKinds,
  type UserFederation,
  type UserInput,
  type UserView,
} from '../../src/domain/user-lifecycle.js';

/** The federation's own identity provider. */
export const ownProvider = '0oaOwnProvider000000';

export const federation: UserFederation = {
  id: 'acme-to-partner',
  orgs: {
    idp: { name: 'acme', url: 'https://acme.okta.com' },
    sp: { name: 'partner', url: 'https://partner.okta.com' },
  },
  org2orgAppId: '0oaOrg2Org0000000000',
  targetAppId: '0oaTargetApp00000000',
  identityProviderId: ownProvider,
  accessGroupId: '00gAccessGroup000000',
  baseUrl: 'https://partner.okta.com',
  auth: 'oauth2',
  serviceClientId: '0oaServiceClient0000',
  assignmentGroups: ['Partner users', 'More users'],
  features: { create: true, update: true, deactivate: true },
  identityProvider: { subjectMatch: 'USERNAME', subjectFilter: null, accountLink: 'AUTO', jit: true },
  users: { assignBy: 'direct', exempt: [], whenPushFails: 'gate', pushWithinMinutes: 15 },
};

export const login = 'ada@acme.example';

export function userInput(given: Partial<UserInput> = {}): UserInput {
  return { federation, kind: 'onboard', login, profile: null, assignBy: 'direct', ...given };
}

export function user(given: Partial<UserView> = {}): UserView {
  return {
    id: '00uSomebody000000000',
    login,
    status: 'ACTIVE',
    transitioningToStatus: null,
    provider: 'OKTA',
    lastLogin: null,
    profile: { firstName: 'Ada', lastName: 'Person', email: login },
    ...given,
  };
}

export function assignment(given: Partial<AssignmentView> = {}): AssignmentView {
  return {
    scope: 'USER',
    status: 'PROVISIONED',
    syncState: 'SYNCHRONIZED',
    externalId: '00uSomebody000000000',
    userName: login,
    profile: { firstName: 'Ada', lastName: 'Person', email: login },
    ...given,
  };
}

export const anyKind = fc.constantFrom(...transitionKinds);
export const anyStatus = fc.constantFrom(
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
  'DEPROVISIONED',
);
export const anyRoles = fc.subarray(['SUPER_ADMIN', 'ORG_ADMIN', 'USER_ADMIN', 'READ_ONLY_ADMIN']);
export const anyProviders = fc.subarray([ownProvider, '0oaOtherProvider0000', '0oaThirdProvider0000']);
export const anyAuthority = fc.constantFrom(null, 'OKTA', 'FEDERATION', 'ACTIVE_DIRECTORY', 'LDAP', 'IMPORT');
