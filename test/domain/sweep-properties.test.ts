import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type FindingCounts,
  findingKinds,
  type ListRead,
  ruleActions,
  type SweepBaseline,
  SweepLimits,
  type SweepMandate,
  SweepRules,
  sweepLists,
} from '../../src/domain/sweep.js';
import { doubtsAbout } from '../../src/domain/sweep-completeness.js';
import { blownFuses } from '../../src/domain/sweep-fuse.js';
import { judgeMandate } from '../../src/domain/sweep-mandate.js';
import type { IdpLook, SpLook, UserView } from '../../src/domain/user-lifecycle.js';
import { at } from './sweep-input.js';
import { federation } from './user-input.js';

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const count = fc.nat(2_000);

const reads = fc.record({
  pages: fc.integer({ min: 1, max: 5 }),
  items: count,
  ended: fc.boolean(),
  repeated: fc.constantFrom(0, 0, 0, 1),
  emptyWithin: fc.constantFrom(0, 0, 0, 1),
});
const lists = fc
  .tuple(...sweepLists.map((list) => fc.option(reads.map((read): ListRead => ({ list, ...read })))))
  .map((found) => found.filter((read) => read !== null));
const baseline = fc.option(
  fc.record<SweepBaseline>({
    sweepId: fc.constant('before'),
    at: fc.constant('2025-12-31T00:00:00.000Z'),
    population: count,
    source: count,
    lists: fc.tuple(...sweepLists.map((list) => count.map((items) => ({ list, items })))),
  }),
);

it('what was not read to its end is never trusted, and a larger permitted shrinkage doubts no more than a smaller one', () => {
  const property = fc.property(lists, baseline, share, share, (read, before, one, other) => {
    const doubts = doubtsAbout(read, before, { listShrink: one });
    const broken = read.some(({ ended, repeated, emptyWithin }) => !ended || repeated > 0 || emptyWithin > 0);
    const whole = ['accessGroupMembers', 'identityProviderUsers', 'administrators', 'assignments'];
    const unread = whole.some((list) => !read.some((each) => each.list === list));
    if (broken || unread) expect(doubts).not.toEqual([]);
    const [narrow, wide] = [Math.min(one, other), Math.max(one, other)];
    const wider = doubtsAbout(read, before, { listShrink: wide });
    expect(doubtsAbout(read, before, { listShrink: narrow })).toEqual(expect.arrayContaining([...wider]));
  });
  fc.assert(property, { numRuns: 2_000 });
});

const noFindings = Object.fromEntries(findingKinds.map((kind) => [kind, 0])) as FindingCounts;
const sweepOf = fc.record({ listed: count, more: count, population: count, source: count, unknown: count });
const fuses = fc.record({ users: fc.integer({ min: 1, max: 2_000 }), share, sourceShrink: share, unknown: share });

const flags = fc.record({ someUsers: fc.boolean(), federationEnds: fc.boolean() });

it('the fuse lets nobody through whom it would stop if fewer were on the list, and no wider limit stops more', () => {
  const property = fc.property(
    sweepOf,
    fuses,
    baseline,
    flags,
    (sweep, fuse, before, { someUsers, federationEnds }) => {
      const { listed, more, population, source, unknown } = sweep;
      const findings = { ...noFindings, unknown };
      const blown = (length: number, limits: Record<string, number>) =>
        blownFuses(
          { listed: length, population, source, findings, baseline: before, someUsers, federationEnds },
          SweepLimits.parse({ fuse: limits }),
        ).length;
      expect(blown(listed + more, fuse)).toBeGreaterThanOrEqual(blown(listed, fuse));
      if (listed > fuse.users) expect(blown(listed, fuse)).toBeGreaterThan(0);
      if (listed > 0 && federationEnds) expect(blown(listed, fuse)).toBeGreaterThan(0);
      if (listed > 0 && before === null && !someUsers) expect(blown(listed, fuse)).toBeGreaterThan(0);
      for (const [name, limit] of Object.entries(fuse)) {
        const wider = { ...fuse, [name]: name === 'users' ? limit + 1 : (limit + 0.99) / 2 };
        expect(blown(listed, wider)).toBeLessThanOrEqual(blown(listed, fuse));
      }
    },
  );
  fc.assert(property, { numRuns: 2_000 });
});

const nothing = { decided: '', changes: [], applied: [], checks: [], blocker: null, evidence: [] };
const view = (id: string) =>
  fc.record<UserView>({
    id: fc.oneof({ weight: 4, arbitrary: fc.constant(id) }, fc.constant('00uother')),
    login: fc.constantFrom('ada@acme.example', 'Ada@Acme.example', 'exempt@acme.example'),
    status: fc.constantFrom('ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'STAGED', 'NEW_ONE'),
    transitioningToStatus: fc.constant(null),
    provider: fc.constant('OKTA'),
    lastLogin: fc.constantFrom(null, '2025-01-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z'),
    profile: fc.constantFrom({}, { endDate: '2025-01-01' }, { endDate: 'soon' }),
  });
const assignment = fc.record({
  scope: fc.constant('USER'),
  status: fc.constantFrom('PROVISIONED', 'ACTIVE', 'DEPROVISIONED', 'NEW_ONE'),
  syncState: fc.constant(null),
  externalId: fc.constantFrom(null, '00usp', '00uother'),
  userName: fc.constant(null),
  profile: fc.constant({}),
});
const idpLooks = fc.record<IdpLook>({
  user: fc.option(view('00uidp')),
  assignment: fc.option(assignment),
  ...mapped(nothing),
});
const spLooks = fc.record<SpLook>({
  user: fc.option(view('00usp')),
  roles: fc.constantFrom([], ['USER_ADMIN']),
  identityProviderIds: fc.constantFrom([], [federation.identityProviderId]),
  protectedBecause: fc.constant(null),
  ...mapped(nothing),
});
const action = fc.constantFrom(...ruleActions);
const mandates = fc.record<SweepMandate>({
  sweepId: fc.constant('s'),
  spUserId: fc.constant('00usp'),
  idpUserId: fc.constantFrom(null, '00uidp', '00uidp'),
  login: fc.constant('ada@acme.example'),
  byName: fc.boolean(),
  kind: fc.constantFrom('unassigned', 'idpUserDeactivated', 'idpUserSuspended', 'inactive', 'expired', 'entitled'),
  action: fc.constantFrom('suspend', 'deactivate', 'suspendThenDeactivate', 'resume'),
  rules: fc
    .record({
      idpUserMissing: action,
      idpUserDeactivated: action,
      idpUserSuspended: action,
      unassigned: action,
      inactive: fc.option(fc.record({ days: fc.constant(90), action })),
      expired: fc.option(fc.record({ attribute: fc.constant('endDate'), action })),
    })
    .map((rules) => SweepRules.parse(rules)),
});

function mapped<Given extends object>(given: Given): { [Key in keyof Given]: fc.Arbitrary<Given[Key]> } {
  const entries = Object.entries(given).map(([key, value]) => [key, fc.constant(value)]);
  return Object.fromEntries(entries);
}

it('a mandate holds only for the very same two users, never against an administrator, an exempt user or a right', () => {
  const guarded = { ...federation, users: { ...federation.users, exempt: ['exempt@acme.example'] } };
  let held = 0;
  const property = fc.property(mandates, idpLooks, spLooks, (mandate, idp, sp) => {
    const { holds } = judgeMandate(mandate, guarded, idp, sp, at);
    if (!holds) return;
    held += 1;
    expect([sp.user?.id, idp.user?.id ?? null]).toEqual([mandate.spUserId, mandate.idpUserId]);
    expect(sp.user?.status).not.toBe('DEPROVISIONED');
    if (mandate.action === 'resume') {
      expect(sp.user?.status).toBe('SUSPENDED');
      expect(idp.assignment?.status).toMatch(/^(PROVISIONED|ACTIVE)$/);
      return;
    }
    expect(sp.roles).toEqual([]);
    expect([sp.user?.login, idp.user?.login]).not.toContain('exempt@acme.example');
    const entitled =
      idp.user?.status === 'ACTIVE' && idp.assignment !== null && /^(PROVISIONED|ACTIVE)$/.test(idp.assignment.status);
    const ruledOut = ['inactive', 'expired'].includes(mandate.kind);
    expect(entitled && !ruledOut).toBe(false);
  });
  fc.assert(property, { numRuns: 60_000 });
  expect(held).toBeGreaterThan(20);
});
