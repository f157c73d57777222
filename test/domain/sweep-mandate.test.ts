import { describe, expect, it } from 'vitest';
import { judgeMandate } from '../../src/domain/sweep-mandate.js';
import type { IdpLook, SpLook } from '../../src/domain/user-lifecycle.js';
import { at, severe } from './sweep-input.js';
import { federation } from './user-input.js';

const nothing = { decided: '', changes: [], applied: [], checks: [], blocker: null, evidence: [] };
const view = (id: string, status = 'ACTIVE') => ({
  id,
  login: 'ada@acme.example',
  status,
  transitioningToStatus: null,
  provider: 'OKTA',
  lastLogin: '2025-12-31T00:00:00.000Z',
  profile: {},
});
const idp = (rest: Partial<IdpLook> = {}): IdpLook => ({ ...nothing, user: view('00uidp'), assignment: null, ...rest });
const sp = (rest: Partial<SpLook> = {}): SpLook => ({
  ...nothing,
  user: view('00usp'),
  roles: [],
  identityProviderIds: [federation.identityProviderId],
  protectedBecause: null,
  ...rest,
});
const mandate = {
  sweepId: 's',
  spUserId: '00usp',
  idpUserId: '00uidp',
  kind: 'unassigned',
  action: 'deactivate',
  rules: severe,
} as const;
const holds = (idpLook: IdpLook, spLook: SpLook) => judgeMandate(mandate, federation, idpLook, spLook, at);

describe('the mandate of a sweep', () => {
  it('holds while both orgs show what the sweep has found', () => {
    expect(holds(idp(), sp())).toEqual({ holds: true, because: expect.stringContaining('unassigned') });
  });

  const assigned = {
    scope: 'USER',
    status: 'PROVISIONED',
    syncState: null,
    externalId: '00usp',
    userName: null,
    profile: {},
  };

  it.each<[string, IdpLook, SpLook, string]>([
    ['the user is assigned again', idp({ assignment: assigned }), sp(), 'entitled now'],
    ['the login leads to another SP user', idp(), sp({ user: view('00uother') }), 'another SP user'],
    ['the SP user is gone', idp(), sp({ user: null }), 'no such user'],
    ['the SP user is deactivated', idp(), sp({ user: view('00usp', 'DEPROVISIONED') }), 'deactivated already'],
    ['the login belongs to another IdP user', idp({ user: view('00unew') }), sp(), 'the IdP user is 00unew now'],
    ['the IdP user is gone', idp({ user: null }), sp(), 'the IdP user is missing now'],
    ['the SP user has become an administrator', idp(), sp({ roles: ['SUPER_ADMIN'] }), 'protected now'],
    ['the IdP user has a status that nobody knows', idp({ user: view('00uidp', 'NEW_ONE') }), sp(), 'unknown now'],
  ])('is over once %s', (_what, idpLook, spLook, because) => {
    const judged = holds(idpLook, spLook);
    expect(judged.holds).toBe(false);
    expect(judged.because).toContain(because);
  });
});
