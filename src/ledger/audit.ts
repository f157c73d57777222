import { randomBytes } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { AuditEntry } from '../domain/audit.js';
import { type AuditRow, beginning, type ChainLink, rowAfter, type Sealed } from '../domain/audit-chain.js';
import { foldLogin } from '../domain/login.js';
import type { Ledger, LedgerDatabase } from './ledger.js';
import type { LedgerTables } from './tables.js';

/** Whoever appends to the audit, or moves its anchor, waits for the one before. */
export const auditLock = sql`pg_advisory_xact_lock(hashtext('org2org audit'))`;

/**
 * Enters what was done into the audit, in this order; what was entered before is left out.
 *
 * @returns where the audit ends then
 */
export function enterAudit(ledger: Ledger, entries: readonly AuditEntry[]): Promise<ChainLink> {
  return ledger.ask((database) => database.transaction().execute((transaction) => appendAudit(transaction, entries)));
}

/**
 * Enters what was done with one question, if the audit still ends there and nothing of it was entered before.
 *
 * @returns where the audit ends then; null if nothing was entered
 */
export async function enterAuditAfter(
  ledger: Ledger,
  head: ChainLink,
  entries: readonly AuditEntry[],
): Promise<ChainLink | null> {
  try {
    return await ledger.ask((database) => insert(database, head, entries));
  } catch (error) {
    if (isTaken(error)) return null;
    throw error;
  }
}

/** Whether there is a row of that number, or of that entry (PostgreSQL: unique_violation). */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/**
 * Enters what was done as part of a transaction: it stands in the audit if the transaction takes effect.
 *
 * @returns where the audit ends then
 */
export async function appendAudit(
  transaction: Transaction<LedgerTables>,
  entries: readonly AuditEntry[],
): Promise<ChainLink> {
  await sql`select ${auditLock}`.execute(transaction);
  const ids = entries.map(({ entryId }) => entryId);
  const { rows } = await sql<{ seq: string; digest: string; known: string[] | null }>`
    select head.seq, head.digest, (select array_agg(entry_id) from audit where entry_id = any (${ids}::uuid[])) as known
    from (${headQuery}) as head`.execute(transaction);
  const left = new Map(entries.map((entry) => [entry.entryId, entry]));
  for (const entryId of rows[0]?.known ?? []) left.delete(entryId);
  return left.size === 0 ? headOf(rows) : insert(transaction, headOf(rows), [...left.values()]);
}

const headQuery = sql<{ seq: string; digest: string }>`
  select seq, digest from (
    (select 1 as rank, seq, digest from audit order by seq desc limit 1)
    union all select 2, seq, digest from audit_anchor
    union all select 3, ${beginning.seq}::bigint, ${beginning.digest}
  ) as ends order by rank limit 1`;

function headOf([head]: readonly { readonly seq: string; readonly digest: string }[]): ChainLink {
  return head === undefined ? beginning : { seq: Number(head.seq), digest: head.digest };
}

/** The last row of the audit, or what the next one follows where it holds none. */
export async function auditHead(database: LedgerDatabase): Promise<ChainLink> {
  return headOf((await headQuery.execute(database)).rows);
}

interface Person {
  readonly seq: number;
  readonly part: 'actor' | 'subject';
  readonly search_key: string | null;
  readonly salt: string;
  readonly data: object;
}

/**
 * Adds rows after the head: first the lock, then the rows, then who acted beside them, so that nobody holds what another
 * waits for with the lock.
 *
 * @returns the last of them
 */
async function insert(database: LedgerDatabase, head: ChainLink, entries: readonly AuditEntry[]): Promise<ChainLink> {
  const rows: AuditRow[] = [];
  const persons: Person[] = [];
  for (const entry of entries) {
    const actor = sealed(entry.actor);
    const subject = entry.subject === null ? null : sealed(entry.subject);
    const row = rowAfter(rows.at(-1) ?? head, entry, actor, subject);
    rows.push(row);
    persons.push({ seq: row.seq, part: 'actor', search_key: entry.actor.name, ...actor });
    if (subject === null) continue;
    const login = entry.subject?.login ?? null;
    persons.push({ seq: row.seq, part: 'subject', search_key: login === null ? null : foldLogin(login), ...subject });
  }
  await sql`
    with lock as materialized (select ${auditLock}), entered as (
      insert into audit (seq, entry_id, at, action, federation_id, outcome, code, details, actor_digest, subject_digest,
        previous, digest)
      select row.seq, row."entryId", row.at, row.action, row."federationId", row.outcome, row.code, row.details,
        row."actorDigest", row."subjectDigest", row.previous, row.digest
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(
        seq bigint, "entryId" uuid, at timestamptz, action text, "federationId" text, outcome text, code text, details jsonb,
        "actorDigest" text, "subjectDigest" text, previous text, digest text), lock
      order by row.seq
      returning seq
    )
    insert into audit_persons (seq, part, search_key, salt, data)
    select person.seq, person.part, person.search_key, person.salt, person.data
    from json_to_recordset(${JSON.stringify(persons)}::json) as person(
      seq bigint, part text, search_key text, salt text, data json), (select count(*) from entered) as all_entered`.execute(
    database,
  );
  const { seq, digest } = rows.at(-1) ?? head;
  return { seq, digest };
}

function sealed(data: object): Sealed {
  return { salt: randomBytes(16).toString('hex'), data };
}
