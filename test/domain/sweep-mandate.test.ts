import { describe, expect, it } from 'vitest';
import { type SweepMandate, SweepRules } from '../../src/domain/sweep.js';
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
  login: 'ada@acme.example',
  byName: true,
  kind: 'unassigned',
  action: 'deactivate',
  rules: severe,
} as const;
const holds = (idpLook: IdpLook, spLook: SpLook, said: Partial<SweepMandate> = {}, match = federation) =>
  judgeMandate({ ...mandate, ...said }, match, idpLook, spLook, at);

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

  it('gives a new user back what a sweep has taken, whatever the rule about inactive users says', () => {
    const suspended = sp({ user: { ...view('00usp', 'SUSPENDED'), lastLogin: null } });
    expect(severe.inactive).not.toBeNull();
    expect(holds(idp({ assignment: assigned }), suspended, { kind: 'entitled', action: 'resume' })).toEqual({
      holds: true,
      because: 'entitled: assigned and active',
    });
  });

  it('to end an inactive user holds as long as nobody has signed on', () => {
    const long = { ...view('00usp'), lastLogin: '2020-01-01T00:00:00.000Z' };
    const judged = (user: SpLook['user']) =>
      holds(idp({ assignment: assigned }), sp({ user }), { kind: 'inactive', action: 'deactivate' });
    expect(judged(long)).toMatchObject({ holds: true });
    expect(judged({ ...long, lastLogin: view('00usp').lastLogin })).toMatchObject({
      holds: false,
      because: expect.stringContaining('entitled now'),
    });
  });

  it.each<[string, IdpLook, SpLook, string]>([
    ['the user is assigned again', idp({ assignment: assigned }), sp(), 'entitled now'],
    [
      'the user is assigned again and has never signed on, whatever the rule about inactive users says',
      idp({ assignment: assigned }),
      sp({ user: { ...view('00usp'), lastLogin: null } }),
      'entitled now',
    ],
    [
      'the user is due for another reason',
      idp({ user: view('00uidp', 'DEPROVISIONED') }),
      sp(),
      'idpUserDeactivated now',
    ],
    [
      'the SP user has another name',
      idp(),
      sp({ user: { ...view('00usp'), login: 'eve@acme.example' } }),
      'another name',
    ],
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

  it('holds under whatever name, if an assignment had led from the one to the other', () => {
    const renamed = sp({ user: { ...view('00usp'), login: 'ada@partner.example' } });
    expect(holds(idp(), renamed, { byName: false }).holds).toBe(true);
  });

  it('asks the IdP org for every name that it may know the user by, before it takes the user for missing', () => {
    const missing = { idpUserId: null, kind: 'idpUserMissing' } as const;
    const mailed = sp({ user: { ...view('00usp'), profile: { email: 'Ada.Mail@acme.example' } } });
    const by = (subjectMatch: 'USERNAME' | 'EMAIL' | 'USERNAME_OR_EMAIL') =>
      holds(idp({ user: null }), mailed, missing, {
        ...federation,
        identityProvider: { ...federation.identityProvider, subjectMatch },
      });
    expect(by('USERNAME')).toEqual({ holds: true, because: expect.stringContaining('idpUserMissing') });
    expect(by('EMAIL').unlessKnownAs).toEqual(['ada.mail@acme.example']);
    expect(by('USERNAME_OR_EMAIL').unlessKnownAs).toEqual(['ada.mail@acme.example']);
    const renamed = sp({ user: { ...view('00usp'), login: 'eve@acme.example' } });
    expect(holds(idp({ user: null }), renamed, missing).because).toContain('another name');
  });

  it('does not skip the days that another reason would give a suspended user', () => {
    const rules = SweepRules.parse({ unassigned: 'deactivate', idpUserSuspended: 'suspendThenDeactivate' });
    const suspended = sp({ user: view('00usp', 'SUSPENDED') });
    const judged = holds(idp({ user: view('00uidp', 'SUSPENDED') }), suspended, { rules });
    expect(judged).toEqual({ holds: false, because: expect.stringContaining('idpUserSuspended now') });
  });

  it('keeps the promise of a suspension only while the user is suspended and the right has not come back', () => {
    const rules = SweepRules.parse({ unassigned: 'suspendThenDeactivate' });
    const kept = (idpLook: IdpLook, status: string) => holds(idpLook, sp({ user: view('00usp', status) }), { rules });
    expect(kept(idp(), 'SUSPENDED').holds).toBe(true);
    expect(kept(idp(), 'ACTIVE').because).toContain('unassigned now');
    expect(kept(idp({ assignment: assigned }), 'SUSPENDED').because).toContain('entitled now');
  });
});
