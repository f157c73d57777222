import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit.js';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../world/start-postgres.js';

/** A ledger of a test, empty at its beginning. */
export interface TestLedger {
  readonly ledger: Ledger;
  /** Another client of the same database; the same one where there is no server. */
  another(): Ledger;
}

const kinds = [
  { kind: 'embedded', why: null },
  { kind: 'PostgreSQL', why: whyNoPostgres() },
];

/** Runs the tests with the embedded ledger, and with a PostgreSQL server. */
export function describeWithEachLedger(subject: string, tests: (at: TestLedger) => void): void {
  for (const { kind, why } of kinds)
    describe.skipIf(why !== null)(`${subject}, ${kind}${why === null ? '' : `: ${why}`}`, () => {
      let server: TestPostgres | null = null;
      const opened: Ledger[] = [];
      const open = () => {
        const ledger = openLedger(server?.url ?? 'embedded:');
        opened.push(ledger);
        return ledger;
      };
      beforeAll(async () => {
        server = kind === 'embedded' ? null : await startPostgres();
        await open().ask((database) => database.selectFrom('sweeps').select('id').execute());
      }, 240_000);
      afterAll(async () => {
        await Promise.all(opened.map((ledger) => ledger.close()));
        await server?.stop();
      });
      tests({
        get ledger() {
          const [first] = opened;
          if (first === undefined) throw new Error('the ledger is not open');
          return first;
        },
        another() {
          return server === null ? this.ledger : open();
        },
      });
    });
}

/** A minute of the first of January, as the ledger's rows have it. */
export function minute(number: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString();
}

/** An entry of the audit: an operator has offboarded Bob. */
export function auditEntry(said: Partial<AuditEntry> = {}): AuditEntry {
  return {
    entryId: randomUUID(),
    at: minute(0),
    action: 'user.offboard',
    federationId: 'f',
    outcome: 'accepted',
    code: null,
    details: { status: 202 },
    actor: { name: 'operator@tests', sourceAddress: '192.0.2.1', userAgent: null },
    subject: { login: 'Bob@acme.example', reason: 'left', ticket: null, idempotencyKey: null },
    ...said,
  };
}
