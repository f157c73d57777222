import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { userKey } from '../../../src/commands/user-key.js';
import { checkAudit } from '../../../src/ledger/audit-check.js';
import { listAudit } from '../../../src/ledger/audit-list.js';
import { openLedger } from '../../../src/ledger/ledger.js';
import { findProof } from '../../../src/ledger/proofs.js';
import { auditEntriesSignal, auditEntriesWorkflowId, workflowTaskQueue } from '../../../src/workflows/messages.js';
import { auditEntry } from '../../ledger/each-ledger.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { type LineToLedger, lineToLedger } from '../../world/line-to-ledger.js';
import { newLedgerUrl } from '../../world/new-ledger.js';
import { ownServer, type ShortHistories, startShortHistories } from '../../world/short-histories.js';
import { startWorld } from '../../world/start-world.js';
import { told, WorldSweeps, wideOpen } from '../../world/sweeps.js';
import { SweptPeople } from '../../world/swept-people.js';
import { federationId } from '../../world/world.js';

const noPostgres = inject('ledgerTemplate') === null;

/** Waits until somebody has asked a ledger that is away. */
const missed = (line: LineToLedger) => expect.poll(() => line.refused, { timeout: 60_000 }).toBeGreaterThan(0);

describe.skipIf(noPostgres)('while the ledger is away', () => {
  let line: LineToLedger;
  let at: FederatedWorld;
  let people: SweptPeople;
  let sweeps: WorldSweeps;

  beforeAll(async () => {
    line = await lineToLedger(await newLedgerUrl());
    at = await FederatedWorld.in(await startWorld({}, openLedger(line.url)));
    people = await SweptPeople.of(at.world);
    sweeps = new WorldSweeps(at.world);
  });
  afterAll(async () => {
    await at.stop();
    await line.close();
  });

  const enforce = { mode: 'enforce', limits: { fuse: wideOpen, listShrink: 0.95 } };
  const spStatus = (login: string) => at.held(login).sp?.status;

  it('an offboarding ends with its proof, which reaches the ledger once that is back', async () => {
    const login = await people.someone('proven', 'entitled');
    line.cut();
    const ended = await at.users.carryOut('offboard', login);
    expect(ended).toMatchObject({ state: 'done', proof: { user: { login } } });
    await missed(line);
    line.mend();
    const kept = () => findProof(at.world.ledger, federationId, userKey(federationId, login));
    await expect.poll(kept, { timeout: 60_000 }).toEqual(ended.proof);
  });

  it('a sweep that reads waits, and judges everybody rightly once it is back', async () => {
    const stays = await people.someone('stays', 'entitled');
    const left = await people.someone('left-while-read', 'unassigned');
    const slow = at.world.sandbox.faults.add(
      FaultRequest.parse({ org: 'sp', operation: 'listGroupUsers', kind: 'slow', delayMs: 1_000 }),
    );
    const { id } = await sweeps.start({ mode: 'report' });
    await expect.poll(() => slow.hits, { timeout: 30_000 }).toBe(1);
    line.cut();
    await missed(line);
    line.mend();
    expect(await sweeps.settled(id)).toMatchObject({ state: 'done', findings: { unassigned: 1 } });
    expect(told(await sweeps.findings(id))).toContain(`${left} unassigned deactivate pending`);
    expect([stays, left].map(spStatus)).toEqual(['ACTIVE', 'ACTIVE']);
  });

  it('a sweep that acts goes on with its list once it is back, and keeps what it did', async () => {
    const login = await people.someone('left-while-acted-on', 'unassigned');
    const slow = at.world.sandbox.faults.add(
      FaultRequest.parse({ org: 'sp', operation: 'revokeUserSessions', kind: 'slow', delayMs: 1_000 }),
    );
    const { id } = await sweeps.start(enforce);
    await expect.poll(() => slow.hits, { timeout: 30_000 }).toBe(1);
    line.cut();
    await missed(line);
    line.mend();
    expect(await sweeps.settled(id)).toMatchObject({ state: 'done', actions: { listed: 2, done: 2, failed: 0 } });
    const kept = (await sweeps.findings(id)).filter(({ outcome }) => outcome === 'done');
    expect(kept.map((finding) => finding.login).sort()).toEqual([login, 'left-while-read@acme.example']);
    expect(['stays@acme.example', login].map(spStatus)).toEqual(['ACTIVE', 'DEPROVISIONED']);
  });
});

describe.runIf(ownServer && !noPostgres)('rows of the audit that wait for the ledger', () => {
  let line: LineToLedger;
  let short: ShortHistories;

  beforeAll(async () => {
    line = await lineToLedger(await newLedgerUrl());
    short = await startShortHistories(25, openLedger(line.url));
  });
  afterAll(async () => {
    await short.stop();
    await line.close();
  });

  it('are handed on from run to run, and entered once each when it is back', async () => {
    const { client, ledger } = short.world;
    await ledger.ask(async () => {});
    line.cut();
    const entries = Array.from({ length: 60 }, () => auditEntry());
    for (const entry of entries) {
      await client.workflow.signalWithStart('auditEntries', {
        workflowId: auditEntriesWorkflowId,
        taskQueue: workflowTaskQueue,
        args: [{ waiting: [] }],
        signal: auditEntriesSignal,
        signalArgs: [[entry]],
      });
    }
    await expect.poll(() => short.runsOf(auditEntriesWorkflowId), { timeout: 60_000 }).toBeGreaterThan(1);
    line.mend();
    await client.workflow.getHandle(auditEntriesWorkflowId).result();
    expect(await checkAudit(ledger, null)).toMatchObject({ intact: true, rows: entries.length });
    const rows = await listAudit(ledger, {}, null, 100);
    expect(new Set(rows.map(({ entryId }) => entryId))).toEqual(new Set(entries.map(({ entryId }) => entryId)));
  });
});
