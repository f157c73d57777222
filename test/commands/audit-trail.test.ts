import { Client, Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { AuditTrail } from '../../src/commands/audit-trail.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { auditEntry } from '../ledger/each-ledger.js';

it('a row that neither the ledger nor Temporal takes holds no command up, and is told without personal data', async () => {
  const client = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
  const ledger = openLedger('postgres://nobody@127.0.0.1:1/none');
  const lost: unknown[] = [];
  const trail = new AuditTrail(client, ledger, (entry) => lost.push(entry));
  const entry = auditEntry();
  await trail.enter(entry);
  expect(lost).toEqual([]);
  await trail.close();
  expect(lost).toEqual([{ entryId: entry.entryId, action: entry.action, at: entry.at }]);
  await ledger.close();
  await client.connection.close();
});
