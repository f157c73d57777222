import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { belongs, decideSpUser, type SeenSpUser } from '../../src/domain/sp-user.js';
import type { TransitionKind } from '../../src/domain/user-lifecycle.js';
import {
  anyAuthority,
  anyKind,
  anyProviders,
  anyRoles,
  anyStatus,
  assignment,
  federation,
  login,
  ownProvider,
  user,
  userInput,
} from './user-input.js';

const seen = (given: Partial<SeenSpUser> = {}): SeenSpUser => ({
  user: user(),
  roles: [],
  identityProviderIds: [],
  inAccessGroup: false,
  ...given,
});
const exempt = { ...federation, users: { ...federation.users, exempt: [login.toUpperCase()] } };

/** Everything that the SP org can show of somebody with the login. */
const anybody = fc.record({
  user: fc.record({ status: anyStatus, provider: anyAuthority }).map((given) => user(given)),
  roles: anyRoles,
  identityProviderIds: anyProviders,
  inAccessGroup: fc.boolean(),
});

/** An assignment that leads to this user, to another one, to nobody yet, or none. */
const anyAssignment = fc.constantFrom(
  null,
  assignment(),
  assignment({ externalId: null, status: 'STAGED' }),
  assignment({ externalId: '00uAnotherOne0000000' }),
);

describe('who has the login already when a user is to be brought in', () => {
  const arriving = fc.constantFrom<TransitionKind>('onboard', 'reactivate');

  it('is never linked as an administrator, as the user of another identity provider or of a directory', () => {
    fc.assert(
      fc.property(arriving, anybody, anyAssignment, (kind, found, assigned) => {
        const decision = decideSpUser(userInput({ kind }), assigned, found);
        const ours = assigned?.externalId === found.user.id;
        const harmful =
          found.roles.length > 0 ||
          found.identityProviderIds.some((id) => id !== ownProvider) ||
          ['ACTIVE_DIRECTORY', 'LDAP'].includes(found.user.provider ?? '');
        if (!ours && harmful) expect(decision.blocker?.code).toBe('O2O_SP_USER_NEVER_LINKED');
        else expect(decision.blocker?.code).not.toBe('O2O_SP_USER_NEVER_LINKED');
      }),
    );
  });

  it.each([
    ['holds a role', { roles: ['USER_ADMIN'] }, 'USER_ADMIN'],
    ['belongs elsewhere', { identityProviderIds: ['0oaOtherProvider0000'] }, '0oaOtherProvider0000'],
    ['is mastered by a directory', { user: user({ provider: 'ACTIVE_DIRECTORY' }) }, 'ACTIVE_DIRECTORY'],
  ])('is refused with the reason: %s', (_what, given, reason) => {
    const { blocker } = decideSpUser(userInput(), null, seen(given));
    expect(blocker?.message).toContain('00uSomebody000000000');
    expect(blocker?.message).toContain(reason);
  });

  it.each([
    ['nobody', seen({ user: null }), 'Okta will create the user'],
    ['a harmless user', seen(), 'Okta will link this one'],
    ['a harmless user of this identity provider', seen({ identityProviderIds: [ownProvider] }), 'will link this one'],
    ['a deactivated user', seen({ user: user({ status: 'DEPROVISIONED' }) }), 'the same one returns'],
  ])('goes on: %s', (_who, found, says) => {
    const { blocker, decided } = decideSpUser(userInput(), null, found);
    expect(blocker).toBeNull();
    expect(decided).toContain(says);
  });

  it.each(['onboard', 'reactivate'] as const)('stops %s at a user whom the SP org itself has deactivated', (kind) => {
    const gone = seen({ user: user({ status: 'DEPROVISIONED' }) });
    for (const syncState of ['SYNCHRONIZED', 'DISABLED', 'ERROR', null]) {
      const { blocker } = decideSpUser(userInput({ kind }), assignment({ syncState }), gone);
      expect(blocker).toMatchObject({
        code: 'O2O_SP_USER_DEACTIVATED_THERE',
        message: expect.stringContaining('00uSomebody000000000'),
        fix: expect.stringContaining('offboard, then onboard (or reactivate)'),
      });
    }
  });

  it.each([
    ['Okta is at it', assignment({ syncState: 'SYNCING' }), user({ status: 'DEPROVISIONED' })],
    ['the status is changing', assignment(), user({ status: 'DEPROVISIONED', transitioningToStatus: 'ACTIVE' })],
    ['the assignment is gone', null, user({ status: 'DEPROVISIONED' })],
    ['the assignment was never pushed', assignment({ externalId: null }), user({ status: 'DEPROVISIONED' })],
  ])('goes on with a deactivated user: %s', (_why, assigned, found) => {
    expect(decideSpUser(userInput(), assigned, seen({ user: found })).blocker).toBeNull();
  });

  it('stops at a suspended user: resume is meant', () => {
    const { blocker } = decideSpUser(userInput(), assignment(), seen({ user: user({ status: 'SUSPENDED' }) }));
    expect(blocker).toMatchObject({ code: 'O2O_SP_USER_STATUS', message: expect.stringContaining('SUSPENDED') });
  });

  it('stops a reactivation of somebody who was never there', () => {
    const { blocker } = decideSpUser(userInput({ kind: 'reactivate' }), null, seen({ user: null }));
    expect(blocker?.code).toBe('O2O_SP_USER_MISSING');
  });
});

describe('a user who does not belong to this federation', () => {
  const acting = fc.constantFrom<TransitionKind>('update', 'suspend', 'resume', 'offboard');

  it('is never acted on', () => {
    fc.assert(
      fc.property(acting, anybody, anyAssignment, (kind, found, assigned) => {
        const input = userInput({ kind });
        if (belongs(input, assigned, found)) return;
        const { blocker, changes } = decideSpUser(input, assigned, found);
        expect(changes).toEqual([]);
        if (kind === 'offboard' && found.user.status === 'DEPROVISIONED') expect(blocker).toBeNull();
        else expect(blocker?.code).toBe('O2O_SP_USER_NOT_FEDERATED');
      }),
    );
  });

  it.each([
    ['the assignment leads to this user', assignment(), seen(), true],
    ['the user is linked to the identity provider', null, seen({ identityProviderIds: [ownProvider] }), true],
    ['the user is in the access group', null, seen({ inAccessGroup: true }), true],
    ['the assignment leads to another user', assignment({ externalId: '00uAnotherOne0000000' }), seen(), false],
    [
      'the user is linked elsewhere only',
      assignment({ externalId: null }),
      seen({ identityProviderIds: ['0oaX'] }),
      false,
    ],
    ['there is no user', assignment(), seen({ user: null }), false],
  ])('is told from one who does: %s', (_why, assigned, found, expected) => {
    expect(belongs(userInput(), assigned, found)).toBe(expected);
  });
});

describe('a user who must not lose access without a decision', () => {
  it.each(['offboard', 'suspend'] as const)('is protected from %s by an administrator role', (kind) => {
    const decision = decideSpUser(userInput({ kind }), assignment(), seen({ roles: ['SUPER_ADMIN'] }));
    expect(decision.protectedBecause).toContain('SUPER_ADMIN');
    expect(decision.blocker).toBeNull();
  });

  it.each(['offboard', 'suspend'] as const)('is protected from %s by the exempt list, whatever the case', (kind) => {
    const { protectedBecause } = decideSpUser(userInput({ kind, federation: exempt }), assignment(), seen());
    expect(protectedBecause).toContain('exempt');
  });

  it('is protected in every state in which there is access to lose, and by no transition that takes none', () => {
    fc.assert(
      fc.property(anyKind, anyStatus, anyRoles, (kind, status, roles) => {
        const found = seen({ user: user({ status }), roles });
        const { protectedBecause, blocker } = decideSpUser(
          userInput({ kind, federation: exempt }),
          assignment(),
          found,
        );
        const loses = kind === 'offboard' || kind === 'suspend';
        const nothingToLose = kind === 'offboard' && status === 'DEPROVISIONED';
        expect(protectedBecause !== null).toBe(loses && !nothingToLose && blocker === null);
      }),
    );
  });
});

describe('the status of a user who belongs', () => {
  it.each([
    ['suspend', 'ACTIVE', 'suspend'],
    ['suspend', 'SUSPENDED', null],
    ['suspend', 'DEPROVISIONED', 'wrong'],
    ['suspend', 'STAGED', 'wrong'],
    ['suspend', 'LOCKED_OUT', 'wrong'],
    ['resume', 'SUSPENDED', 'unsuspend'],
    ['resume', 'ACTIVE', null],
    ['resume', 'DEPROVISIONED', 'wrong'],
    ['update', 'ACTIVE', null],
    ['update', 'SUSPENDED', null],
    ['update', 'DEPROVISIONED', 'wrong'],
    ['offboard', 'SUSPENDED', null],
    ['offboard', 'LOCKED_OUT', null],
  ] as const)('%s of a user who is %s: %s', (kind, status, expected) => {
    const { blocker, changes } = decideSpUser(userInput({ kind }), assignment(), seen({ user: user({ status }) }));
    if (expected === 'wrong') {
      expect(blocker).toMatchObject({ code: 'O2O_SP_USER_STATUS', message: expect.stringContaining(status) });
    } else {
      expect(blocker).toBeNull();
      expect(changes.map(({ write }) => write)).toEqual(expected === null ? [] : [expected]);
    }
  });

  it.each(['update', 'suspend', 'resume'] as const)('%s of a user whom the SP org does not have stops', (kind) => {
    expect(decideSpUser(userInput({ kind }), assignment(), seen({ user: null })).blocker?.code).toBe(
      'O2O_SP_USER_MISSING',
    );
  });

  it('an offboarding of a user whom the SP org does not have goes on', () => {
    expect(decideSpUser(userInput({ kind: 'offboard' }), assignment(), seen({ user: null })).blocker).toBeNull();
  });
});
