import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentWithoutLogin, presenceOf, withoutLogin } from '../../src/domain/erasure.js';
import type { AssignmentView, UserView } from '../../src/domain/user-lifecycle.js';

const user = (status: string): UserView => ({
  id: '00u1',
  login: 'bob@acme.example',
  status,
  transitioningToStatus: null,
  provider: null,
  lastLogin: null,
  profile: {},
});
const assignment: AssignmentView = {
  scope: 'USER',
  status: 'PROVISIONED',
  syncState: null,
  externalId: null,
  userName: null,
  profile: {},
};

describe('a person has a place in the federation', () => {
  it.each([
    ['with an assignment', { assignment }, { user: null }, true],
    ['active in the SP org', { assignment: null }, { user: user('ACTIVE') }, true],
    ['suspended in the SP org', { assignment: null }, { user: user('SUSPENDED') }, true],
    ['deactivated in the SP org', { assignment: null }, { user: user('DEPROVISIONED') }, false],
    ['unknown to both', { assignment: null }, { user: null }, false],
  ])('%s', (_, idp, sp, present) => {
    expect(presenceOf(idp, sp) !== null).toBe(present);
  });
});

describe('a document without a login', () => {
  it('names it nowhere, in no letter case, and keeps the rest', () => {
    const document = { users: ['Bob@acme.example', 'ada@acme.example'], reason: 'BOB@ACME.EXAMPLE has left', count: 1 };
    expect(documentWithoutLogin(document, 'bob@acme.example')).toEqual({
      users: ['(erased)', 'ada@acme.example'],
      reason: '(erased) has left',
      count: 1,
    });
  });

  it('loses a login that is no address only where it is the whole text', () => {
    expect(documentWithoutLogin(['a', 'a man left'], 'A')).toEqual(['(erased)', 'a man left']);
  });

  it('holds no address, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.emailAddress(), (before, after, login) => {
        expect(withoutLogin(before + login.toUpperCase() + after, login).toLowerCase()).not.toContain(
          login.toLowerCase(),
        );
      }),
    );
  });
});
