import { type Kysely, type Migration, sql } from 'kysely';

/** Proofs, the audit with the personal data beside its rows, and where the audit begins since the oldest were removed. */
export const auditAndProofs: Migration = {
  async up(db) {
    await sql`alter table sweeps add column started_by text`.execute(db);
    await sql`alter table sweeps add column trigger text`.execute(db);
    await sql`create index sweeps_by_end on sweeps (ended_at) where ended_at is not null`.execute(db);
    await sql`create index findings_by_login on findings (federation_id, login)`.execute(db);
    await sql`
    create table proofs (
      federation_id text not null,
      digest text not null,
      user_key text,
      transition integer not null,
      idp_user_id text,
      sp_user_id text,
      proven_at timestamptz not null,
      document json,
      primary key (federation_id, digest)
    )`.execute(db);
    await sql`create index proofs_by_user on proofs (federation_id, user_key, proven_at desc)`.execute(db);
    await sql`create index proofs_by_time on proofs (proven_at)`.execute(db);
    await auditTables(db);
    await appendOnly(db);
  },
};

async function auditTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit (
      seq bigint primary key,
      entry_id uuid not null unique,
      at timestamptz not null,
      action text not null,
      federation_id text,
      outcome text not null,
      code text,
      details jsonb not null,
      actor_digest text not null,
      subject_digest text,
      previous text not null,
      digest text not null
    )`.execute(db);
  await sql`create index audit_by_federation on audit (federation_id, seq)`.execute(db);
  await sql`create index audit_by_time on audit (at)`.execute(db);
  await sql`create index audit_by_sp_user on audit ((details->>'spUserId')) where details->>'spUserId' is not null`.execute(
    db,
  );
  await sql`
    create table audit_persons (
      seq bigint not null references audit (seq),
      part text not null check (part in ('actor', 'subject')),
      search_key text,
      salt text,
      data json,
      primary key (seq, part)
    )`.execute(db);
  await sql`create index audit_persons_by_key on audit_persons (part, search_key, seq)`.execute(db);
  await sql`
    create table audit_anchor (
      one boolean primary key default true check (one),
      seq bigint not null,
      digest text not null,
      moved_at timestamptz not null
    )`.execute(db);
}

/**
 * Rows are only added. The oldest can be removed once the anchor stands at them; the anchor only moves to a row that is
 * there, and forward. Beside a row, a subject can be erased, nothing else changed.
 */
async function appendOnly(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function audit_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if old.seq <= (select seq from audit_anchor) then return old; end if;
      end if;
      raise exception 'rows of % are only added', tg_table_name using errcode = 'restrict_violation';
    end $$`.execute(db);
  await sql`
    create function audit_persons_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if old.seq <= (select seq from audit_anchor) then return old; end if;
      elsif tg_op = 'UPDATE' then
        if new.seq = old.seq and old.part = 'subject' and new.part = 'subject'
          and new.salt is null and new.data is null and new.search_key is null then return new; end if;
      end if;
      raise exception 'rows of % are only added, and subjects erased', tg_table_name using errcode = 'restrict_violation';
    end $$`.execute(db);
  await sql`
    create function audit_anchor_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        if exists (select from audit where seq = new.seq and digest = new.digest) then return new; end if;
      elsif tg_op = 'UPDATE' then
        if new.seq > old.seq and exists (select from audit where seq = new.seq and digest = new.digest) then
          return new;
        end if;
      end if;
      raise exception 'the anchor only moves forward, to a row that is there' using errcode = 'restrict_violation';
    end $$`.execute(db);
  await sql`
    create trigger audit_guard before update or delete on audit for each row execute function audit_guard()`.execute(
    db,
  );
  await sql`
    create trigger audit_persons_guard before update or delete on audit_persons
    for each row execute function audit_persons_guard()`.execute(db);
  await sql`
    create trigger audit_anchor_guard before insert or update or delete on audit_anchor
    for each row execute function audit_anchor_guard()`.execute(db);
  for (const table of ['audit', 'audit_persons', 'audit_anchor'] as const) {
    await sql`
      create trigger ${sql.raw(table)}_is_kept before truncate on ${sql.raw(table)}
      for each statement execute function audit_guard()`.execute(db);
  }
}
