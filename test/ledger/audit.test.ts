import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { appendAudit, auditHead, enterAudit } from '../../src/ledger/audit.js';
import { AuditAppender } from '../../src/ledger/audit-appender.js';
import { checkAudit } from '../../src/ledger/audit-check.js';
import { listAudit } from '../../src/ledger/audit-list.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { describeWithEachLedger, auditEntry as entry, minute } from './each-ledger.js';

describeWithEachLedger('the audit', (at) => {
  it('enters an entry once, however often it is sent, and holds', async () => {
    const one = entry();
    await enterAudit(at.ledger, [one, one]);
    await enterAudit(at.ledger, [one, entry()]);
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, rows: 2, head: { seq: 2 } });
  });

  it('enters nothing of a transaction that does not take effect', async () => {
    const before = await at.ledger.ask(auditHead);
    const undone = at.ledger.ask((database) =>
      database.transaction().execute(async (transaction) => {
        await appendAudit(transaction, [entry()]);
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    expect(await at.ledger.ask(auditHead)).toEqual(before);
  });

  it('stays one chain without a gap when many clients append at the same time', async () => {
    const before = await at.ledger.ask(auditHead);
    const clients: readonly Ledger[] = [at.ledger, at.another(), at.another(), at.another()];
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        enterAudit(clients[index % clients.length] ?? at.ledger, [entry(), entry()]),
      ),
    );
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, head: { seq: before.seq + 120 } });
  });

  it('stays one chain when processes that remember its end append by turns, and at the same time', async () => {
    const before = await at.ledger.ask(auditHead);
    const one = new AuditAppender(at.ledger);
    const other = new AuditAppender(at.another());
    await one.enter([entry()]);
    await one.enter([entry(), entry()]);
    await other.enter([entry()]);
    const twice = entry();
    await one.enter([twice, entry()]);
    await one.enter([twice, twice, entry()]);
    await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? one : other).enter([entry()])));
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, head: { seq: before.seq + 37 } });
  });

  it('does not let a process that remembers its end disturb a transaction that appends', async () => {
    const appender = new AuditAppender(at.another());
    await appender.enter([entry()]);
    const before = await at.ledger.ask(auditHead);
    await Promise.all([
      at.ledger.ask((database) =>
        database.transaction().execute(async (transaction) => {
          for (let round = 0; round < 20; round += 1) await appendAudit(transaction, [entry()]);
        }),
      ),
      ...Array.from({ length: 10 }, () => appender.enter([entry()])),
    ]);
    expect(await checkAudit(at.ledger)).toMatchObject({ intact: true, head: { seq: before.seq + 30 } });
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
    await expect(at.ledger.ask((database) => tampering.execute(database))).rejects.toThrow(/added|anchor/);
  });

  it('finds rows by actor, action, login, outcome, federation and time, the latest first, page by page', async () => {
    await enterAudit(at.ledger, [
      entry({ at: minute(10), federationId: 'listed', action: 'sweep.start', subject: null }),
      entry({ at: minute(11), federationId: 'listed', outcome: 'refused', code: 'O2O_FORBIDDEN' }),
      entry({
        at: minute(12),
        federationId: 'listed',
        actor: { name: 'someone', sourceAddress: null, userAgent: null },
        subject: { login: 'Äda@acme.example', reason: null, ticket: null, idempotencyKey: null },
      }),
    ]);
    const found = async (filter: Parameters<typeof listAudit>[1]) =>
      (await listAudit(at.ledger, { federation: 'listed', ...filter }, null, 10)).map((row) => row.at);
    expect(await found({})).toEqual([minute(12), minute(11), minute(10)]);
    expect(await found({ actor: 'someone' })).toEqual([minute(12)]);
    expect(await found({ login: 'äDA@acme.example' })).toEqual([minute(12)]);
    expect(await found({ action: 'sweep.start' })).toEqual([minute(10)]);
    expect(await found({ outcome: 'refused' })).toEqual([minute(11)]);
    expect(await found({ since: minute(11) })).toEqual([minute(12), minute(11)]);
    expect(await found({ until: minute(11) })).toEqual([minute(10)]);
    const [latest] = await listAudit(at.ledger, { federation: 'listed' }, null, 1);
    const next = await listAudit(at.ledger, { federation: 'listed' }, latest?.seq ?? 0, 1);
    expect(next.map((row) => row.at)).toEqual([minute(11)]);
    expect(latest).toMatchObject({
      action: 'user.offboard',
      actor: { name: 'someone' },
      subject: { login: 'Äda@acme.example' },
      erased: false,
    });
  });

  describe('with its triggers off', () => {
    const tampered = async (statement: string): Promise<unknown> => {
      const undone = new Error('undone');
      let checked: unknown = null;
      const asked = at.ledger.ask((database) =>
        database.transaction().execute(async (transaction) => {
          for (const table of ['audit', 'audit_persons', 'audit_anchor']) {
            await sql`alter table ${sql.table(table)} disable trigger user`.execute(transaction);
          }
          await sql.raw(statement).execute(transaction);
          const inside: Ledger = { embedded: true, ask: (query) => query(transaction), close: async () => {} };
          checked = (await checkAudit(inside)).broken;
          throw undone;
        }),
      );
      await expect(asked).rejects.toBe(undone);
      return checked;
    };

    it.each([
      ["update audit set outcome = 'refused' where seq = 7", 7],
      ['update audit set details = details || \'{"status": 200}\' where seq = 7', 7],
      ["update audit set at = at + interval '1 second' where seq = 7", 7],
      ['with gone as (delete from audit_persons where seq = 7) delete from audit where seq = 7', 7],
      ["delete from audit_persons where seq = 7 and part = 'subject'", 7],
      ["update audit_persons set data = '{}' where seq = 7 and part = 'actor'", 7],
      ['with gone as (delete from audit_persons where seq <= 7) delete from audit where seq <= 7', 1],
    ])('it tells where it was tampered with: %s', async (statement, seq) => {
      expect(await tampered(statement)).toMatchObject({ seq });
    });
  });

  it('notices rows that are missing at its end if somebody has kept a later head', async () => {
    const { head } = await checkAudit(at.ledger);
    expect(await checkAudit(at.ledger, head)).toMatchObject({ intact: true });
    const later = { seq: head.seq + 1, digest: head.digest };
    expect(await checkAudit(at.ledger, later)).toMatchObject({ intact: false, broken: { seq: later.seq } });
    const other = { seq: 3, digest: head.digest };
    expect(await checkAudit(at.ledger, other)).toMatchObject({ intact: false, broken: { seq: 3 } });
  });
});
