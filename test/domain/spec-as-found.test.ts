import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { knownOf } from '../../src/domain/found-federation.js';
import { specAsFound, wouldWrite } from '../../src/domain/spec-as-found.js';
import { federationInput, registry } from './federation-input.js';
import { foundAs } from './found-federation-input.js';

const addresses = [registry.partner.url, ...registry.partner.alsoAt];

const label = fc.stringMatching(/^[A-Za-z0-9ÄÖé]([A-Za-z0-9 ()äöé-]{0,30}[A-Za-z0-9])?$/);
const logins = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}@acme\.example$/), { maxLength: 3 });

/** Everything of a specification that an org shows. */
const documents = fc.record({
  targetApp: fc.record({
    name: fc.constantFrom('dropbox_for_business', 'slack'),
    label,
    settings: fc.dictionary(
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null)),
      {
        maxKeys: 3,
      },
    ),
  }),
  org2orgApp: fc.record({ label, baseUrl: fc.constantFrom(...addresses) }),
  identityProvider: fc.record({
    name: label,
    subjectMatch: fc.constantFrom('USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL'),
    subjectFilter: fc.option(fc.string({ maxLength: 50 })),
    accountLink: fc.constantFrom('AUTO', 'DISABLED'),
    jit: fc.boolean(),
    maxClockSkew: fc.integer({ min: 0, max: 3_600_000 }),
  }),
  provisioning: fc
    .oneof(
      fc.record({ auth: fc.constant('oauth2') }),
      fc.record({ auth: fc.constant('token'), token: fc.constant('env:TOKEN') }),
    )
    .chain((auth) =>
      fc
        .record({ create: fc.boolean(), update: fc.boolean(), deactivate: fc.boolean() })
        .map((features) => ({ ...auth, features })),
    ),
  assignments: fc.record({ groups: fc.uniqueArray(label, { maxLength: 4 }), users: logins }),
  access: fc.record({ group: label }),
});

describe('the specification as found', () => {
  it('is the one that was set up, whatever another one had agreed; to set it up again writes nothing', () => {
    fc.assert(
      fc.property(documents, documents, (setUp, agreed) => {
        const { spec } = federationInput(setUp);
        const earlier = federationInput(agreed).spec;
        const found = foundAs(spec);
        const token = spec.provisioning.auth === 'token' ? { token: 'env:TOKEN' } : {};
        const asFound = specAsFound(
          {
            ...earlier,
            targetApp: { ...earlier.targetApp, settings: spec.targetApp.settings },
            assignments: { ...earlier.assignments, users: spec.assignments.users },
            provisioning: { ...earlier.provisioning, ...token },
          },
          found,
          addresses,
        );
        expect(asFound).toEqual(spec);
        expect(FederationSpecDocument.parse(asFound)).toEqual(spec);
        const again = wouldWrite({ ...federationInput(setUp, knownOf(found)), spec: asFound }, found);
        expect(again).toEqual({ changes: [], blockers: [], differs: [] });
      }),
    );
  });

  it('is a specification whatever an org holds, and says what it cannot say', () => {
    const { spec } = federationInput({ users: { assignBy: 'group' }, assignments: { groups: ['A'] } });
    const found = foundAs(spec);
    const odd = {
      ...found,
      app: { ...found.app, groups: [], app: { ...found.app.app, label: ' x ', baseUrl: 'https://elsewhere.example' } },
      provider: {
        ...found.provider,
        subjectMatch: 'CUSTOM_ATTRIBUTE',
        jit: 'CALLOUT',
        maxClockSkew: -1,
        status: 'INACTIVE',
      },
    };
    const asFound = specAsFound(spec, odd, addresses);
    expect(FederationSpecDocument.parse(asFound)).toEqual(asFound);
    expect(asFound.users.assignBy).toBe('direct');
    const { differs } = wouldWrite({ ...federationInput({}, knownOf(odd)), spec: asFound }, odd);
    expect(differs).toEqual(expect.arrayContaining(['org2orgApp', 'identityProvider']));
  });

  it('names a token by where it is to be put, where nobody has said where it is', () => {
    const found = foundAs(federationInput({ provisioning: { auth: 'token', token: 'env:X' } }).spec);
    expect(specAsFound(federationInput().spec, found, addresses).provisioning).toMatchObject({
      auth: 'token',
      token: 'env:ORG2ORG_SP_TOKEN',
    });
  });

  it('takes a connection that nobody has made as nothing found', () => {
    const found = foundAs(federationInput().spec);
    const connection = { status: 'DISABLED', authScheme: 'TOKEN', clientId: null };
    const unconnected = { ...found, app: { ...found.app, connection, features: null } };
    expect(specAsFound(federationInput().spec, unconnected, addresses).provisioning).toEqual(
      federationInput().spec.provisioning,
    );
  });
});
