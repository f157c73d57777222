import { expect, it } from 'vitest';
import type { SweepRecord } from '../../src/domain/sweep.js';
import { SweepSpec } from '../../src/domain/sweep.js';
import { enterAudit } from '../../src/ledger/audit.js';
import { checkAudit } from '../../src/ledger/audit-check.js';
import { removeExpired } from '../../src/ledger/retention.js';
import { keepFindings, listFindings } from '../../src/ledger/sweep-findings.js';
import { keepPage } from '../../src/ledger/sweep-reads.js';
import { baselineOf, enterSweep, findSweep, keepSweep, listSweeps } from '../../src/ledger/sweep-runs.js';
import { auditEntry, describeWithEachLedger } from './each-ledger.js';

const dayMs = 24 * 60 * 60 * 1000;
const today = Date.parse('2026-06-01T00:00:00.000Z');
const daysAgo = (days: number) => new Date(today - days * dayMs).toISOString();

describeWithEachLedger('what is too old', (at) => {
  const retention = { findingsDays: 30, proofsDays: 30, auditDays: 30 };
  const starter = { name: 'operator@tests', roles: ['operator'] as const };

  const sweep = async (id: string, endedDaysAgo: number | null, state: SweepRecord['state'] = 'done') => {
    const spec = SweepSpec.parse({});
    const of = { federationId: 'f', sweepId: id, attempt: 1 };
    await enterSweep(at.ledger, { id, federationId: 'f', spec, trigger: 'request', actor: starter }, daysAgo(90));
    const found = { spUserId: '00u1', idpUserId: null, login: 'bob@acme.example', reason: 'because', evidence: {} };
    await keepFindings(at.ledger, of, [{ ...found, kind: 'unassigned', action: 'none' }], daysAgo(90));
    await keepPage(at.ledger, of, 'assignments', 1, [{ id: '00u1' }]);
    if (endedDaysAgo === null) return;
    const record = { id, federationId: 'f', spec, state, startedBy: starter.name, trigger: 'request' as const };
    const ended = { startedAt: daysAgo(90), endedAt: daysAgo(endedDaysAgo), listDigest: `sha256:${id}` };
    // What retention looks at; the rest of a record is as sweeps leave it.
    const whole = { ...record, ...ended, attempt: 1, population: 1, source: 1, lists: [], actions: { listed: 0 } };
    await keepSweep(at.ledger, whole as unknown as SweepRecord);
  };

  const left = async () => {
    const ids = (await listSweeps(at.ledger, 'f', null, 100)).map(({ id }) => id).sort();
    const findings = await Promise.all(
      ids.map((sweepId) => listFindings(at.ledger, { federationId: 'f', sweepId }, {}, null, 10)),
    );
    return ids.map((id, index) => `${id} ${findings[index]?.length}`);
  };

  it('leaves an audit that can be checked from the last row that was removed, whoever else appends meanwhile', async () => {
    await enterAudit(
      at.ledger,
      Array.from({ length: 2_500 }, () => auditEntry({ at: daysAgo(100) })),
    );
    await enterAudit(at.ledger, [auditEntry({ at: daysAgo(5) }), auditEntry({ at: daysAgo(100) })]);
    const { head } = await checkAudit(at.ledger);
    const clients = [at.ledger, at.another(), at.another()];
    const all = await Promise.all([
      ...clients.map((client) => removeExpired(client, retention, today)),
      enterAudit(at.ledger, [auditEntry({ at: daysAgo(0) })]),
    ]);
    const removed = all.map((done) => (done !== null && 'auditRows' in done ? done.auditRows : 0));
    expect(removed.reduce((sum, rows) => sum + rows, 0)).toBe(2_500);
    expect(await checkAudit(at.ledger, head)).toMatchObject({
      intact: true,
      rows: 3,
      anchor: { seq: head.seq - 2 },
      head: { seq: head.seq + 1 },
    });
    await removeExpired(at.ledger, { ...retention, auditDays: 1 }, today + 10 * dayMs);
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, rows: 0, head: { seq: head.seq + 1 } });
    await enterAudit(at.ledger, [auditEntry()]);
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, rows: 1, head: { seq: head.seq + 2 } });
  });

  it('is removed with its findings, but not what runs, nor what the next sweep is compared with', async () => {
    await sweep('older', 60);
    await sweep('baseline', 40);
    await sweep('stopped', 35, 'stopped');
    await sweep('recent', 10, 'cancelled');
    await sweep('running', null);
    const removed = await removeExpired(at.ledger, retention, today);
    expect(removed).toMatchObject({ findings: 3, sweeps: 2, reads: 8 });
    expect(await left()).toEqual(['baseline 0', 'recent 1', 'running 1']);
    expect(await baselineOf(at.ledger, 'f')).toMatchObject({ sweepId: 'baseline' });
    expect(await findSweep(at.ledger, 'f', 'baseline')).not.toBeNull();
    const entries = await at.ledger.ask((database) =>
      database.selectFrom('sweep_entries').select('sweep_id').execute(),
    );
    expect(entries).toEqual([{ sweep_id: 'running' }]);
    expect(await removeExpired(at.ledger, retention, today)).toMatchObject({ findings: 0, sweeps: 0, reads: 0 });
  });
});
