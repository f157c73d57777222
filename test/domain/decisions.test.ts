import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideAccessGroup } from '../../src/domain/access-group.js';
import { decideAccessMembers } from '../../src/domain/access-members.js';
import type { Decision, KnownValues, ResourceInput } from '../../src/domain/assessment.js';
import { decideAssignments } from '../../src/domain/assignments.js';
import { agrees, coveredBy } from '../../src/domain/changes.js';
import {
  decideIdentityProvider,
  fixedFields,
  identityProviderFields,
  type SeenIdentityProvider,
} from '../../src/domain/identity-provider.js';
import { decideOrg2OrgApp, type SeenOrg2OrgApp } from '../../src/domain/org2org-app.js';
import { decideProvisioningConnection } from '../../src/domain/provisioning-connection.js';
import { decideProvisioningFeatures } from '../../src/domain/provisioning-features.js';
import { decideSamlMetadata } from '../../src/domain/saml-metadata.js';
import { decideSamlTrust } from '../../src/domain/saml-trust.js';
import {
  connectionJwksUri,
  decideServiceClient,
  type SeenServiceClient,
  serviceClientRoles,
  serviceClientScopes,
  serviceClientSignIn,
} from '../../src/domain/service-client.js';
import { decideTargetApp, oktaUsername, type SeenTargetApp } from '../../src/domain/target-app.js';
import { decideTrustedCertificate } from '../../src/domain/trusted-certificate.js';
import { federationInput } from './federation-input.js';

const known: KnownValues = {
  targetAppId: '0oatarget',
  org2orgAppId: '0oaorg2org',
  issuer: 'http://www.okta.com/exk1',
  ssoUrl: 'https://acme.okta.com/app/okta_org2org/exk1/sso/saml',
  certificate: 'MIIC',
  certificateThumbprint: 'thumb',
  trustedKeyId: 'kid-1',
  identityProviderId: '0oaidp',
  acsUrl: 'https://partner.okta.com/sso/saml2/0oaidp',
  audience: 'https://www.okta.com/saml2/service-provider/sp1',
  serviceClientId: '0oaclient',
  accessGroupId: '00ggroup',
};
const input = federationInput({}, known);

const targetApp: SeenTargetApp = {
  id: '0oatarget',
  name: 'dropbox_for_business',
  label: 'Dropbox Business',
  status: 'ACTIVE',
  signOnMode: 'SAML_2_0',
  features: [],
  userNameTemplate: oktaUsername,
  settings: {},
};
const org2orgApp: SeenOrg2OrgApp = {
  id: '0oaorg2org',
  label: 'Org2Org to partner',
  status: 'ACTIVE',
  signOnMode: 'SAML_2_0',
  userNameTemplate: oktaUsername,
  baseUrl: 'https://partner.okta.com',
  acsUrl: known.acsUrl ?? null,
  audRestriction: known.audience ?? null,
  signingKid: 'k',
  overrides: {},
};
const identityProvider: SeenIdentityProvider = {
  id: '0oaidp',
  name: 'acme (Org2Org)',
  status: 'ACTIVE',
  issuer: known.issuer ?? null,
  ssoUrl: known.ssoUrl ?? null,
  destination: known.ssoUrl ?? null,
  binding: 'HTTP-POST',
  kid: 'kid-1',
  audience: known.audience ?? null,
  acsUrl: known.acsUrl ?? null,
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
const enabled = { create: 'ENABLED', update: 'ENABLED', deactivate: 'ENABLED' };

const asAgreed: Record<string, () => Decision> = {
  targetApp: () => decideTargetApp(input, { known: targetApp, similar: [], signOn: null }),
  org2orgApp: () => decideOrg2OrgApp(input, { known: org2orgApp, instances: [] }),
  trustedCertificate: () => decideTrustedCertificate(input, { kid: 'kid-1', thumbprint: 'thumb', expiresAt: null }),
  identityProvider: () => decideIdentityProvider(input, { known: identityProvider, all: [] }),
  samlTrust: () => decideSamlTrust(input, org2orgApp),
  serviceClient: () =>
    decideServiceClient(input, {
      clients: [
        {
          id: '0oaclient',
          label: 'c',
          status: 'ACTIVE',
          jwksUri: connectionJwksUri(input) ?? null,
          roles: [...serviceClientRoles],
          scopes: [...serviceClientScopes],
        },
      ],
    }),
  provisioningConnection: () =>
    decideProvisioningConnection(input, {
      connection: { status: 'ENABLED', authScheme: 'OAUTH2', clientId: '0oaclient' },
      tokenFingerprint: null,
    }),
  provisioningFeatures: () => decideProvisioningFeatures(input, enabled),
  assignments: () =>
    decideAssignments(input, { groups: [{ name: 'g', id: '00g', sameName: 0, assigned: true }], users: [] }),
  accessGroup: () =>
    decideAccessGroup(input, {
      groups: [{ id: '00ggroup', name: 'Federated from acme', type: 'OKTA_GROUP' }],
      assigned: true,
    }),
  accessMembers: () => decideAccessMembers(input, [], 3),
};

const absent: Record<string, (from: ResourceInput) => Decision> = {
  targetApp: (from) => decideTargetApp(from, { known: null, similar: [], signOn: null }),
  org2orgApp: (from) => decideOrg2OrgApp(from, { known: null, instances: [] }),
  trustedCertificate: (from) => decideTrustedCertificate(from, null),
  identityProvider: (from) => decideIdentityProvider(from, { known: null, all: [] }),
  samlTrust: (from) => decideSamlTrust(from, null),
  serviceClient: (from) => decideServiceClient(from, { clients: [] }),
  provisioningConnection: (from) => decideProvisioningConnection(from, { connection: null, tokenFingerprint: null }),
  provisioningFeatures: (from) => decideProvisioningFeatures(from, null),
  accessGroup: (from) => decideAccessGroup(from, { groups: [], assigned: false }),
};

describe('a resource that is as agreed', () => {
  it.each(Object.entries(asAgreed))('%s needs no change', (_, decide) => {
    expect(agrees(decide())).toBe(true);
  });
});

describe('a resource that is absent', () => {
  it.each(Object.entries(absent))('%s lists what would be written, on empty orgs too', (_, decide) => {
    expect(decide(federationInput()).changes.length).toBeGreaterThan(0);
    expect(decide(input).changes.length).toBeGreaterThan(0);
  });
});

describe('the target app', () => {
  it('is asked for when several fit', () => {
    const similar = [targetApp, { ...targetApp, id: '0oaother' }];
    const decision = decideTargetApp(input, { known: null, similar, signOn: null });
    expect(decision.candidates.map((candidate) => candidate.id)).toEqual(['0oatarget', '0oaother']);
    expect(decision.changes).toEqual([]);
  });

  it('is asked for when one of the same kind has another label', () => {
    const decision = decideTargetApp(input, {
      known: null,
      similar: [{ ...targetApp, id: '0oaother', label: 'Dropbox' }],
      signOn: null,
    });
    expect(decision.candidates).toHaveLength(1);
  });

  it('gets its label back where somebody gave another one to the app that was made', () => {
    const named = { ...targetApp, name: 'dropbox_for_business', label: 'Files' };
    const decision = decideTargetApp(input, { known: null, similar: [named], signOn: null });
    expect(decision.changes.flatMap(({ fields }) => fields)).toEqual([
      { field: 'label', before: 'Files', after: 'Dropbox Business' },
    ]);
  });

  it('is made beside the others when a person said so, even if the answer to that was lost', () => {
    const beside = { ...input, chosen: { targetApp: { createBeside: ['0oatarget'] } } };
    expect(decideTargetApp(beside, { known: null, similar: [targetApp], signOn: null }).changes).toEqual([
      expect.objectContaining({ write: 'create' }),
    ]);
    const made = { ...targetApp, id: '0oanew' };
    expect(decideTargetApp(beside, { known: null, similar: [targetApp, made], signOn: null }).id).toBe('0oanew');
  });

  it('is the one that the specification names by id, or none', () => {
    const named = federationInput({ targetApp: { id: '0oanamedabcd' } });
    const decision = decideTargetApp(named, { known: null, similar: [targetApp], signOn: null });
    expect(decision.blockers).toMatchObject([
      { code: 'O2O_TARGET_APP_MISSING', message: expect.stringContaining('0oanamedabcd') },
    ]);
    expect(decision.changes).toEqual([]);
  });

  it('is never made when it shall be adopted', () => {
    const decision = decideTargetApp(federationInput({ targetApp: { mode: 'adopt' } }), {
      known: null,
      similar: [],
      signOn: null,
    });
    expect(decision.blockers.map((blocker) => blocker.code)).toEqual(['O2O_TARGET_APP_MISSING']);
    expect(decision.changes).toEqual([]);
  });
});

describe('groups that have the target app', () => {
  const staff = { id: '00gStaff', name: 'Staff' };
  const later = { id: '00gLater', name: 'Contractors' };
  const access = { id: '00ggroup', name: 'Federated from acme' };
  const seen = (...groups: { id: string; name: string }[]) => ({ known: targetApp, similar: [], signOn: null, groups });

  it('are agreed as they are when the federation comes upon the app', () => {
    const { known: learned, surplus, changes } = decideTargetApp(input, seen(staff, access));
    expect([learned.targetAppGroups, surplus, changes]).toEqual([['00gStaff', '00ggroup'], undefined, []]);
  });

  it('are told where they came later, and stay told whatever a look finds', () => {
    const knowing = federationInput({}, { ...known, targetAppGroups: ['00gStaff'] });
    const { known: learned, surplus, changes } = decideTargetApp(knowing, seen(staff, later, access));
    expect(surplus).toEqual([{ field: 'groups.00gLater', before: 'Contractors', after: null }]);
    expect([learned.targetAppGroups, changes]).toEqual([['00gStaff'], []]);
  });

  it('are learned anew for another app', () => {
    const knowing = federationInput({}, { ...known, targetAppId: '0oaother', targetAppGroups: ['00gStaff'] });
    expect(decideTargetApp(knowing, seen(later)).known.targetAppGroups).toEqual(['00gLater']);
  });

  it('are not watched where there are too many to remember', () => {
    const many = Array.from({ length: 201 }, (_, nth) => ({ id: `00g${nth}`, name: `g${nth}` }));
    const { known: learned, surplus } = decideTargetApp(input, seen(...many));
    expect([learned.targetAppGroups, surplus]).toEqual([undefined, undefined]);
  });
});

describe('the Org2Org app', () => {
  it.each([
    'https://partner.okta.com',
    'https://partner.okta.com/',
    'https://partner-admin.okta.com',
    'HTTPS://Partner.okta.com',
  ])('made by hand with Base URL %s is adopted', (baseUrl) => {
    const decision = decideOrg2OrgApp(input, { known: null, instances: [{ ...org2orgApp, baseUrl }] });
    expect(decision.id).toBe(org2orgApp.id);
    expect(decision.changes.every((change) => change.write === 'update')).toBe(true);
  });

  it('that leads elsewhere or signs on by OpenID Connect is left alone', () => {
    const instances = [
      { ...org2orgApp, baseUrl: 'https://third.okta.com' },
      { ...org2orgApp, signOnMode: 'OPENID_CONNECT' },
    ];
    const decision = decideOrg2OrgApp(input, { known: null, instances });
    expect(decision.changes).toEqual([expect.objectContaining({ write: 'create' })]);
  });

  it('is asked for when two lead to the SP org', () => {
    const decision = decideOrg2OrgApp(input, { known: null, instances: [org2orgApp, { ...org2orgApp, id: '0oatwo' }] });
    expect(decision.candidates).toHaveLength(2);
  });

  it('loses overrides that would send assertions elsewhere', () => {
    const decision = decideOrg2OrgApp(input, {
      known: { ...org2orgApp, overrides: { ssoAcsUrlOverride: 'https://evil.example' } },
      instances: [],
    });
    expect(decision.changes.flatMap((change) => change.fields)).toEqual([
      { field: 'settings.signOn.ssoAcsUrlOverride', before: 'https://evil.example', after: null },
    ]);
  });
});

describe('the certificate', () => {
  it('is refused when it expires too soon', () => {
    const seen = {
      issuer: 'i',
      ssoUrl: 's',
      certificate: 'c',
      thumbprint: 't',
      expiresAt: '2026-12-01T00:00:00.000Z',
      daysLeft: 29,
    };
    expect(decideSamlMetadata(input, seen).blockers.map((blocker) => blocker.code)).toEqual([
      'O2O_CERTIFICATE_EXPIRES',
    ]);
    expect(decideSamlMetadata(input, { ...seen, daysLeft: 30 }).blockers).toEqual([]);
  });
});

describe('the identity provider', () => {
  const fields = identityProviderFields(input, identityProvider).map(([field]) => field);

  it('is adopted by its issuer', () => {
    expect(decideIdentityProvider(input, { known: null, all: [identityProvider] }).id).toBe('0oaidp');
  });

  it('of the same name with another issuer is asked for', () => {
    const decision = decideIdentityProvider(input, {
      known: null,
      all: [{ ...identityProvider, issuer: 'http://www.okta.com/other' }],
    });
    expect(decision.candidates).toHaveLength(1);
  });

  const differing: [string, Partial<SeenIdentityProvider>][] = [
    ['protocol.credentials.trust.issuer', { issuer: 'x' }],
    ['protocol.credentials.trust.kid', { kid: 'x' }],
    ['protocol.endpoints.sso.url', { ssoUrl: 'x' }],
    ['protocol.endpoints.sso.destination', { destination: 'x' }],
    ['protocol.endpoints.sso.binding', { binding: 'HTTP-REDIRECT' }],
    ['protocol.endpoints.acs.type', { acsType: 'ORG' }],
    ['policy.subject.userNameTemplate.template', { subjectTemplate: 'idpuser.email' }],
    ['policy.subject.matchType', { subjectMatch: 'EMAIL' }],
    ['policy.subject.filter', { subjectFilter: '.*' }],
    ['policy.accountLink.action', { accountLink: 'DISABLED' }],
    ['policy.provisioning.action', { jit: 'DISABLED' }],
    ['policy.provisioning.profileMaster', { profileMaster: true }],
    ['policy.provisioning.conditions.deprovisioned.action', { deprovisionedAction: 'REACTIVATE' }],
    ['policy.provisioning.conditions.suspended.action', { suspendedAction: 'UNSUSPEND' }],
    ['policy.maxClockSkew', { maxClockSkew: 1 }],
    ['name', { name: 'another name' }],
    ...Object.keys(fixedFields).map((field): [string, Partial<SeenIdentityProvider>] => [
      field,
      { fixed: { [field]: 'by hand' } },
    ]),
  ];

  it('trusts no certificate besides the agreed one', () => {
    const seen = { ...identityProvider, additionalKids: ['kid-2'] };
    expect(decideIdentityProvider(input, { known: seen, all: [] }).changes.flatMap(({ fields }) => fields)).toEqual([
      { field: 'protocol.credentials.trust.additionalKids', before: ['kid-2'], after: [] },
    ]);
  });

  it('has a test for every field that is decided', () => {
    expect(differing.map(([field]) => field).sort()).toEqual([...fields].sort());
  });

  it.each(differing)('changes %s alone when only that differs', (field, seen) => {
    const decision = decideIdentityProvider(input, { known: { ...identityProvider, ...seen }, all: [] });
    expect(decision.changes.flatMap((change) => change.fields.map((each) => each.field))).toEqual([field]);
  });
});

describe('the service client', () => {
  const client: SeenServiceClient = {
    id: '0oaclient',
    label: 'c',
    status: 'ACTIVE',
    jwksUri: connectionJwksUri(input) ?? null,
    roles: [...serviceClientRoles],
    scopes: [...serviceClientScopes],
  };

  it.each<[string, Partial<SeenServiceClient>, string[]]>([
    ['more roles than it needs', { roles: [...serviceClientRoles, 'SUPER_ADMIN'] }, ['removeRole']],
    ['more scopes than it needs', { scopes: [...serviceClientScopes, 'okta.apps.manage'] }, ['revokeScope']],
    ['a key of its own', { ownKeys: ['k'] }, ['update']],
    ['keys from elsewhere', { jwksUri: 'https://elsewhere.example/jwks' }, ['update']],
    ...Object.keys(serviceClientSignIn).map((field): [string, Partial<SeenServiceClient>, string[]] => [
      `another ${field}`,
      { signIn: { [field]: 'by hand' } },
      ['update'],
    ]),
    ['a custom role', { roles: [...serviceClientRoles, 'CUSTOM'] }, []],
    ['Super Admin in place of its roles', { roles: ['SUPER_ADMIN'] }, ['assignRole', 'assignRole', 'removeRole']],
  ])('that has %s is brought to what was agreed', (_, seen, writes) => {
    const { changes } = decideServiceClient(input, { clients: [{ ...client, ...seen }] });
    expect(changes.map(({ write }) => write)).toEqual(writes);
  });
});

describe('the connection', () => {
  const token = federationInput(
    { provisioning: { auth: 'token', token: 'env:T' } },
    { ...known, tokenFingerprint: 'aaa' },
  );

  it('is made anew when the token was replaced', () => {
    const connection = { status: 'ENABLED', authScheme: 'TOKEN', clientId: null };
    expect(decideProvisioningConnection(token, { connection, tokenFingerprint: 'aaa' }).changes).toEqual([]);
    expect(decideProvisioningConnection(token, { connection, tokenFingerprint: 'bbb' }).changes).toEqual([
      expect.objectContaining({ write: 'connect' }),
    ]);
  });

  it('is only activated when its credentials are right', () => {
    const connection = { status: 'DISABLED', authScheme: 'OAUTH2', clientId: '0oaclient' };
    expect(decideProvisioningConnection(input, { connection, tokenFingerprint: null }).changes).toEqual([
      expect.objectContaining({ write: 'activate' }),
    ]);
  });
});

describe('a connection that the API does not manage', () => {
  it('blocks, because Okta would accept every write and do nothing', () => {
    const connection = { status: 'UNKNOWN', authScheme: 'UNKNOWN', clientId: null };
    const decision = decideProvisioningConnection(input, { connection, tokenFingerprint: null });
    expect(decision.blockers.map((blocker) => blocker.code)).toEqual(['O2O_CONNECTION_INACTIVE']);
    expect(decision.changes).toEqual([]);
  });
});

describe('assignments', () => {
  it('stop at a group name that several groups have', () => {
    const decision = decideAssignments(input, {
      groups: [{ name: 'Sales', id: null, sameName: 2, assigned: false }],
      users: [],
    });
    expect(decision.blockers).toMatchObject([{ code: 'O2O_GROUP_AMBIGUOUS', org: 'acme' }]);
    expect(decision.changes).toEqual([]);
  });

  it('stop at a group or user that does not exist, without naming the user', () => {
    const decision = decideAssignments(input, {
      groups: [{ name: 'g', id: null, sameName: 0, assigned: false }],
      users: [{ position: 0, id: null, assigned: false }],
    });
    expect(decision.blockers.map((blocker) => blocker.code)).toEqual(['O2O_GROUP_MISSING', 'O2O_USER_MISSING']);
  });
});

describe('groups that have the Org2Org app beyond the specification', () => {
  const more = (count: number) => Array.from({ length: count }, (_, nth) => ({ id: `00g${nth}`, name: `g${nth}` }));
  const surplus = (count: number) =>
    decideAssignments(input, {
      groups: [{ name: 'g0', id: '00g0', sameName: 1, assigned: true }],
      users: [],
      all: more(count),
    });

  it('are told and never written', () => {
    const decision = surplus(2);
    expect(decision.surplus).toEqual([{ field: 'groups.00g1', before: 'g1', after: null }]);
    expect([decision.changes, decision.blockers, agrees(decision)]).toEqual([[], [], true]);
  });

  it('are told one by one up to a hundred, then by their number', () => {
    expect(surplus(151).surplus).toHaveLength(101);
    expect(surplus(151).surplus?.at(-1)).toEqual({ field: 'groups.others', before: '50 more', after: null });
  });
});

describe('an apply', () => {
  const decisions = Object.values(absent).map((decide) => decide(input));
  const someDecision = fc.constantFrom(...decisions);

  it('goes on when a fresh look shows any part of the agreed changes', () => {
    fc.assert(
      fc.property(someDecision, fc.infiniteStream(fc.boolean()), (agreed, keep) => {
        const fresh = { ...agreed, changes: agreed.changes.filter(() => keep.next().value) };
        expect(coveredBy(fresh, agreed)).toBe(true);
      }),
    );
  });

  it('goes on with the members who are left, however many an earlier attempt has added', () => {
    const members = Array.from({ length: 30 }, (_, index) => `00u${index}`);
    const agreed = decideAccessMembers(input, members, members.length);
    expect(coveredBy(decideAccessMembers(input, members.slice(5), members.length), agreed)).toBe(true);
  });

  it('does not go on when a fresh look shows a change that nobody agreed to', () => {
    fc.assert(
      fc.property(someDecision, someDecision, (agreed, other) => {
        fc.pre(agreed !== other);
        expect(coveredBy(other, agreed)).toBe(false);
      }),
    );
  });
});
