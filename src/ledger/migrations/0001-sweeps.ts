import { type Migration, sql } from 'kysely';

/** Sweeps, what they found, the suspensions that hold, and the working set of those that run. */
export const sweeps: Migration = {
  async up(db) {
    await sql`
    create table sweeps (
      id text not null,
      federation_id text not null,
      everyone boolean not null,
      state text not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      record jsonb,
      primary key (federation_id, id)
    )`.execute(db);
    await sql`create index sweeps_by_start on sweeps (federation_id, started_at desc)`.execute(db);
    await sql`
    create table findings (
      sweep_id text not null,
      attempt integer not null,
      federation_id text not null,
      sp_user_id text collate "C" not null,
      idp_user_id text,
      login text,
      kind text not null,
      reason text not null,
      action text not null,
      evidence jsonb not null,
      outcome text,
      transition integer,
      note text,
      found_at timestamptz not null,
      ended_at timestamptz,
      primary key (federation_id, sweep_id, attempt, sp_user_id)
    )`.execute(db);
    await sql`
    create table suspensions (
      federation_id text not null,
      sp_user_id text not null,
      sweep_id text not null,
      deactivate_at timestamptz,
      primary key (federation_id, sp_user_id)
    )`.execute(db);
    await sql`
    create unlogged table sweep_pages (
      federation_id text not null,
      sweep_id text not null,
      attempt integer not null,
      list text not null,
      page integer not null,
      items integer not null,
      ids_digest text not null,
      primary key (federation_id, sweep_id, attempt, list, page)
    )`.execute(db);
    await sql`
    create unlogged table sweep_entries (
      federation_id text not null,
      sweep_id text not null,
      attempt integer not null,
      list text not null,
      page integer not null,
      id text collate "C" not null,
      login text,
      email text,
      status text,
      created_at text,
      last_login text,
      external_id text collate "C",
      user_name text,
      assignment_status text,
      assignment_scope text,
      end_date text
    )`.execute(db);
    await sql`create index sweep_entries_by_page on sweep_entries (federation_id, sweep_id, attempt, list, page)`.execute(
      db,
    );
    await sql`
    create index sweep_entries_by_sp_user on sweep_entries (federation_id, sweep_id, attempt, id)
    where list <> 'assignments' and list <> 'otherIdpUsers'`.execute(db);
    await sql`
    create index sweep_entries_by_external_id on sweep_entries (federation_id, sweep_id, attempt, external_id)
    where list = 'assignments'`.execute(db);
    await sql`
    create index sweep_entries_by_user_name on sweep_entries (federation_id, sweep_id, attempt, user_name)
    where list = 'assignments' or list = 'otherIdpUsers'`.execute(db);
  },
};
