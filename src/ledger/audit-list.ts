import { type Selectable, sql } from 'kysely';
import type { AuditAction, AuditActor, AuditOutcome, AuditSubject } from '../domain/audit.js';
import type { Facts } from '../domain/evidence.js';
import { foldLogin } from '../domain/login.js';
import type { Ledger } from './ledger.js';
import type { AuditTable } from './tables.js';

/** Which rows are asked for; what is left out does not matter. */
export interface AuditFilter {
  readonly federation?: string | undefined;
  readonly actor?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly login?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** From this time on, and before that one (ISO 8601). */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** A row of the audit as it is read. */
export interface ListedAuditRow {
  readonly seq: number;
  readonly entryId: string;
  readonly at: string;
  readonly action: AuditAction;
  readonly federationId: string | null;
  readonly outcome: AuditOutcome;
  readonly code: string | null;
  readonly details: Facts;
  readonly actor: AuditActor | null;
  readonly subject: AuditSubject | null;
  /** Whether it was about somebody whose personal data was erased. */
  readonly erased: boolean;
  readonly actorDigest: string;
  readonly subjectDigest: string | null;
  readonly previous: string;
  readonly digest: string;
}

interface Found extends Selectable<AuditTable> {
  readonly actor: AuditActor | null;
  readonly subject: AuditSubject | null;
}

/** Rows of the audit, the latest first, that stand before the given one. */
export function listAudit(
  ledger: Ledger,
  { federation, actor, action, login, outcome, since, until }: AuditFilter,
  before: number | null,
  limit: number,
): Promise<readonly ListedAuditRow[]> {
  const key = login === undefined ? null : foldLogin(login);
  const conditions = [
    ...(federation === undefined ? [] : [sql`federation_id = ${federation}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(outcome === undefined ? [] : [sql`outcome = ${outcome}`]),
    ...(since === undefined ? [] : [sql`at >= ${since}::timestamptz`]),
    ...(until === undefined ? [] : [sql`at < ${until}::timestamptz`]),
    ...(actor === undefined ? [] : [sql`actors.search_key = ${actor}`]),
    ...(key === null ? [] : [sql`subjects.search_key = ${key}`]),
    ...(before === null ? [] : [sql`audit.seq < ${before}`]),
  ];
  return ledger.ask(async (database) => {
    const { rows } = await sql<Found>`
      select audit.*, actors.data as actor, subjects.data as subject
      from audit
      left join audit_persons as actors on actors.seq = audit.seq and actors.part = 'actor'
      left join audit_persons as subjects on subjects.seq = audit.seq and subjects.part = 'subject'
      where ${conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)}
      order by audit.seq desc limit ${limit}`.execute(database);
    return rows.map((row) => ({
      seq: Number(row.seq),
      entryId: row.entry_id,
      at: row.at.toISOString(),
      action: row.action as AuditAction,
      federationId: row.federation_id,
      outcome: row.outcome as AuditOutcome,
      code: row.code,
      details: row.details,
      actor: row.actor,
      subject: row.subject,
      erased: row.subject_digest !== null && row.subject === null,
      actorDigest: row.actor_digest,
      subjectDigest: row.subject_digest,
      previous: row.previous,
      digest: row.digest,
    }));
  });
}
