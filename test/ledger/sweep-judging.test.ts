import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingOutcome, SweepFinding, SweepRecord } from '../../src/domain/sweep.js';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import { dropFindings, keepFindings, keepOutcomes, pendingFindings } from '../../src/ledger/sweep-findings.js';
import { joinedUsers } from '../../src/ledger/sweep-join.js';
import { keepPage, type SweepAttempt, type SweepEntry } from '../../src/ledger/sweep-reads.js';
import { baselineOf, keepSweep } from '../../src/ledger/sweep-runs.js';

const now = '2026-01-01T00:00:00.000Z';

let ledger: Ledger;

beforeAll(async () => {
  ledger = openLedger('embedded:');
  await ledger.ask((database) => database.selectFrom('sweeps').selectAll().execute());
});
afterAll(() => ledger.close());

const of = (sweepId: string): SweepAttempt => ({ federationId: 'f', sweepId, attempt: 1 });

const finding = (spUserId: string, action: SweepFinding['action']): SweepFinding => ({
  spUserId,
  idpUserId: null,
  login: `${spUserId}@acme.example`,
  kind: 'unassigned',
  reason: 'because',
  action,
  evidence: {},
});

async function acted(sweepId: string, spUserId: string, action: SweepFinding['action'], changed: boolean) {
  const outcome: FindingOutcome = { spUserId, outcome: 'done', changed, transition: 1, note: null };
  await keepFindings(ledger, of(sweepId), [finding(spUserId, action)], now);
  await keepOutcomes(ledger, of(sweepId), [outcome], now, now);
}

/** What the join tells of a suspended user's suspension. */
async function suspensionOf(sweepId: string, id: string) {
  await keepPage(ledger, of(sweepId), 'accessGroupMembers', 1, [{ id, login: id, status: 'SUSPENDED' }]);
  const [user] = await joinedUsers(ledger, of(sweepId), 'USERNAME', '', 10);
  return user?.suspendedBySweep;
}

describe('a list that is judged again', () => {
  it('has nothing left of what the first try has found, but what was done', async () => {
    await acted('again', 'sp1', 'deactivate', true);
    await keepFindings(ledger, of('again'), [finding('sp2', 'resume'), finding('sp3', 'none')], now);
    await dropFindings(ledger, of('again'));
    await keepFindings(ledger, of('again'), [finding('sp3', 'deactivate')], now);
    const pending = await pendingFindings(ledger, of('again'), 10);
    expect(pending.map(({ spUserId }) => spUserId)).toEqual(['sp3']);
  });
});

describe('a suspension', () => {
  it('that a sweep has found is not its own, also after a promise', async () => {
    await acted('finds', 'found', 'suspendThenDeactivate', false);
    expect(await suspensionOf('finds', 'found')).toEqual({ sweepId: 'finds', deactivateAt: now, found: true });
  });

  it('that a sweep has made stays one of sweeps when a later one promises more', async () => {
    await acted('makes', 'made', 'suspend', true);
    expect(await suspensionOf('makes', 'made')).toEqual({ sweepId: 'makes', deactivateAt: null, found: false });
    await acted('promises', 'made', 'suspendThenDeactivate', false);
    expect(await suspensionOf('promises', 'made')).toEqual({ sweepId: 'promises', deactivateAt: now, found: false });
  });
});

describe('the join', () => {
  it('shows everybody who may stand for a user: by the assignment, and by a name that is about to be pushed', async () => {
    const assigned = (id: string, external_id: string | null): SweepEntry => ({
      id,
      login: 'ada',
      status: 'ACTIVE',
      user_name: 'ada',
      external_id,
      assignment_status: 'PROVISIONED',
    });
    await keepPage(ledger, of('two'), 'accessGroupMembers', 1, [{ id: 'sp1', login: 'ada', status: 'ACTIVE' }]);
    await keepPage(ledger, of('two'), 'assignments', 1, [assigned('idp1', 'sp1'), assigned('idp2', null)]);
    const [user] = await joinedUsers(ledger, of('two'), 'USERNAME', '', 10);
    expect(user?.sources.map(({ idpUserId }) => idpUserId).sort()).toEqual(['idp1', 'idp2']);
  });
});

describe('what the next sweep is compared with', () => {
  const sweep = (id: string, state: SweepRecord['state'], source: number, endedAt: string) =>
    keepSweep(ledger, {
      id,
      federationId: 'compared',
      spec: { scope: 'everyone' },
      state,
      source,
      population: source,
      lists: [],
      listDigest: 'sha256:list',
      startedAt: now,
      endedAt,
    } as unknown as SweepRecord);

  it('is the last one that was done, not one whose list nobody approved', async () => {
    expect(await baselineOf(ledger, 'compared')).toBeNull();
    await sweep('good', 'done', 100, '2026-01-01T01:00:00.000Z');
    await sweep('refused', 'rejected', 50, '2026-01-02T01:00:00.000Z');
    await sweep('halted', 'stopped', 50, '2026-01-03T01:00:00.000Z');
    expect(await baselineOf(ledger, 'compared')).toMatchObject({ sweepId: 'good', source: 100 });
  });
});
