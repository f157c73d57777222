import { type Selectable, sql } from 'kysely';
import type { Facts } from '../domain/evidence.js';
import type { FindingKind, FindingOutcome, Outcome, PlannedAction, SweepFinding } from '../domain/sweep.js';
import type { Ledger } from './ledger.js';
import { auditOutcomes } from './sweep-audit.js';
import { ofAttempt, type SweepAttempt } from './sweep-reads.js';
import type { FindingsTable } from './tables.js';

/** A finding with what became of it. */
export interface KeptFinding extends SweepFinding {
  readonly outcome: Outcome | null;
  readonly transition: number | null;
  readonly note: string | null;
  readonly foundAt: string;
}

/** Drops what an earlier try to judge has found, so that it does not stand beside what this one finds. */
export async function dropFindings(ledger: Ledger, of: SweepAttempt): Promise<void> {
  await ledger.ask((database) =>
    database
      .deleteFrom('findings')
      .where(ofAttempt(of))
      .where((row) => row.or([row('outcome', 'is', null), row('outcome', '=', 'pending')]))
      .execute(),
  );
}

/** Keeps findings; those of an earlier try are replaced, unless something was done about them. */
export async function keepFindings(
  ledger: Ledger,
  of: SweepAttempt,
  findings: readonly SweepFinding[],
  now: string,
): Promise<void> {
  if (findings.length === 0) return;
  const { federationId, sweepId, attempt } = of;
  const rows = findings.map(({ spUserId, idpUserId, action, ...rest }) => ({
    ...rest,
    sp_user_id: spUserId,
    idp_user_id: idpUserId,
    action,
    outcome: action === 'none' ? null : 'pending',
  }));
  await ledger.ask((database) =>
    sql`
      insert into findings (sweep_id, attempt, federation_id, sp_user_id, idp_user_id, login, kind, reason, action,
        evidence, outcome, found_at)
      select ${sweepId}, ${attempt}::integer, ${federationId}, found.sp_user_id, found.idp_user_id, found.login, found.kind,
        found.reason, found.action, found.evidence, found.outcome, ${now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as found(
        sp_user_id text, idp_user_id text, login text, kind text, reason text, action text, evidence jsonb, outcome text)
      on conflict (federation_id, sweep_id, attempt, sp_user_id) do update
      set idp_user_id = excluded.idp_user_id, login = excluded.login, kind = excluded.kind, reason = excluded.reason,
        action = excluded.action, evidence = excluded.evidence, outcome = excluded.outcome
      where findings.outcome is null or findings.outcome = 'pending'`.execute(database),
  );
}

/** A finding as the ledger has it. */
export function findingOf(row: Selectable<FindingsTable>): SweepFinding {
  return {
    spUserId: row.sp_user_id,
    idpUserId: row.idp_user_id,
    login: row.login ?? '',
    kind: row.kind as FindingKind,
    reason: row.reason,
    action: row.action as PlannedAction,
    evidence: row.evidence as Facts,
  };
}

/** Which findings are asked for; what is left out does not matter. */
export interface FindingFilter {
  readonly kind?: FindingKind | undefined;
  readonly action?: PlannedAction | undefined;
  readonly outcome?: Outcome | undefined;
  /** Only those on the list of actions, or only the others. */
  readonly listed?: boolean | undefined;
  readonly spUserId?: string | undefined;
  readonly login?: string | undefined;
}

/** Findings of the sweep's last attempt, ordered by the SP user's id, after the given one. */
export function listFindings(
  ledger: Ledger,
  of: Omit<SweepAttempt, 'attempt'>,
  { kind, action, outcome, listed, spUserId, login }: FindingFilter,
  after: string | null,
  limit: number,
): Promise<readonly KeptFinding[]> {
  return ledger.ask(async (database) => {
    let query = database
      .selectFrom('findings')
      .selectAll()
      .where('federation_id', '=', of.federationId)
      .where('sweep_id', '=', of.sweepId)
      .where(
        'attempt',
        '=',
        sql<number>`(select max(attempt) from findings
          where federation_id = ${of.federationId} and sweep_id = ${of.sweepId})`,
      )
      .orderBy('sp_user_id')
      .limit(limit);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (action !== undefined) query = query.where('action', '=', action);
    if (outcome !== undefined) query = query.where('outcome', '=', outcome);
    if (listed !== undefined) query = query.where('action', listed ? '<>' : '=', 'none');
    if (spUserId !== undefined) query = query.where('sp_user_id', '=', spUserId);
    if (login !== undefined) query = query.where(sql<boolean>`lower(login) = ${login.toLowerCase()}`);
    if (after !== null) query = query.where('sp_user_id', '>', after);
    const rows = await query.execute();
    return rows.map((row) => ({
      ...findingOf(row),
      outcome: row.outcome as Outcome | null,
      transition: row.transition,
      note: row.note,
      foundAt: row.found_at.toISOString(),
    }));
  });
}

/** The next findings of the attempt on which nothing was done yet, ordered by the SP user's id. */
export function pendingFindings(ledger: Ledger, of: SweepAttempt, limit: number): Promise<readonly SweepFinding[]> {
  return ledger.ask(async (database) => {
    const rows = await database
      .selectFrom('findings')
      .selectAll()
      .where(ofAttempt(of))
      .where('outcome', '=', 'pending')
      .orderBy('sp_user_id')
      .limit(limit)
      .execute();
    return rows.map(findingOf);
  });
}

/** Keeps what became of findings, and which suspensions hold since or do not hold any more; enters it into the audit. */
export async function keepOutcomes(
  ledger: Ledger,
  of: SweepAttempt,
  outcomes: readonly FindingOutcome[],
  now: string,
  deactivateAt: string,
): Promise<void> {
  if (outcomes.length === 0) return;
  const ended = sql`jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as ended(
    "spUserId" text, outcome text, changed boolean, transition integer, note text)`;
  await ledger.ask((database) =>
    database.transaction().execute(async (transaction) => {
      await sql`
        update findings set outcome = ended.outcome, transition = ended.transition, note = ended.note,
          ended_at = ${now}::timestamptz
        from ${ended} where ${ofAttempt(of)} and findings.sp_user_id = ended."spUserId"`.execute(transaction);
      const done = sql`
        select findings.sp_user_id, action, changed from findings join ${ended} on findings.sp_user_id = ended."spUserId"
        where ${ofAttempt(of)} and findings.outcome = 'done'`;
      await sql`
        insert into suspensions (federation_id, sp_user_id, sweep_id, deactivate_at, found)
        select ${of.federationId}, sp_user_id, ${of.sweepId},
          case when action = 'suspendThenDeactivate' then ${deactivateAt}::timestamptz end, not changed
        from (${done}) as done where action like 'suspend%'
        on conflict (federation_id, sp_user_id)
        do update set sweep_id = excluded.sweep_id, deactivate_at = excluded.deactivate_at,
          found = suspensions.found and excluded.found`.execute(transaction);
      await sql`
        delete from suspensions where federation_id = ${of.federationId} and sp_user_id in (
          select sp_user_id from (${done}) as done where action in ('deactivate', 'resume'))`.execute(transaction);
      await auditOutcomes(transaction, of, outcomes, now);
    }),
  );
}

/**
 * Forgets suspensions of users who are seen in another status now: a later suspension is somebody else's. Who is not seen
 * at all tells nothing.
 */
export async function forgetEndedSuspensions(ledger: Ledger, of: SweepAttempt): Promise<void> {
  await ledger.ask((database) =>
    sql`
      delete from suspensions where suspensions.federation_id = ${of.federationId} and exists (
        select from sweep_entries
        where ${ofAttempt(of)} and id = suspensions.sp_user_id and status <> 'SUSPENDED'
          and list <> 'assignments' and list <> 'otherIdpUsers')`.execute(database),
  );
}
