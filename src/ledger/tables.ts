import type { ColumnType } from 'kysely';
import type { SweepList, SweepRecord } from '../domain/sweep.js';

/** A point in time: read as a Date, written as ISO 8601 text. */
type Time = ColumnType<Date, string, string>;
/** A document: read as a value, written as JSON text. */
type Document<Value> = ColumnType<Value, string, string>;

export interface SweepsTable {
  readonly id: string;
  readonly federation_id: string;
  readonly everyone: boolean;
  readonly state: string;
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

export interface LedgerTables {
  readonly sweeps: SweepsTable;
  readonly findings: FindingsTable;
  readonly suspensions: SuspensionsTable;
  readonly sweep_pages: SweepPagesTable;
  readonly sweep_entries: SweepEntriesTable;
}
