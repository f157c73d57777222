import { sql } from 'kysely';
import type { NewSweep, SweepBaseline, SweepRecord } from '../domain/sweep.js';
import type { Ledger } from './ledger.js';
import { auditBegin, auditEnd } from './sweep-audit.js';

/** Enters a sweep that begins, into the audit too; one that was entered before stays as it is. */
export async function enterSweep(ledger: Ledger, sweep: NewSweep, now: string): Promise<void> {
  const { id, federationId, spec, actor, trigger } = sweep;
  const everyone = spec.scope === 'everyone';
  await ledger.ask((database) =>
    database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('sweeps')
        .values({
          id,
          federation_id: federationId,
          everyone,
          state: 'running',
          started_by: actor.name,
          trigger,
          started_at: now,
          ended_at: null,
          record: 'null',
        })
        .onConflict((conflict) => conflict.columns(['federation_id', 'id']).doNothing())
        .execute();
      await auditBegin(transaction, sweep, now);
    }),
  );
}

/** Other sweeps of everyone in the federation that have not ended, as far as the ledger knows; the oldest first. */
export function openSweeps(ledger: Ledger, federationId: string, exceptId: string): Promise<readonly string[]> {
  return ledger.ask(async (database) => {
    const rows = await database
      .selectFrom('sweeps')
      .select('id')
      .where('federation_id', '=', federationId)
      .where('everyone', '=', true)
      .where('ended_at', 'is', null)
      .where('id', '<>', exceptId)
      .orderBy('started_at')
      .execute();
    return rows.map(({ id }) => id);
  });
}

/** Sweeps of the federation that have not ended, of some users or of everyone, as far as the ledger knows. */
export function unendedSweeps(ledger: Ledger, federationId: string): Promise<readonly string[]> {
  return ledger.ask(async (database) => {
    const rows = await database
      .selectFrom('sweeps')
      .select('id')
      .where('federation_id', '=', federationId)
      .where('ended_at', 'is', null)
      .orderBy('started_at')
      .execute();
    return rows.map(({ id }) => id);
  });
}

/** Marks a sweep whose workflow is gone as ended. */
export async function closeSweep(ledger: Ledger, federationId: string, sweepId: string, now: string): Promise<void> {
  await ledger.ask((database) =>
    database
      .updateTable('sweeps')
      .set({ state: 'stopped', ended_at: now })
      .where('federation_id', '=', federationId)
      .where('id', '=', sweepId)
      .where('ended_at', 'is', null)
      .execute(),
  );
}

/** Keeps the sweep as it stands; enters its end into the audit. */
export async function keepSweep(ledger: Ledger, record: SweepRecord): Promise<void> {
  const { id, federationId, spec, state, trigger, startedBy, startedAt, endedAt } = record;
  const everyone = spec.scope === 'everyone';
  const started = { started_by: startedBy, trigger, started_at: startedAt };
  const changing = { state, ended_at: endedAt, record: JSON.stringify(record) };
  await ledger.ask((database) =>
    database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('sweeps')
        .values({ id, federation_id: federationId, everyone, ...started, ...changing })
        .onConflict((conflict) => conflict.columns(['federation_id', 'id']).doUpdateSet(changing))
        .execute();
      if (endedAt !== null) await auditEnd(transaction, record, endedAt);
    }),
  );
}

/** Condition that a sweep is one of everyone that went through: the last of a federation is what the next is compared with. */
export const isComplete = sql<boolean>`everyone and state = 'done' and record->>'listDigest' is not null`;

/** What the last sweep of everyone has read that was done: a list that nobody approved is no measure. Null if there was none. */
export function baselineOf(ledger: Ledger, federationId: string): Promise<SweepBaseline | null> {
  return ledger.ask(async (database) => {
    const row = await database
      .selectFrom('sweeps')
      .select('record')
      .where('federation_id', '=', federationId)
      .where(isComplete)
      .orderBy('ended_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    const record = row?.record ?? null;
    if (record === null) return null;
    return {
      sweepId: record.id,
      at: record.endedAt ?? record.updatedAt,
      population: record.population,
      source: record.source,
      lists: record.lists.map(({ list, items }) => ({ list, items })),
    };
  });
}

/** A sweep as the ledger has it; null if it does not know it. */
export function findSweep(ledger: Ledger, federationId: string, sweepId: string): Promise<SweepRecord | null> {
  return ledger.ask(async (database) => {
    const row = await database
      .selectFrom('sweeps')
      .select('record')
      .where('federation_id', '=', federationId)
      .where('id', '=', sweepId)
      .executeTakeFirst();
    return row?.record ?? null;
  });
}

/** The sweeps of a federation, the latest first, that began before the given time. */
export function listSweeps(
  ledger: Ledger,
  federationId: string,
  before: string | null,
  limit: number,
): Promise<readonly { readonly id: string; readonly startedAt: string; readonly record: SweepRecord | null }[]> {
  return ledger.ask(async (database) => {
    let query = database
      .selectFrom('sweeps')
      .select(['id', 'started_at', 'record'])
      .where('federation_id', '=', federationId)
      .orderBy('started_at', 'desc')
      .limit(limit);
    if (before !== null) query = query.where('started_at', '<', sql<Date>`${before}::timestamptz`);
    const rows = await query.execute();
    return rows.map(({ id, started_at, record }) => ({ id, startedAt: started_at.toISOString(), record }));
  });
}
