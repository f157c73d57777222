import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideIdpUser, decideProfile, type SeenIdpUser } from '../../src/domain/idp-user.js';
import type { TransitionKind } from '../../src/domain/user-lifecycle.js';
import { anyKind, anyStatus, assignment, federation, user, userInput } from './user-input.js';

const seen = (given: Partial<SeenIdpUser> = {}): SeenIdpUser => ({
  user: user(),
  assignment: null,
  connectionStatus: 'ENABLED',
  ...given,
});
const without = (feature: 'create' | 'update' | 'deactivate') => ({
  ...federation,
  features: { ...federation.features, [feature]: false },
});
const profile = { firstName: 'Ada', lastName: 'Person', email: 'ada@acme.example' };

describe('a transition that Okta must push', () => {
  it.each(['onboard', 'update', 'reactivate'] as const)('%s stops while the connection is off', (kind) => {
    const { blocker } = decideIdpUser(userInput({ kind }), seen({ connectionStatus: 'DISABLED' }));
    expect(blocker).toMatchObject({ code: 'O2O_CONNECTION_OFF', message: expect.stringContaining('DISABLED') });
  });

  it.each(['offboard', 'suspend', 'resume'] as const)('%s does not need the connection', (kind) => {
    expect(decideIdpUser(userInput({ kind }), seen({ connectionStatus: 'DISABLED' })).blocker).toBeNull();
  });

  it.each(['onboard', 'reactivate'] as const)('%s stops where creation is off and nobody was pushed before', (kind) => {
    const input = userInput({ kind, federation: without('create') });
    expect(decideIdpUser(input, seen()).blocker?.code).toBe('O2O_FEATURE_OFF');
    expect(decideIdpUser(input, seen({ assignment: assignment({ externalId: null }) })).blocker?.code).toBe(
      'O2O_FEATURE_OFF',
    );
    expect(decideIdpUser(input, seen({ assignment: assignment() })).blocker).toBeNull();
  });

  it('update stops where updates are off', () => {
    const input = userInput({ kind: 'update', federation: without('update') });
    expect(decideIdpUser(input, seen({ assignment: assignment() })).blocker).toMatchObject({
      code: 'O2O_FEATURE_OFF',
      message: expect.stringContaining('update'),
    });
  });
});

describe('the status of the user in the IdP org', () => {
  const arriving: readonly TransitionKind[] = ['onboard', 'update', 'resume', 'reactivate'];

  it.each(arriving.flatMap((kind) => ['STAGED', 'SUSPENDED', 'DEPROVISIONED'].map((status) => ({ kind, status }))))(
    '$kind stops at $status and names it',
    ({ kind, status }) => {
      const { blocker } = decideIdpUser(
        userInput({ kind }),
        seen({ user: user({ status }), assignment: assignment() }),
      );
      expect(blocker).toMatchObject({ code: 'O2O_IDP_USER_NOT_ACTIVE', message: expect.stringContaining(status) });
    },
  );

  it('never keeps a user from losing access', () => {
    fc.assert(
      fc.property(fc.constantFrom<TransitionKind>('offboard', 'suspend'), fc.option(anyStatus), (kind, status) => {
        const found = status === null ? null : user({ status });
        expect(decideIdpUser(userInput({ kind }), seen({ user: found })).blocker).toBeNull();
      }),
    );
  });
});

describe('a login that the IdP org does not know', () => {
  it('is created by an onboarding that brings a profile, with every attribute named', () => {
    const { blocker, changes } = decideIdpUser(userInput({ profile }), seen({ user: null }));
    expect(blocker).toBeNull();
    expect(changes).toMatchObject([{ org: 'acme', resource: 'idpUser', write: 'create' }]);
    expect(changes[0]?.fields).toEqual([
      { field: 'profile.firstName', before: null, after: 'Ada' },
      { field: 'profile.lastName', before: null, after: 'Person' },
      { field: 'profile.email', before: null, after: 'ada@acme.example' },
    ]);
  });

  it.each([
    [{ firstName: 'Ada' }, 'lastName, email'],
    [{ ...profile, email: null }, 'email'],
    [{ ...profile, lastName: 7 }, 'lastName'],
  ])('is not created from an incomplete profile (%j)', (incomplete, missing) => {
    const { blocker, changes } = decideIdpUser(userInput({ profile: incomplete }), seen({ user: null }));
    expect(blocker).toMatchObject({ code: 'O2O_PROFILE_INCOMPLETE', message: expect.stringContaining(missing) });
    expect(changes).toEqual([]);
  });

  it('is created by no other transition and never without a profile', () => {
    fc.assert(
      fc.property(anyKind, fc.boolean(), (kind, withProfile) => {
        const input = userInput({ kind, profile: withProfile ? profile : null });
        const { changes } = decideIdpUser(input, seen({ user: null }));
        expect(changes.length).toBe(kind === 'onboard' && withProfile ? 1 : 0);
      }),
    );
  });

  it.each(['update', 'resume', 'reactivate'] as const)('stops %s', (kind) => {
    expect(decideIdpUser(userInput({ kind, profile }), seen({ user: null })).blocker?.code).toBe(
      'O2O_IDP_USER_MISSING',
    );
  });
});

describe('what an update changes', () => {
  it('is what differs, before and after', () => {
    const input = userInput({ kind: 'update', profile: { firstName: 'Ada', lastName: 'Byron', nickName: 'Addie' } });
    const { changes } = decideProfile(input, user());
    expect(changes).toMatchObject([{ write: 'update', summary: 'Change lastName, nickName' }]);
    expect(changes[0]?.fields).toEqual([
      { field: 'profile.lastName', before: 'Person', after: 'Byron' },
      { field: 'profile.nickName', before: null, after: 'Addie' },
    ]);
  });

  it('is the login where the command names another one', () => {
    const input = userInput({ kind: 'update', profile: { login: 'byron@acme.example' } });
    expect(decideProfile(input, user()).changes[0]?.fields).toEqual([
      { field: 'profile.login', before: 'ada@acme.example', after: 'byron@acme.example' },
    ]);
  });

  it('is nothing where the profile is as asked for, also for an attribute that is taken away and was not there', () => {
    const input = userInput({ kind: 'update', profile: { firstName: 'Ada', nickName: null } });
    expect(decideProfile(input, user()).changes).toEqual([]);
  });

  it('names every attribute that differs and no other', () => {
    const value = fc.oneof(fc.string({ maxLength: 5 }), fc.boolean(), fc.integer());
    const attributes = fc.dictionary(fc.constantFrom('firstName', 'title', 'city', 'age'), value);
    fc.assert(
      fc.property(attributes, attributes, (before, wanted) => {
        const changes = decideProfile(
          userInput({ kind: 'update', profile: wanted }),
          user({ profile: before }),
        ).changes;
        const differing = Object.keys(wanted).filter((name) => before[name] !== wanted[name]);
        expect(changes.flatMap(({ fields }) => fields.map(({ field }) => field.slice('profile.'.length)))).toEqual(
          differing,
        );
      }),
    );
  });
});
