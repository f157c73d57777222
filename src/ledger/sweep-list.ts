import { createHash } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { SweepFinding } from '../domain/sweep.js';
import type { Ledger } from './ledger.js';
import { findingOf } from './sweep-findings.js';
import { ofAttempt, type SweepAttempt } from './sweep-reads.js';
import type { FindingsTable } from './tables.js';

/**
 * Digest over a list of actions, to which an approval is bound: SP user, action, finding and IdP user of each, in order of
 * the SP users' ids. `nextOfList` computes the same from what the ledger holds.
 */
export class ListDigest {
  readonly #hash = createHash('sha256');

  add({ spUserId, action, kind, idpUserId }: SweepFinding): void {
    this.#hash.update(`${spUserId} ${action} ${kind} ${idpUserId ?? ''}\n`);
  }

  value(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

/** The next of a list of actions, and the whole list as the ledger holds it at the same moment. */
export interface HeldList {
  readonly digest: string | null;
  /** On how many nothing was done yet. */
  readonly pending: number;
  readonly findings: readonly SweepFinding[];
}

/** The next findings of the attempt on which nothing was done yet, ordered by the SP user's id, with the digest of all. */
export function nextOfList(ledger: Ledger, of: SweepAttempt, limit: number): Promise<HeldList> {
  return ledger.ask(async (database) => {
    const { rows } = await sql<Selectable<FindingsTable> & { digest: string; pending: number }>`
      with list as materialized (select * from findings where ${ofAttempt(of)} and action <> 'none'),
        held as (
          select count(*) filter (where outcome = 'pending')::integer as pending,
            'sha256:' || encode(sha256(convert_to(string_agg(
              concat(sp_user_id, ' ', action, ' ', kind, ' ', idp_user_id, e'\n'), '' order by sp_user_id
            ), 'UTF8')), 'hex') as digest
          from list
        )
      select * from list, held where outcome = 'pending' order by sp_user_id limit ${limit}`.execute(database);
    const [first] = rows;
    return { digest: first?.digest ?? null, pending: first?.pending ?? 0, findings: rows.map(findingOf) };
  });
}
