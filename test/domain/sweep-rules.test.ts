import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SweepRules, type SweptUser } from '../../src/domain/sweep.js';
import { judge } from '../../src/domain/sweep-rules.js';
import { at, severe, sourceUser, sweptUser } from './sweep-input.js';

const usual = SweepRules.parse({});
const told = (user: SweptUser, rules = severe, exempt: readonly string[] = []) => {
  const { kind, action } = judge(user, rules, exempt, at);
  return `${kind} ${action}`;
};
const from = (source: Parameters<typeof sourceUser>[0], user: Partial<SweptUser> = {}) =>
  sweptUser({ sources: [sourceUser(source)], ...user });

describe('what a sweep says about a user', () => {
  it.each<[string, SweptUser, string]>([
    ['assigned and active', sweptUser(), 'entitled none'],
    ['an IdP user who is locked out', from({ status: 'LOCKED_OUT' }), 'entitled none'],
    ['nobody in the IdP org', sweptUser({ sources: [] }), 'idpUserMissing deactivate'],
    ['nobody, and the IdP org was not asked', sweptUser({ sources: [], sourceKnown: false }), 'unknown none'],
    [
      'in the access group only, and nobody in the IdP org',
      sweptUser({ sources: [], because: { linked: false, provisioned: false, inAccessGroup: true } }),
      'unmanaged none',
    ],
    ['two IdP users', sweptUser({ sources: [sourceUser(), sourceUser({ idpUserId: '00uother' })] }), 'unknown none'],
    ['a deactivated IdP user', from({ status: 'DEPROVISIONED', assignment: null }), 'idpUserDeactivated deactivate'],
    ['a suspended IdP user', from({ status: 'SUSPENDED' }), 'idpUserSuspended deactivate'],
    ['an IdP user in a status that nobody knows', from({ status: 'NEW_ONE' }), 'unknown none'],
    ['no assignment', from({ assignment: null }), 'unassigned deactivate'],
    [
      'an assignment in a status that says nothing',
      from({ assignment: { status: 'SUSPENDED', scope: null, externalId: '00usp', userName: null } }),
      'unknown none',
    ],
    [
      'an assignment that leads to another SP user',
      from({ assignment: { status: 'ACTIVE', scope: null, externalId: '00ufirst', userName: null } }),
      'duplicate none',
    ],
    ['a planned end that has passed', from({ endDate: '2025-12-31' }), 'expired deactivate'],
    ['a planned end that comes', from({ endDate: '2026-01-02' }), 'entitled none'],
    ['a planned end today', from({ endDate: '2026-01-01' }), 'entitled none'],
    ['a planned end at a time that has passed', from({ endDate: '2026-01-01T00:59:00+01:00' }), 'expired deactivate'],
    ['a planned end that is no date', from({ endDate: 'soon' }), 'unknown none'],
    ['a number that some programs take for a year', from({ endDate: '12' }), 'unknown none'],
    ['a date that may be read in two ways', from({ endDate: '01/02/2025' }), 'unknown none'],
    ['a last sign-on long ago', sweptUser({ lastLogin: '2025-06-01T00:00:00.000Z' }), 'inactive deactivate'],
    ['never signed on, and old', sweptUser({ lastLogin: null }), 'inactive deactivate'],
    [
      'never signed on, and new',
      sweptUser({ lastLogin: null, createdAt: '2025-12-15T00:00:00.000Z' }),
      'entitled none',
    ],
    ['a creation that the SP org does not tell', sweptUser({ createdAt: null }), 'unknown none'],
    ['an administrator without assignment', from({ assignment: null }, { administrator: true }), 'protected none'],
    ['an administrator who is entitled', sweptUser({ administrator: true }), 'entitled none'],
  ])('%s', (_what, user, expected) => {
    expect(told(user)).toBe(expected);
  });

  it('protects who is exempt or named by a pattern, in either org and in letters of either case', () => {
    const leaver = from({ assignment: null, login: 'SVC-backup@acme.example' }, { login: 'ada@partner.example' });
    expect(told(leaver, severe, ['Ada@Partner.example'])).toBe('protected none');
    const named = (protect: string[]) => told(leaver, SweepRules.parse({ protect }));
    expect(named(['svc-*@acme.example'])).toBe('protected none');
    expect(named(['*'])).toBe('protected none');
    expect(named(['svc-*@other.example', 'svc', '*backup'])).toBe('unassigned deactivate');
  });

  it('suspends who is active, and leaves alone who is suspended already', () => {
    const suspended = (status: string) => told(from({ status: 'SUSPENDED' }, { status }), usual);
    expect(suspended('ACTIVE')).toBe('idpUserSuspended suspend');
    expect(suspended('SUSPENDED')).toBe('idpUserSuspended none');
    expect(suspended('STAGED')).toBe('idpUserSuspended none');
  });

  it('gives back what a sweep took when the right has come back, and nothing that somebody else took', () => {
    const bySweep = { sweepId: 's', deactivateAt: null, found: false };
    expect(told(sweptUser({ status: 'SUSPENDED', suspendedBySweep: bySweep }))).toBe('entitled resume');
    expect(told(sweptUser({ status: 'SUSPENDED' }))).toBe('entitled none');
    const found = { ...bySweep, found: true };
    expect(told(sweptUser({ status: 'SUSPENDED', suspendedBySweep: found }))).toBe('entitled none');
  });

  it('promises a deactivation once, and keeps the promise itself if the time has come and nobody else has', () => {
    const later = SweepRules.parse({ unassigned: 'suspendThenDeactivate' });
    const suspended = (suspendedBySweep: SweptUser['suspendedBySweep']) =>
      told(from({ assignment: null }, { status: 'SUSPENDED', suspendedBySweep }), later);
    const promised = (deactivateAt: string | null) => ({ sweepId: 's', deactivateAt, found: false });
    expect(suspended(null)).toBe('unassigned suspendThenDeactivate');
    expect(suspended(promised(null))).toBe('unassigned suspendThenDeactivate');
    expect(suspended(promised('2026-01-01T00:00:01.000Z'))).toBe('unassigned none');
    expect(suspended(promised('2025-12-31T23:59:59.000Z'))).toBe('unassigned deactivate');
    expect(told(from({ assignment: null }), later)).toBe('unassigned suspendThenDeactivate');
  });

  it('only reports who is missing in the IdP org unless the rules say more: a renamed user looks the same', () => {
    expect(told(sweptUser({ sources: [] }), usual)).toBe('idpUserMissing none');
  });

  it('never acts in doubt, on an administrator or on an exempt user, whatever the user and the rules', () => {
    const actions = fc.constantFrom('report', 'suspend', 'deactivate', 'suspendThenDeactivate');
    const rules = fc.record({
      idpUserMissing: actions,
      idpUserDeactivated: actions,
      idpUserSuspended: actions,
      unassigned: actions,
      inactive: fc.option(fc.record({ days: fc.integer({ min: 1, max: 400 }), action: actions })),
      expired: fc.option(fc.record({ attribute: fc.constant('endDate'), action: actions })),
    });
    const status = fc.constantFrom('ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'STAGED', 'WEIRD');
    const source = fc.record({
      idpUserId: fc.constantFrom('a', 'b'),
      login: fc.constantFrom('ada@acme.example', 'exempt@acme.example'),
      status,
      assignment: fc.option(
        fc.record({
          status: fc.constantFrom('ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'STAGED', 'WEIRD'),
          scope: fc.constant(null),
          externalId: fc.constantFrom(null, '00usp', '00uother'),
          userName: fc.constant(null),
        }),
      ),
      endDate: fc.constantFrom(null, '2025-01-01', '2027-01-01', 'soon'),
    });
    const user = fc.record({
      status: fc.constantFrom('ACTIVE', 'SUSPENDED', 'STAGED'),
      administrator: fc.boolean(),
      sourceKnown: fc.boolean(),
      sources: fc.array(source, { maxLength: 2 }),
      lastLogin: fc.constantFrom(null, '2025-01-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z'),
    });
    fc.assert(
      fc.property(user, rules, (some, ruled) => {
        const swept = sweptUser(some);
        const { kind, action } = judge(swept, SweepRules.parse(ruled), ['exempt@acme.example'], at);
        if (action === 'none' || action === 'resume') return;
        expect(['entitled', 'duplicate', 'unmanaged', 'protected', 'unknown']).not.toContain(kind);
        expect(swept.administrator).toBe(false);
        expect(swept.sources.map(({ login }) => login)).not.toContain('exempt@acme.example');
        expect(swept.sourceKnown || swept.sources.length > 0).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
