import type { TestProject } from 'vitest/node';
import { openLedger } from '../../src/ledger/ledger.js';
import { startPostgres, whyNoPostgres } from '../world/start-postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL database with the ledger's schema, from which each world's is made; null where none can be started. */
    ledgerTemplate: string | null;
    /** A ledger for worker processes that need one and look at nothing of others in it. */
    sharedLedger: string;
  }
}

/** One PostgreSQL server for all tests of this run: an embedded ledger takes seconds of processor time to open. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (whyNoPostgres() !== null) {
    project.provide('ledgerTemplate', null);
    project.provide('sharedLedger', 'embedded:');
    return async () => {};
  }
  const server = await startPostgres();
  const ledger = openLedger(server.url);
  await ledger.ask((database) => database.selectFrom('sweeps').select('id').execute());
  await ledger.close();
  project.provide('ledgerTemplate', server.url);
  project.provide('sharedLedger', await server.create('shared'));
  return server.stop;
}
