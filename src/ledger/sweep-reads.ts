import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { ListRead, SweepList } from '../domain/sweep.js';
import type { Ledger } from './ledger.js';
import type { SweepEntriesTable } from './tables.js';

/** One attempt of one sweep to read both orgs. */
export interface SweepAttempt {
  readonly federationId: string;
  readonly sweepId: string;
  readonly attempt: number;
}

/** One entry of a list; what the list does not know is left out. Logins, names and addresses in lower case. */
export type SweepEntry = Pick<SweepEntriesTable, 'id'> &
  Partial<Omit<SweepEntriesTable, 'id' | 'federation_id' | 'sweep_id' | 'attempt' | 'list' | 'page'>>;

/** Condition that a row belongs to the attempt. */
export function ofAttempt({ federationId, sweepId, attempt }: SweepAttempt) {
  return sql<boolean>`federation_id = ${federationId} and sweep_id = ${sweepId} and attempt = ${attempt}`;
}

/**
 * Keeps one page of a list; a page that was kept before is replaced.
 *
 * @returns whether another page of the list holds the same users.
 */
export function keepPage(
  ledger: Ledger,
  of: SweepAttempt,
  list: SweepList,
  page: number,
  entries: readonly SweepEntry[],
): Promise<{ readonly repeated: boolean }> {
  const { federationId, sweepId, attempt } = of;
  const digest = createHash('sha256')
    .update(JSON.stringify(entries.map(({ id, user_name }) => [id, user_name ?? null])))
    .digest('hex');
  return ledger.ask((database) =>
    database.transaction().execute(async (transaction) => {
      const { rows } = await sql<{ repeated: boolean }>`
        select exists (
          select from sweep_pages
          where ${ofAttempt(of)} and list = ${list} and page <> ${page} and items > 0 and ids_digest = ${digest}
        ) as repeated`.execute(transaction);
      const { rows: kept } = await sql<{ replaced: boolean }>`
        insert into sweep_pages (federation_id, sweep_id, attempt, list, page, items, ids_digest)
        values (${federationId}, ${sweepId}, ${attempt}, ${list}, ${page}, ${entries.length}, ${digest})
        on conflict (federation_id, sweep_id, attempt, list, page)
        do update set items = excluded.items, ids_digest = excluded.ids_digest
        returning xmax <> 0 as replaced`.execute(transaction);
      if (kept[0]?.replaced === true) {
        await sql`delete from sweep_entries where ${ofAttempt(of)} and list = ${list} and page = ${page}`.execute(
          transaction,
        );
      }
      if (entries.length > 0) {
        await sql`
          insert into sweep_entries
          select ${federationId}, ${sweepId}, ${attempt}::integer, ${list}, ${page}::integer, entry.*
          from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as entry(
            id text, login text, email text, status text, created_at text, last_login text, external_id text,
            user_name text, assignment_status text, assignment_scope text, end_date text
          )`.execute(transaction);
      }
      return { repeated: rows[0]?.repeated === true };
    }),
  );
}

/** Lets PostgreSQL count what was read: without that it plans a join of hundreds of thousands as if they were a few. */
export async function countReads(ledger: Ledger): Promise<void> {
  await ledger.ask((database) => sql`analyze sweep_entries`.execute(database));
}

/** Whether the ledger holds every page and every entry that was read. */
export function holdsReads(ledger: Ledger, of: SweepAttempt, lists: readonly ListRead[]): Promise<boolean> {
  return ledger.ask(async (database) => {
    const { rows } = await sql<{ list: string; pages: number; items: number; entries: number }>`
      select list, count(*)::integer as pages, sum(items)::integer as items,
        (select count(*)::integer from sweep_entries as entries
         where ${ofAttempt(of)} and entries.list = pages.list) as entries
      from sweep_pages as pages
      where ${ofAttempt(of)} group by list`.execute(database);
    return lists.every(({ list, pages, items }) => {
      if (pages === 0) return true;
      const held = rows.find((row) => row.list === list);
      return held?.pages === pages && held.items === items && held.entries >= items;
    });
  });
}

/** Drops what the sweep has read: its findings stay. */
export async function dropReads(ledger: Ledger, federationId: string, sweepId: string): Promise<void> {
  await ledger.ask((database) =>
    database.transaction().execute(async (transaction) => {
      const of = sql`federation_id = ${federationId} and sweep_id = ${sweepId}`;
      await sql`delete from sweep_entries where ${of}`.execute(transaction);
      await sql`delete from sweep_pages where ${of}`.execute(transaction);
    }),
  );
}
