import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAudit } from '../../src/ledger/audit-check.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { migrations } from '../../src/ledger/migrations/index.js';
import { keepOutcomes, pendingFindings } from '../../src/ledger/sweep-findings.js';
import { listSweeps } from '../../src/ledger/sweep-runs.js';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../world/start-postgres.js';

const why = whyNoPostgres();

describe.skipIf(why !== null)(`a ledger of the first version${why === null ? '' : `: ${why}`}`, () => {
  let server: TestPostgres;

  beforeAll(async () => {
    server = await startPostgres();
  }, 240_000);
  afterAll(() => server.stop());

  it('keeps what it holds, and what was begun in it goes on', async () => {
    const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: server.url }) });
    const db = new Kysely<unknown>({ dialect });
    const [[name, first] = ['', undefined]] = Object.entries(migrations);
    const provider = { getMigrations: async () => (first === undefined ? {} : { [name]: first }) };
    expect((await new Migrator({ db, provider }).migrateToLatest()).error).toBeUndefined();
    await sql`
      insert into sweeps (id, federation_id, everyone, state, started_at, record)
      values ('s', 'f', true, 'running', now(), '{"startedBy": "operator@tests"}')`.execute(db);
    await sql`
      insert into findings (sweep_id, attempt, federation_id, sp_user_id, login, kind, reason, action, evidence, outcome,
        found_at)
      values ('s', 1, 'f', '00usp', 'bob@acme.example', 'unassigned', 'because', 'suspend', '{}', 'pending', now())`.execute(
      db,
    );
    await db.destroy();

    const ledger = openLedger(server.url);
    const of = { federationId: 'f', sweepId: 's', attempt: 1 };
    expect(await pendingFindings(ledger, of, 10)).toMatchObject([{ spUserId: '00usp' }]);
    const now = new Date().toISOString();
    const done = { spUserId: '00usp', outcome: 'done' as const, changed: true, transition: 1, note: null };
    await keepOutcomes(ledger, of, [done], now, now);
    expect(await listSweeps(ledger, 'f', null, 10)).toMatchObject([{ id: 's' }]);
    expect(await checkAudit(ledger)).toMatchObject({ intact: true, rows: 1 });
    await ledger.close();
  });
});
