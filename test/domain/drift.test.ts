import { describe, expect, it } from 'vitest';
import type { Assessment, KnownValues } from '../../src/domain/assessment.js';
import { afterMend, DriftOptions, driftOf } from '../../src/domain/drift.js';
import { causeFilter } from '../../src/domain/drift-causes.js';
import { isSecurityField } from '../../src/domain/drift-fields.js';
import type { SeenOrg2OrgApp } from '../../src/domain/org2org-app.js';
import { decideAgreedKey, type SeenSigningKey } from '../../src/domain/signing-key.js';
import { federationInput } from './federation-input.js';

const agreed: KnownValues = {
  org2orgAppId: '0oaorg2org',
  issuer: 'http://www.okta.com/exk1',
  ssoUrl: 'https://acme.okta.com/sso',
  certificateThumbprint: 'agreed',
  identityProviderId: '0oaidp',
  acsUrl: 'https://partner.okta.com/sso/saml2/0oaidp',
  audience: 'https://www.okta.com/saml2/service-provider/sp1',
};
const input = federationInput({}, agreed);
const options = DriftOptions.parse({});

function assessment(parts: Pick<Assessment, 'resource' | 'org'> & Partial<Assessment>): Assessment {
  return {
    id: null,
    observed: null,
    changes: [],
    blockers: [],
    candidates: [],
    explanation: 'Looked at.',
    evidence: [],
    known: {},
    ...parts,
  };
}

const metadata = (thumbprint: string) =>
  assessment({
    resource: 'samlMetadata',
    org: 'acme',
    id: '0oaorg2org',
    known: { issuer: agreed.issuer ?? '', ssoUrl: agreed.ssoUrl ?? '', certificateThumbprint: thumbprint },
  });

describe('what one org relies on of the other', () => {
  it('differs where it is seen, from what the federation knows', () => {
    const provider = assessment({
      resource: 'identityProvider',
      org: 'partner',
      known: { acsUrl: 'https://elsewhere.example.com', audience: agreed.audience ?? '' },
    });
    const found = driftOf([metadata('by-hand'), provider], {}, options, agreed);
    expect(found).toMatchObject([
      { org: 'acme', resource: 'samlMetadata', field: 'x5t#S256', agreed: 'agreed', found: 'by-hand', security: true },
      { org: 'partner', field: '_links.acs.href', agreed: agreed.acsUrl, found: 'https://elsewhere.example.com' },
    ]);
  });

  it('is no difference before the federation knows it', () => {
    expect(driftOf([metadata('first')], {}, options, {})).toEqual([]);
  });

  it('is asked for by the agreed object and by the one in its place', () => {
    const filter = causeFilter(input, assessment({ resource: 'identityProvider', org: 'partner', id: '0oaother' }));
    expect(filter).toContain('target.id eq "0oaidp" or target.id eq "0oaother"');
  });
});

describe('after a mend', () => {
  const found = driftOf([metadata('by-hand')], {}, options, agreed);
  const outcome = (assessments: readonly Assessment[]) =>
    afterMend({ found, resources: ['samlMetadata'], assessments, options, agreed });

  it('is mended what a look shows as agreed', () => {
    expect(outcome([metadata('agreed')])).toMatchObject({ differences: [{ mended: true }], problems: [] });
  });

  it.each([
    ['is still another', [metadata('by-hand')]],
    ['could not be read', []],
  ])('is not mended what %s, and says so', (_, assessments) => {
    const { differences, problems } = outcome(assessments);
    expect(differences).toMatchObject([{ field: 'x5t#S256', mended: false }]);
    expect(problems).toMatchObject([{ code: 'O2O_DRIFT_NOT_MENDED', org: 'acme' }]);
  });

  it('is told what differs since', () => {
    const provider = assessment({ resource: 'identityProvider', org: 'partner', known: { audience: 'another' } });
    expect(outcome([metadata('agreed'), provider]).differences).toMatchObject([
      { resource: 'samlMetadata', mended: true },
      { resource: 'identityProvider', mended: false },
    ]);
  });
});

describe('the key that signs', () => {
  const key = (kid: string, thumbprint: string, daysLeft = 100): SeenSigningKey => ({
    kid,
    certificate: 'MIIC',
    thumbprint,
    createdAt: null,
    daysLeft,
  });
  const app: SeenOrg2OrgApp = {
    id: '0oaorg2org',
    label: 'Org2Org',
    status: 'ACTIVE',
    signOnMode: 'SAML_2_0',
    userNameTemplate: null,
    baseUrl: null,
    acsUrl: null,
    audRestriction: null,
    signingKid: 'by-hand',
    overrides: {},
  };

  it('is that of the agreed certificate again', () => {
    const { changes } = decideAgreedKey(input, app, [key('by-hand', 'other'), key('agreed-kid', 'agreed')]);
    expect(changes).toMatchObject([
      { org: 'acme', fields: [{ field: 'credentials.signing.kid', before: 'by-hand', after: 'agreed-kid' }] },
    ]);
  });

  it.each([
    ['has gone', [key('by-hand', 'other')]],
    ['has expired', [key('by-hand', 'other'), key('agreed-kid', 'agreed', -1)]],
  ])('is not brought back where it %s', (_, keys) => {
    const decided = decideAgreedKey(input, app, keys);
    expect(decided.changes).toEqual([]);
    expect(decided.blockers).toMatchObject([{ code: 'O2O_AGREED_KEY_GONE', org: 'acme' }]);
  });
});

it.each([
  ['org2orgApp', 'status'],
  ['provisioningConnection', 'status'],
  ['serviceClient', 'status'],
] as const)('leavers stay active while %s is off: its %s is of security', (resource, field) => {
  expect(isSecurityField(resource, field)).toBe(true);
});
