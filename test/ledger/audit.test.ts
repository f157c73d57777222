import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/domain/audit.js';
import { appendAudit, auditHead, enterAudit } from '../../src/ledger/audit.js';
import { checkAudit } from '../../src/ledger/audit-check.js';
import { listAudit } from '../../src/ledger/audit-list.js';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../world/start-postgres.js';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

function entry(said: Partial<AuditEntry> = {}): AuditEntry {
  return {
    entryId: randomUUID(),
    at: at(0),
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

const kinds = [
  { kind: 'embedded', why: null },
  { kind: 'PostgreSQL', why: whyNoPostgres() },
];

for (const { kind, why } of kinds)
  describe.skipIf(why !== null)(`the audit, ${kind}${why === null ? '' : `: ${why}`}`, () => {
    let server: TestPostgres | null = null;
    let ledger: Ledger;

    beforeAll(async () => {
      server = kind === 'embedded' ? null : await startPostgres();
      ledger = openLedger(server?.url ?? 'embedded:');
    }, 120_000);
    afterAll(async () => {
      await ledger.close();
      await server?.stop();
    });

    it('enters an entry once, however often it is sent, and holds', async () => {
      const one = entry();
      await enterAudit(ledger, [one, one]);
      await enterAudit(ledger, [one, entry()]);
      expect(await checkAudit(ledger)).toMatchObject({ intact: true, rows: 2, head: { seq: 2 } });
    });

    it('enters nothing of a transaction that does not take effect', async () => {
      const before = await ledger.ask(auditHead);
      const undone = ledger.ask((database) =>
        database.transaction().execute(async (transaction) => {
          await appendAudit(transaction, [entry()]);
          throw new Error('undone');
        }),
      );
      await expect(undone).rejects.toThrow('undone');
      expect(await ledger.ask(auditHead)).toEqual(before);
    });

    it('stays one chain without a gap when many clients append at the same time', async () => {
      const others = server === null ? [] : [openLedger(server.url), openLedger(server.url), openLedger(server.url)];
      const before = await ledger.ask(auditHead);
      const clients = [ledger, ...others];
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          enterAudit(clients[index % clients.length] ?? ledger, [entry(), entry()]),
        ),
      );
      expect(await checkAudit(ledger)).toMatchObject({ intact: true, head: { seq: before.seq + 120 } });
      await Promise.all(others.map((other) => other.close()));
    });

    it.each([
      ['a row is changed', sql`update audit set outcome = 'refused' where seq = 1`],
      ['a row is removed', sql`delete from audit where seq = 1`],
      ['who acted is changed', sql`update audit_persons set data = '{}' where seq = 1 and part = 'actor'`],
      [
        'who acted is erased',
        sql`update audit_persons set data = null, salt = null, search_key = null where part = 'actor'`,
      ],
      ['a subject is changed', sql`update audit_persons set data = '{}' where seq = 1 and part = 'subject'`],
      ['personal data is removed', sql`delete from audit_persons where seq = 1`],
      ['everything is removed', sql`truncate audit cascade`],
      [
        'the anchor is put somewhere',
        sql`insert into audit_anchor (seq, digest, moved_at) values (5, 'sha256:0', now())`,
      ],
    ])('does not let it happen that %s', async (_, tampering) => {
      await expect(ledger.ask((database) => tampering.execute(database))).rejects.toThrow(/added|anchor/);
    });

    it('finds rows by actor, action, login, outcome, federation and time, the latest first, page by page', async () => {
      await enterAudit(ledger, [
        entry({ at: at(10), federationId: 'listed', action: 'sweep.start', subject: null }),
        entry({ at: at(11), federationId: 'listed', outcome: 'refused', code: 'O2O_FORBIDDEN' }),
        entry({
          at: at(12),
          federationId: 'listed',
          actor: { name: 'someone', sourceAddress: null, userAgent: null },
          subject: { login: 'Äda@acme.example', reason: null, ticket: null, idempotencyKey: null },
        }),
      ]);
      const found = async (filter: Parameters<typeof listAudit>[1]) =>
        (await listAudit(ledger, { federation: 'listed', ...filter }, null, 10)).map((row) => row.at);
      expect(await found({})).toEqual([at(12), at(11), at(10)]);
      expect(await found({ actor: 'someone' })).toEqual([at(12)]);
      expect(await found({ login: 'äDA@acme.example' })).toEqual([at(12)]);
      expect(await found({ action: 'sweep.start' })).toEqual([at(10)]);
      expect(await found({ outcome: 'refused' })).toEqual([at(11)]);
      expect(await found({ since: at(11) })).toEqual([at(12), at(11)]);
      expect(await found({ until: at(11) })).toEqual([at(10)]);
      const [latest] = await listAudit(ledger, { federation: 'listed' }, null, 1);
      const next = await listAudit(ledger, { federation: 'listed' }, latest?.seq ?? 0, 1);
      expect(next.map((row) => row.at)).toEqual([at(11)]);
      expect(latest).toMatchObject({
        action: 'user.offboard',
        actor: { name: 'someone' },
        subject: { login: 'Äda@acme.example' },
        erased: false,
      });
    });
  });
