import { type Selectable, sql } from 'kysely';
import {
  type Break,
  beginning,
  type ChainLink,
  checkRun,
  type FoundRow,
  type KeptPart,
} from '../domain/audit-chain.js';
import { auditHead } from './audit.js';
import type { Ledger, LedgerDatabase } from './ledger.js';
import type { AuditTable } from './tables.js';

/** How many rows are checked at a time. */
const portion = 1_000;

/** What a check of the whole audit has shown. */
export interface CheckedAudit {
  readonly intact: boolean;
  /** Rows that hold, and how many of their subjects were erased. */
  readonly rows: number;
  readonly erased: number;
  /** The first row that does not hold; null if all do. */
  readonly broken: Break | null;
  /** The last row that retention has removed, behind which the check begins; null if it has removed none. */
  readonly anchor: ChainLink | null;
  /** The last row that holds: keep it elsewhere, and rows that go missing at the end are noticed. */
  readonly head: ChainLink;
}

/**
 * Checks the whole audit, portion by portion, up to the row that is the last one when it begins.
 *
 * @param kept a head that somebody has kept: the row must still be there as it was, unless retention has removed it.
 */
export async function checkAudit(ledger: Ledger, kept: ChainLink | null = null): Promise<CheckedAudit> {
  const { last, ...start } = await ledger.ask(async (database) => ({
    last: await auditHead(database),
    anchor: await anchorOf(database),
  }));
  let anchor = start.anchor;
  let head = anchor ?? beginning;
  let rows = 0;
  let erased = 0;
  const answer = (broken: Break | null): CheckedAudit => ({
    intact: broken === null,
    rows,
    erased,
    broken,
    anchor,
    head,
  });
  while (head.seq < last.seq) {
    const after = head;
    const { found, moved } = await ledger.ask(async (database) => ({
      found: await rowsAfter(database, after.seq, last.seq),
      moved: await anchorOf(database),
    }));
    if (moved !== null && moved.seq > after.seq) {
      anchor = moved;
      head = moved;
      continue;
    }
    const checked = checkRun(after, found);
    head = checked.head;
    rows += checked.rows;
    erased += checked.erased;
    if (checked.broken !== null) return answer(checked.broken);
    if (found.length === 0) return answer({ seq: head.seq + 1, reason: 'the row is missing' });
  }
  return answer(kept === null ? null : await ledger.ask((database) => breakOfKept(database, kept, last)));
}

async function anchorOf(database: LedgerDatabase): Promise<ChainLink | null> {
  const row = await database.selectFrom('audit_anchor').select(['seq', 'digest']).executeTakeFirst();
  return row === undefined ? null : { seq: Number(row.seq), digest: row.digest };
}

async function breakOfKept(database: LedgerDatabase, kept: ChainLink, last: ChainLink): Promise<Break | null> {
  if (kept.seq > last.seq) return { seq: last.seq + 1, reason: 'the row is missing' };
  const row = await database.selectFrom('audit').select('digest').where('seq', '=', kept.seq).executeTakeFirst();
  return row === undefined || row.digest === kept.digest
    ? null
    : { seq: kept.seq, reason: 'the row is not the one whose digest was kept' };
}

interface Found extends Selectable<AuditTable> {
  readonly actor_salt: string | null;
  readonly actor: object | null;
  readonly actor_kept: boolean;
  readonly subject_salt: string | null;
  readonly subject: object | null;
  readonly subject_kept: boolean;
}

async function rowsAfter(database: LedgerDatabase, after: number, upTo: number): Promise<readonly FoundRow[]> {
  const { rows } = await sql<Found>`
    select audit.*, actors.salt as actor_salt, actors.data as actor, actors.seq is not null as actor_kept,
      subjects.salt as subject_salt, subjects.data as subject, subjects.seq is not null as subject_kept
    from (
      select * from audit where seq > ${after} and seq <= ${upTo} order by seq limit ${portion}
    ) as audit
    left join lateral (
      select * from audit_persons where seq = audit.seq and part = 'actor' limit 1) as actors on true
    left join lateral (
      select * from audit_persons where seq = audit.seq and part = 'subject' limit 1) as subjects on true
    order by audit.seq`.execute(database);
  return rows.map((row) => ({
    seq: Number(row.seq),
    entryId: row.entry_id,
    at: row.at.toISOString(),
    action: row.action,
    federationId: row.federation_id,
    outcome: row.outcome,
    code: row.code,
    details: row.details,
    actorDigest: row.actor_digest,
    subjectDigest: row.subject_digest,
    previous: row.previous,
    digest: row.digest,
    actor: partOf(row.actor_kept, row.actor_salt, row.actor),
    subject: partOf(row.subject_kept, row.subject_salt, row.subject),
  }));
}

function partOf(kept: boolean, salt: string | null, data: object | null): KeptPart {
  if (!kept) return null;
  return salt === null || data === null ? 'erased' : { salt, data };
}
