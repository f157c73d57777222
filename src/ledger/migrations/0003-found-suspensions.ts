import { type Migration, sql } from 'kysely';

/** Whether a sweep has found a user suspended, or has suspended the user itself. */
export const foundSuspensions: Migration = {
  async up(db) {
    await sql`alter table suspensions add column found boolean not null default false`.execute(db);
  },
};
