import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';

/** URL of an empty ledger that no other test uses: a database of the run's PostgreSQL, or embedded where there is none. */
export async function newLedgerUrl(): Promise<string> {
  const template = inject('ledgerTemplate');
  if (template === null) return 'embedded:';
  const url = new URL(template);
  const from = url.pathname.slice(1);
  const name = `ledger_${randomUUID().replaceAll('-', '')}`;
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${from}`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}

/** An empty ledger that no other test uses. */
export async function newLedger(): Promise<Ledger> {
  return openLedger(await newLedgerUrl());
}
