import { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

/**
 * PostgreSQL in the memory of this process, behind the pool that Kysely's PostgreSQL dialect asks for. There is one
 * connection: whoever has it keeps it until the end of the transaction, the others wait. A query inside another one would
 * wait for ever.
 */
export function embeddedPool(): PostgresPool {
  let opened: PGlite | null = null;
  const database = () => {
    opened ??= new PGlite();
    return opened;
  };
  let free: Promise<void> = Promise.resolve();
  return {
    async connect(): Promise<PostgresPoolClient> {
      const before = free;
      let release = () => {};
      free = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      const query = async (sql: string, parameters: readonly unknown[]) => {
        const { rows, affectedRows } = await database().query(sql, [...parameters]);
        return { command: commandOf(sql), rowCount: affectedRows ?? rows.length, rows };
      };
      return { query, release } as unknown as PostgresPoolClient;
    },
    end: async () => opened?.close(),
  };
}

const commands = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'] as const;

/** What kind of statement it is, as PostgreSQL's own protocol would tell. */
function commandOf(sql: string): 'SELECT' | (typeof commands)[number] {
  const first = sql.trimStart().slice(0, 6).toUpperCase();
  return commands.find((command) => first.startsWith(command)) ?? 'SELECT';
}
