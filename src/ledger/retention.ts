import { sql, type Transaction } from 'kysely';
import type { LedgerRetention } from '../domain/ledger-retention.js';
import { auditLock } from './audit.js';
import type { Ledger } from './ledger.js';
import { isComplete } from './sweep-runs.js';
import type { LedgerTables } from './tables.js';

/** How many rows are removed at a time. */
const portion = 1_000;

/** Days after which what an ended sweep has read, and has not dropped, is of no use to anybody. */
const readsKeptDays = 1;

/** How many rows were removed. */
export interface Removed {
  readonly findings: number;
  readonly sweeps: number;
  readonly reads: number;
  readonly proofs: number;
  readonly auditRows: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Removes what is older than it is to be kept, portion by portion; several workers may do so at the same time. Nothing of a
 * sweep that has not ended is removed, nor the sweep with which the next one of its federation is compared.
 *
 * @param now milliseconds since the epoch.
 */
export async function removeExpired(
  ledger: Ledger,
  { findingsDays, proofsDays, auditDays }: LedgerRetention,
  now: number,
): Promise<Removed> {
  const before = (days: number) => new Date(now - days * dayMs).toISOString();
  const everyPortion = async (remove: (transaction: Transaction<LedgerTables>) => Promise<number>) => {
    for (let removed = 0; ; ) {
      const rows = await ledger.ask((database) => database.transaction().execute(remove));
      removed += rows;
      if (rows < portion) return removed;
    }
  };
  return {
    findings: await everyPortion((transaction) => removeFindings(transaction, before(findingsDays))),
    reads: await everyPortion((transaction) => removeReads(transaction, before(readsKeptDays))),
    sweeps: await everyPortion((transaction) => removeSweeps(transaction, before(findingsDays))),
    proofs: await everyPortion((transaction) => removeProofs(transaction, before(proofsDays))),
    auditRows: await everyPortion((transaction) => removeAuditRows(transaction, before(auditDays))),
  };
}

async function removeFindings(transaction: Transaction<LedgerTables>, before: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from findings where ctid = any (array(
      select findings.ctid from findings
      join sweeps on sweeps.federation_id = findings.federation_id and sweeps.id = findings.sweep_id
      where sweeps.ended_at < ${before}::timestamptz
      limit ${portion} for update of findings skip locked))`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}

/** The last complete sweep of everyone stays, see `baselineOf`; so does one that still has findings. */
async function removeSweeps(transaction: Transaction<LedgerTables>, before: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from sweeps where ctid = any (array(
      select ctid from sweeps
      where ended_at < ${before}::timestamptz
        and not exists (select from findings
          where findings.federation_id = sweeps.federation_id and findings.sweep_id = sweeps.id)
        and not exists (select from suspensions
          where suspensions.federation_id = sweeps.federation_id and suspensions.sweep_id = sweeps.id)
        and (federation_id, id) not in (
          select distinct on (federation_id) federation_id, id from sweeps
          where ${isComplete}
          order by federation_id, ended_at desc)
      limit ${portion} for update skip locked))`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}

async function removeReads(transaction: Transaction<LedgerTables>, before: string): Promise<number> {
  let removed = 0;
  for (const table of ['sweep_entries', 'sweep_pages'] as const) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid = any (array(
        select reads.ctid from ${sql.table(table)} as reads
        join sweeps on sweeps.federation_id = reads.federation_id and sweeps.id = reads.sweep_id
        where sweeps.ended_at < ${before}::timestamptz
        limit ${portion} for update of reads skip locked))`.execute(transaction);
    removed += Number(numAffectedRows ?? 0);
  }
  return removed;
}

async function removeProofs(transaction: Transaction<LedgerTables>, before: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from proofs where ctid = any (array(
      select ctid from proofs where proven_at < ${before}::timestamptz limit ${portion} for update skip locked))`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0);
}

/** The oldest rows, as long as none among them is younger; the anchor takes the place of the last of them. */
async function removeAuditRows(transaction: Transaction<LedgerTables>, before: string): Promise<number> {
  await sql`select ${auditLock}`.execute(transaction);
  const { rows } = await sql<{ seq: string; digest: string }>`
    select seq, digest from (
      select seq, digest from audit
      where seq < coalesce(
        (select min(seq) from audit where at >= ${before}::timestamptz), (select max(seq) + 1 from audit))
      order by seq limit ${portion}
    ) as oldest order by seq desc limit 1`.execute(transaction);
  const [last] = rows;
  if (last === undefined) return 0;
  await sql`
    insert into audit_anchor (seq, digest, moved_at) values (${last.seq}, ${last.digest}, now())
    on conflict (one) do update set seq = excluded.seq, digest = excluded.digest, moved_at = excluded.moved_at`.execute(
    transaction,
  );
  await sql`delete from audit_persons where seq <= ${last.seq}`.execute(transaction);
  const { numAffectedRows } = await sql`delete from audit where seq <= ${last.seq}`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}
