import type { DiagnosisInput, IdpFacts, Look, SpFacts } from '../../src/domain/diagnosis-facts.js';
import { problem } from '../../src/domain/errors.js';
import type { AssignmentView, UserView } from '../../src/domain/user-lifecycle.js';

export const now = '2026-03-01T12:00:00.000Z';

export const input: DiagnosisInput = {
  login: 'jane@acme.example',
  federation: {
    id: 'acme-to-partner',
    orgs: {
      idp: { name: 'acme', url: 'https://acme.okta.com' },
      sp: { name: 'partner', url: 'https://partner.okta.com' },
    },
    org2orgAppId: '0oaApp',
    targetAppId: '0oaTarget',
    identityProviderId: '0oaProvider',
    accessGroupId: '00gAccess',
    baseUrl: 'https://partner.okta.com',
    auth: 'oauth2',
    serviceClientId: '0oaClient',
    assignmentGroups: ['Partner users'],
    features: { create: true, update: true, deactivate: true },
    identityProvider: { subjectMatch: 'USERNAME', subjectFilter: null, accountLink: 'AUTO', jit: true },
    users: { assignBy: 'direct', exempt: [], whenPushFails: 'gate', pushWithinMinutes: 15 },
  },
};

/** The same federation, or one that differs. */
export function inputWith(federation: Partial<DiagnosisInput['federation']>): DiagnosisInput {
  return { ...input, federation: { ...input.federation, ...federation } };
}

/** What a read showed. */
export function saw<Seen>(seen: Seen): Look<Seen> {
  return { seen, problem: null, evidence: [] };
}

/** A read that Okta forbade. */
export const forbidden: Look<never> = {
  seen: null,
  problem: problem('O2O_OKTA_PERMISSION_MISSING', {
    org: 'partner',
    operation: 'x',
    detail: 'E0000006',
    scope: 'okta.x',
  }),
  evidence: [],
};

export const idpUser: UserView = {
  id: '00uIdp',
  login: 'jane@acme.example',
  status: 'ACTIVE',
  transitioningToStatus: null,
  provider: 'OKTA',
  lastLogin: null,
  profile: { email: 'jane@acme.example' },
};

export const spUser: UserView = { ...idpUser, id: '00uSp' };

export const assignment: AssignmentView & { since: string | null } = {
  scope: 'USER',
  status: 'PROVISIONED',
  syncState: 'SYNCHRONIZED',
  externalId: '00uSp',
  userName: 'jane@acme.example',
  profile: {},
  since: '2026-03-01T09:00:00.000Z',
};

/** An assignment that Okta has not pushed. */
export const unpushed = { ...assignment, externalId: null, syncState: 'DISABLED' };

export const idp: IdpFacts = {
  readAt: now,
  user: saw(idpUser),
  assignment: saw(assignment),
  app: saw({
    id: '0oaApp',
    label: 'Org2Org',
    status: 'ACTIVE',
    signOnMode: 'SAML_2_0',
    userNameTemplate: '${source.login}',
    baseUrl: 'https://partner.okta.com',
    acsUrl: 'https://partner.okta.com/sso/saml2/0oaProvider',
    audRestriction: 'the-audience',
    signingKid: 'kid',
    overrides: {},
  }),
  metadata: saw({
    issuer: 'http://www.okta.com/exk1',
    ssoUrl: 'https://acme.okta.com/app/okta_org2org/exk1/sso/saml',
    thumbprint: 'print',
    expiresAt: '2036-03-01T12:00:00.000Z',
  }),
  connection: saw({ status: 'ENABLED' }),
  features: saw({ create: 'ENABLED', update: 'ENABLED', deactivate: 'ENABLED' }),
  pushes: saw([]),
  appPushes: saw([]),
  signOns: saw([]),
};

export const provider = {
  id: '0oaProvider',
  name: 'acme',
  status: 'ACTIVE',
  issuer: 'http://www.okta.com/exk1',
  ssoUrl: 'https://acme.okta.com/app/okta_org2org/exk1/sso/saml',
  destination: 'https://acme.okta.com/app/okta_org2org/exk1/sso/saml',
  binding: 'HTTP-POST',
  kid: 'trusted',
  audience: 'the-audience',
  acsUrl: 'https://partner.okta.com/sso/saml2/0oaProvider',
  acsType: 'INSTANCE',
  accountLink: 'AUTO',
  subjectTemplate: 'idpuser.subjectNameId',
  subjectMatch: 'USERNAME',
  subjectFilter: null,
  jit: 'AUTO',
  profileMaster: false,
  deprovisionedAction: 'NONE',
  suspendedAction: 'NONE',
  maxClockSkew: 120_000,
};

export const sp: SpFacts = {
  readAt: now,
  user: saw(spUser),
  loginHolder: saw(null),
  roles: saw([]),
  identityProviderIds: saw(['0oaProvider']),
  groupIds: saw(['00gAccess']),
  identityProvider: saw(provider),
  trustedKeys: saw([{ thumbprint: 'print', expiresAt: '2036-03-01T12:00:00.000Z' }]),
  serviceClient: saw({
    status: 'ACTIVE',
    roles: ['USER_ADMIN', 'GROUP_MEMBERSHIP_ADMIN'],
    scopes: ['okta.users.manage', 'okta.groups.manage'],
  }),
  apiTokens: saw([]),
  targetApp: saw({ status: 'ACTIVE' }),
  accessGroupAssigned: saw(true),
  targetAssignment: saw({ status: 'ACTIVE', syncState: null }),
  signIns: saw([]),
};
