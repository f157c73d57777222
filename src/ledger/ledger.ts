import { Kysely, Migrator, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import { Org2OrgError } from '../domain/errors.js';
import { embeddedPool } from './embedded.js';
import { migrations } from './migrations/index.js';
import type { LedgerTables } from './tables.js';

export type LedgerDatabase = Kysely<LedgerTables>;

/** Our own database: sweeps, what they read and found. Losing it loses reports, never correctness. */
export interface Ledger {
  /** Whether it lives in this process: no other process sees it then. */
  readonly embedded: boolean;
  /**
   * Carries out queries. Before the first one the schema is brought up to date; two processes that do so at the same time
   * wait for each other.
   *
   * @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE`, retryable, if the database does not answer.
   */
  ask<Result>(query: (database: LedgerDatabase) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** How many connections one process has, and how long it waits for one, in milliseconds. */
const connections = { max: 8, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 } as const;

/**
 * Opens the ledger that the URL names, `embedded:` in the memory of this process or `postgres://…`; nothing is read or
 * written before the first query.
 */
export function openLedger(url: string): Ledger {
  const embedded = url === 'embedded:';
  const pool = embedded ? embeddedPool() : serverPool(url);
  const database = new Kysely<LedgerTables>({ dialect: new PostgresDialect({ pool }) });
  let migrated: Promise<void> | null = null;
  const ready = async () => {
    migrated ??= migrate(database);
    await migrated.catch((error) => {
      migrated = null;
      throw error;
    });
  };
  return {
    embedded,
    async ask(query) {
      try {
        await ready();
        return await query(database);
      } catch (error) {
        throw isAway(error) ? new Org2OrgError('O2O_LEDGER_UNAVAILABLE', {}, { cause: error }) : error;
      }
    },
    close: () => database.destroy(),
  };
}

async function migrate(db: LedgerDatabase): Promise<void> {
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (error !== undefined) throw error;
}

function serverPool(connectionString: string): PostgresPool {
  const pool = new pg.Pool({ connectionString, ...connections });
  // A connection that breaks while nobody asks it, in the pool or between two queries of a transaction: the next query
  // opens another one, or says what is wrong. Unheard, the event would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Conditions of PostgreSQL that pass: connection lost, server shutting down or starting, too many connections. */
const passing = /^(08|57P|53)/;

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isAway);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    passing.test(code) ||
    /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      error.message,
    )
  );
}
