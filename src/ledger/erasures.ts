import { sql, type Transaction } from 'kysely';
import { documentWithoutLogin, type Erased } from '../domain/erasure.js';
import { Org2OrgError } from '../domain/errors.js';
import { foldLogin } from '../domain/login.js';
import type { SweepRecord } from '../domain/sweep.js';
import type { Ledger } from './ledger.js';
import type { LedgerTables } from './tables.js';

/** Whose personal data is erased. */
export interface ErasedPerson {
  readonly federationId: string;
  readonly login: string;
  /** Opaque key of the login. */
  readonly userKey: string;
  /** Ids under which either org was just seen to have the user. */
  readonly seenIds: readonly string[];
}

/**
 * Takes login, names and reasons of a person out of findings, proofs, ended sweeps and audit; ids, kinds, times and digests
 * stay. Rows of an earlier login are found by the ids. Carried out again it finds nothing more.
 *
 * @throws Org2OrgError `O2O_ERASURE_BUSY` if a sweep that runs has the user on its list.
 */
export function erasePerson(ledger: Ledger, person: ErasedPerson): Promise<Erased> {
  return ledger.ask((database) =>
    database.transaction().execute(async (transaction) => {
      const ids = await idsOf(transaction, person);
      await refuseWhileListed(transaction, person, ids);
      return {
        findings: await eraseFindings(transaction, person, ids),
        proofs: await eraseProofs(transaction, person, ids),
        sweeps: await eraseFromSweeps(transaction, person),
        auditRows: await eraseFromAudit(transaction, person, ids),
      };
    }),
  );
}

type Ids = readonly string[];

function ofFindings({ federationId, login }: ErasedPerson, ids: Ids) {
  return sql<boolean>`findings.federation_id = ${federationId}
    and (findings.login = any (${[login, foldLogin(login)]}) or sp_user_id = any (${ids}) or idp_user_id = any (${ids}))`;
}

function ofProofs({ federationId, userKey }: ErasedPerson, ids: Ids) {
  return sql<boolean>`proofs.federation_id = ${federationId}
    and (user_key = ${userKey} or sp_user_id = any (${ids}) or idp_user_id = any (${ids}))`;
}

/** Every id under which either org knew the person: as just seen, by the proofs, by the findings. */
async function idsOf(transaction: Transaction<LedgerTables>, person: ErasedPerson): Promise<Ids> {
  const { rows } = await sql<{ id: string }>`
    select distinct id from (
      select unnest(array[sp_user_id, idp_user_id]) as id from proofs where ${ofProofs(person, person.seenIds)}
      union all
      select unnest(array[sp_user_id, idp_user_id]) from findings where ${ofFindings(person, person.seenIds)}
    ) as found where id is not null`.execute(transaction);
  return [...new Set([...person.seenIds, ...rows.map(({ id }) => id)])];
}

async function refuseWhileListed(
  transaction: Transaction<LedgerTables>,
  person: ErasedPerson,
  ids: Ids,
): Promise<void> {
  const { rows } = await sql`
    select from findings join sweeps on sweeps.federation_id = findings.federation_id and sweeps.id = findings.sweep_id
    where ${ofFindings(person, ids)} and outcome = 'pending' and sweeps.ended_at is null limit 1`.execute(transaction);
  if (rows.length > 0) {
    throw new Org2OrgError('O2O_ERASURE_BUSY', { detail: 'a sweep that runs has the user on its list' });
  }
}

async function eraseFindings(transaction: Transaction<LedgerTables>, person: ErasedPerson, ids: Ids): Promise<number> {
  const { numUpdatedRows } = await transaction
    .updateTable('findings')
    .set({ login: null, reason: 'erased', evidence: '{}', note: null })
    .where(ofFindings(person, ids))
    .where('login', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function eraseProofs(transaction: Transaction<LedgerTables>, person: ErasedPerson, ids: Ids): Promise<number> {
  const { numUpdatedRows } = await transaction
    .updateTable('proofs')
    .set({ document: null, user_key: null })
    .where(ofProofs(person, ids))
    .where('document', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The records of ended sweeps name whoever their scope, or their exceptions, named. */
async function eraseFromSweeps(
  transaction: Transaction<LedgerTables>,
  { federationId, login }: ErasedPerson,
): Promise<number> {
  const inJson = JSON.stringify(login).slice(1, -1);
  const { rows } = await sql<{ id: string; record: SweepRecord }>`
    select id, record from sweeps
    where federation_id = ${federationId} and ended_at is not null
      and (position(${inJson} in record::text) > 0 or position(${foldLogin(inJson)} in lower(record::text)) > 0)`.execute(
    transaction,
  );
  let erased = 0;
  for (const { id, record } of rows) {
    const changed = JSON.stringify(documentWithoutLogin(record, login));
    if (changed === JSON.stringify(record)) continue;
    erased += 1;
    await transaction
      .updateTable('sweeps')
      .set({ record: changed })
      .where('federation_id', '=', federationId)
      .where('id', '=', id)
      .execute();
  }
  return erased;
}

async function eraseFromAudit(
  transaction: Transaction<LedgerTables>,
  { federationId, login }: ErasedPerson,
  ids: Ids,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update audit_persons set search_key = null, salt = null, data = null
    from audit
    where audit.seq = audit_persons.seq and audit.federation_id = ${federationId} and part = 'subject' and data is not null
      and (search_key = ${foldLogin(login)} or details->>'spUserId' = any (${ids}))`.execute(transaction);
  return Number(numAffectedRows ?? 0);
}
