import { sql, type Transaction } from 'kysely';
import { type AuditEntry, entryIdOf } from '../domain/audit.js';
import type { FindingOutcome, NewSweep, SweepRecord } from '../domain/sweep.js';
import { appendAudit } from './audit.js';
import { ofAttempt, type SweepAttempt } from './sweep-reads.js';
import type { LedgerTables } from './tables.js';

function entry(
  action: AuditEntry['action'],
  { federationId, sweepId }: Omit<SweepAttempt, 'attempt'>,
  startedBy: string,
  rest: Pick<AuditEntry, 'entryId' | 'at' | 'details'> & Partial<AuditEntry>,
): AuditEntry {
  return {
    action,
    federationId,
    outcome: 'done',
    code: null,
    actor: { name: startedBy, sourceAddress: null, userAgent: null },
    subject: null,
    ...rest,
    details: { sweep: sweepId, ...rest.details },
  };
}

/** Enters that a sweep has begun, by whom and what for. */
export async function auditBegin(
  transaction: Transaction<LedgerTables>,
  { id: sweepId, federationId, spec, trigger, actor }: NewSweep,
  now: string,
): Promise<void> {
  const entryId = entryIdOf('sweep.begin', federationId, sweepId);
  const details = { trigger, mode: spec.mode, scope: spec.scope === 'everyone' ? 'everyone' : 'users' };
  await appendAudit(transaction, [
    entry('sweep.begin', { federationId, sweepId }, actor.name, { entryId, at: now, details }),
  ]);
}

/** Enters how a sweep has ended. */
export async function auditEnd(
  transaction: Transaction<LedgerTables>,
  record: SweepRecord,
  endedAt: string,
): Promise<void> {
  const { id: sweepId, federationId, trigger, state, attempt, population, actions, startedBy } = record;
  const entryId = entryIdOf('sweep.end', federationId, sweepId);
  const details = { trigger, state, attempt, population, ...actions };
  await appendAudit(transaction, [
    entry('sweep.end', { federationId, sweepId }, startedBy, { entryId, at: endedAt, details }),
  ]);
}

interface Ended {
  readonly sp_user_id: string;
  readonly idp_user_id: string | null;
  readonly login: string | null;
  readonly kind: string;
  readonly action: string;
}

/** Enters what became of users on the list of actions, as the transaction keeps it. */
export async function auditOutcomes(
  transaction: Transaction<LedgerTables>,
  of: SweepAttempt,
  outcomes: readonly FindingOutcome[],
  now: string,
): Promise<void> {
  const { rows } = await sql<Ended>`
    select sp_user_id, idp_user_id, login, kind, action from findings
    where ${ofAttempt(of)} and sp_user_id = any (${outcomes.map(({ spUserId }) => spUserId)})`.execute(transaction);
  const starter = await transaction
    .selectFrom('sweeps')
    .select([sql<string | null>`coalesce(started_by, record->>'startedBy')`.as('by'), 'trigger'])
    .where('federation_id', '=', of.federationId)
    .where('id', '=', of.sweepId)
    .executeTakeFirst();
  const entries = outcomes.flatMap(({ spUserId, outcome, changed, transition }) => {
    const found = rows.find((row) => row.sp_user_id === spUserId);
    if (found === undefined || outcome === 'pending') return [];
    const { idp_user_id: idpUserId, login, kind, action } = found;
    const about = { spUserId, idpUserId, kind, action, changed, transition };
    return [
      entry('sweep.user', of, starter?.by ?? 'unknown', {
        entryId: entryIdOf('sweep.user', of.federationId, of.sweepId, of.attempt, spUserId),
        at: now,
        outcome,
        details: { trigger: starter?.trigger ?? null, attempt: of.attempt, ...about },
        subject: login === null ? null : { login, reason: null, ticket: null, idempotencyKey: null },
      }),
    ];
  });
  if (entries.length > 0) await appendAudit(transaction, entries);
}
