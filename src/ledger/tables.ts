import type { ColumnType } from 'kysely';
import type { Facts } from '../domain/evidence.js';
import type { OffboardingProof } from '../domain/offboarding-proof.js';
import type { SweepList, SweepRecord } from '../domain/sweep.js';

/** A point in time: read as a Date, written as ISO 8601 text. */
type Time = ColumnType<Date, string, string>;
/** A number of PostgreSQL's type bigint: its drivers read it as text or number. */
type Sequence = ColumnType<string | number, number, never>;
/** A document: read as a value, written as JSON text. */
type Document<Value> = ColumnType<Value, string, string>;

export interface SweepsTable {
  readonly id: string;
  readonly federation_id: string;
  readonly everyone: boolean;
  readonly state: string;
  /** Who started it, and what for; null for sweeps that are older than the audit. */
  readonly started_by: ColumnType<string | null, string | null | undefined, string | null>;
  readonly trigger: ColumnType<string | null, string | null | undefined, string | null>;
  readonly started_at: Time;
  readonly ended_at: ColumnType<Date | null, string | null, string | null>;
  readonly record: Document<SweepRecord | null>;
}

export interface FindingsTable {
  readonly sweep_id: string;
  readonly attempt: number;
  readonly federation_id: string;
  readonly sp_user_id: string;
  readonly idp_user_id: string | null;
  readonly login: string | null;
  readonly kind: string;
  readonly reason: string;
  readonly action: string;
  readonly evidence: Document<Record<string, unknown>>;
  readonly outcome: string | null;
  readonly transition: number | null;
  readonly note: string | null;
  readonly found_at: Time;
  readonly ended_at: ColumnType<Date | null, string | null, string | null>;
}

export interface SuspensionsTable {
  readonly federation_id: string;
  readonly sp_user_id: string;
  readonly sweep_id: string;
  readonly deactivate_at: ColumnType<Date | null, string | null, string | null>;
  readonly found: boolean;
}

/** What belongs to one attempt of one sweep. */
interface OfAttempt {
  readonly federation_id: string;
  readonly sweep_id: string;
  readonly attempt: number;
  readonly list: SweepList;
  readonly page: number;
}

export interface SweepPagesTable extends OfAttempt {
  readonly items: number;
  readonly ids_digest: string;
}

/** One entry of a list, with what its list knows of it; `id` is a user of the org that the list belongs to. */
export interface SweepEntriesTable extends OfAttempt {
  readonly id: string;
  readonly login: string | null;
  readonly email: string | null;
  readonly status: string | null;
  readonly created_at: string | null;
  readonly last_login: string | null;
  readonly external_id: string | null;
  readonly user_name: string | null;
  readonly assignment_status: string | null;
  readonly assignment_scope: string | null;
  readonly end_date: string | null;
}

export interface ProofsTable {
  readonly federation_id: string;
  readonly digest: string;
  /** Opaque key of the user's login; null once it was erased, as is the document. */
  readonly user_key: string | null;
  readonly transition: number;
  readonly idp_user_id: string | null;
  readonly sp_user_id: string | null;
  readonly proven_at: Time;
  readonly document: ColumnType<OffboardingProof | null, string, null>;
}

export interface AuditTable {
  readonly seq: Sequence;
  readonly entry_id: string;
  readonly at: Time;
  readonly action: string;
  readonly federation_id: string | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly details: Document<Facts>;
  readonly actor_digest: string;
  readonly subject_digest: string | null;
  readonly previous: string;
  readonly digest: string;
}

/** Personal data beside a row of the audit; all null once it was erased. */
export interface AuditPersonsTable {
  readonly seq: Sequence;
  readonly part: 'actor' | 'subject';
  /** Name of the actor, or the login as it is compared. */
  readonly search_key: string | null;
  readonly salt: string | null;
  readonly data: ColumnType<object | null, string, null>;
}

/** The last row that retention has removed: the check begins behind it. */
export interface AuditAnchorTable {
  readonly one: boolean;
  readonly seq: Sequence;
  readonly digest: string;
  readonly moved_at: Time;
}

export interface LedgerTables {
  readonly sweeps: SweepsTable;
  readonly findings: FindingsTable;
  readonly suspensions: SuspensionsTable;
  readonly sweep_pages: SweepPagesTable;
  readonly sweep_entries: SweepEntriesTable;
  readonly proofs: ProofsTable;
  readonly audit: AuditTable;
  readonly audit_persons: AuditPersonsTable;
  readonly audit_anchor: AuditAnchorTable;
}
