import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../world/start-postgres.js';

const none = whyNoPostgres() !== null;

let server: TestPostgres;
let ledger: Ledger;

beforeAll(async () => {
  if (none) return;
  server = await startPostgres();
  ledger = openLedger(server.url);
});
afterAll(async () => {
  if (none) return;
  await ledger.close();
  await server.stop();
});

it.skipIf(none)(
  'a connection that breaks between two queries of a transaction fails what asked, and no more',
  async () => {
    const other = openLedger(server.url);
    const asked = ledger.ask((database) =>
      database.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
        const { pid } = rows[0] ?? {};
        await other.ask((second) => sql`select pg_terminate_backend(${pid})`.execute(second));
        const left = () => other.ask((second) => sql`select from pg_stat_activity where pid = ${pid}`.execute(second));
        await expect.poll(async () => (await left()).rows.length).toBe(0);
        await sql`select 1`.execute(transaction);
      }),
    );
    await expect(asked).rejects.toMatchObject({ problem: { code: 'O2O_LEDGER_UNAVAILABLE', retryable: true } });
    await ledger.ask((database) => sql`select 1`.execute(database));
    await other.close();
  },
);
