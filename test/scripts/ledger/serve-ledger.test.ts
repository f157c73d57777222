import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveLedger } from '../../../scripts/ledger/serve-ledger.js';
import { openLedger } from '../../../src/ledger/ledger.js';
import { findSweep } from '../../../src/ledger/sweep-runs.js';

async function served(): Promise<string> {
  const ledger = await serveLedger();
  onTestFinished(() => ledger.stop());
  return ledger.url;
}

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 });
  onTestFinished(() => pool.end());
  return pool;
}

describe('a ledger that is served from memory', () => {
  it('is one for all processes, which bring its schema up to date at the same time', async () => {
    const url = await served();
    const ledgers = [openLedger(url), openLedger(url)];
    onTestFinished(async () => {
      await Promise.all(ledgers.map((ledger) => ledger.close()));
    });
    const before = await Promise.all(ledgers.map((ledger) => findSweep(ledger, 'acme', 'first')));
    expect(before).toEqual([null, null]);
  });

  it('gives every connection its own answers, between errors of others', async () => {
    const url = await served();
    const pools = [poolOf(url), poolOf(url)];
    const asked = Array.from({ length: 200 }, async (_, number) => {
      const pool = pools[number % 2];
      if (number % 9 === 0) await pool?.query('select $1::int / 0', [number]).catch(() => undefined);
      return (await pool?.query<{ number: number }>('select $1::int as number', [number]))?.rows[0]?.number;
    });
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 200 }, (_, number) => number));
  });

  it('takes back what a connection leaves unfinished, and goes on with the next', async () => {
    const pool = poolOf(await served());
    await pool.query('create table kept (number int)');
    const breaks = await pool.connect();
    await breaks.query('begin');
    await breaks.query('insert into kept values (1)');
    breaks.release(true);
    await pool.query('insert into kept values (2)');
    expect((await pool.query('select number from kept')).rows).toEqual([{ number: 2 }]);
  });
});
