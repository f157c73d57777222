import { sql } from 'kysely';
import type { FederationSpec } from '../domain/federation-spec.js';
import type { SourceUser, SweptUser } from '../domain/sweep.js';
import type { Ledger } from './ledger.js';
import { ofAttempt, type SweepAttempt } from './sweep-reads.js';

export type SubjectMatch = FederationSpec['identityProvider']['subjectMatch'];

/** Lists that tell of users only that they are administrators: nobody belongs to the population by them. */
const administrators = sql`('administrators', 'otherAdministrators')`;

/** Everybody who is in the SP org because of the federation, ordered by id, from `after` on. */
function population(of: SweepAttempt, after: string, limit: number | null) {
  return sql`
    select id, max(login) as login, max(email) as email, max(status) as status, max(created_at) as created_at,
      max(last_login) as last_login, bool_or(list = 'identityProviderUsers') as linked,
      bool_or(list = 'accessGroupMembers') as in_group
    from sweep_entries
    where ${ofAttempt(of)} and list <> 'assignments' and list <> 'otherIdpUsers' and id > ${after}
    group by id
    having bool_or(list not in ${administrators}) and max(status) is distinct from 'DEPROVISIONED'
    order by id limit ${limit}`;
}

interface Row {
  readonly id: string;
  readonly login: string | null;
  readonly status: string | null;
  readonly created_at: string | null;
  readonly last_login: string | null;
  readonly linked: boolean;
  readonly in_group: boolean;
  readonly provisioned: boolean;
  readonly administrator: boolean;
  readonly asked: boolean;
  readonly sources: readonly SourceUser[] | null;
  readonly suspended_by: string | null;
  readonly deactivate_at: Date | null;
  readonly found_suspended: boolean | null;
}

/** Joins population and source: up to `limit` users of the SP org after the id, each with whom the IdP org has for it. */
export function joinedUsers(
  ledger: Ledger,
  of: SweepAttempt,
  match: SubjectMatch,
  after: string,
  limit: number,
): Promise<readonly SweptUser[]> {
  const fields = sql`
    id as "idpUserId", login, status, external_id, user_name, assignment_status, assignment_scope, end_date`;
  return ledger.ask(async (database) => {
    const { rows } = await sql<Row>`
      with population as materialized (${population(of, after, limit)})
      select population.*, coalesce(source.provisioned, false) as provisioned, source.sources,
        exists (
          select from sweep_entries as roles
          where ${ofAttempt(of)} and roles.id = population.id and list in ${administrators}
        ) as administrator,
        exists (
          select from sweep_entries as asked
          where ${ofAttempt(of)} and list = 'otherIdpUsers'
            and asked.user_name = any (${names(match)})
        ) as asked,
        suspensions.sweep_id as suspended_by, suspensions.deactivate_at, suspensions.found as found_suspended
      from population
      left join lateral (
        select bool_or(found.external_id = population.id) as provisioned,
          jsonb_agg(jsonb_build_object(
            'idpUserId', found."idpUserId", 'login', found.login, 'status', found.status, 'endDate', found.end_date,
            'assignment', case when found.assignment_status is null then null else jsonb_build_object(
              'status', found.assignment_status, 'scope', found.assignment_scope,
              'externalId', found.external_id, 'userName', found.user_name) end)) as sources
        from (
          select ${fields} from sweep_entries
          where ${ofAttempt(of)} and list = 'assignments' and external_id = population.id
          union
          select ${fields} from sweep_entries
          where ${ofAttempt(of)} and (list = 'assignments' or list = 'otherIdpUsers') and id <> ''
            and user_name = any (${names(match)})
        ) as found
      ) as source on true
      left join suspensions
        on suspensions.federation_id = ${of.federationId} and suspensions.sp_user_id = population.id
      order by population.id`.execute(database);
    return rows.map(sweptUser);
  });
}

/** Everybody, up to `size` at a time: the next ones are on their way while the caller works on these. */
export async function* everybodyJoined(
  ledger: Ledger,
  of: SweepAttempt,
  match: SubjectMatch,
  size: number,
): AsyncGenerator<readonly SweptUser[]> {
  for (let coming = joinedUsers(ledger, of, match, '', size); ; ) {
    const users = await coming;
    const last = users.at(-1);
    if (last === undefined) return;
    coming = joinedUsers(ledger, of, match, last.spUserId, size);
    // Whoever goes on is told of a failure by the next turn.
    coming.catch(() => {});
    yield users;
  }
}

/** The names by which an SP user may be known in the IdP org, as the identity provider matches its subject. */
function names(match: SubjectMatch) {
  if (match === 'USERNAME') return sql`array[population.login]`;
  return match === 'EMAIL' ? sql`array[population.email]` : sql`array[population.login, population.email]`;
}

function sweptUser(row: Row): SweptUser {
  const found = row.sources ?? [];
  const provisioned = found.filter(({ assignment }) => assignment?.externalId === row.id);
  const pushedSoon = found.filter(({ assignment }) => assignment !== null && assignment.externalId === null);
  const sources = provisioned.length > 0 ? [...provisioned, ...pushedSoon] : withoutDoubles(found);
  return {
    spUserId: row.id,
    login: row.login ?? '',
    status: row.status ?? 'unknown',
    createdAt: row.created_at,
    lastLogin: row.last_login,
    because: { linked: row.linked, provisioned: row.provisioned, inAccessGroup: row.in_group },
    administrator: row.administrator,
    sources,
    sourceKnown: sources.length > 0 || row.asked,
    suspendedBySweep:
      row.suspended_by === null
        ? null
        : {
            sweepId: row.suspended_by,
            deactivateAt: row.deactivate_at?.toISOString() ?? null,
            found: row.found_suspended === true,
          },
  };
}

/** An IdP user with an assignment counts once, also where a look-up has found the same one. */
function withoutDoubles(sources: readonly SourceUser[]): readonly SourceUser[] {
  return sources.filter(
    (source, index) =>
      !sources.some(
        (other, at) =>
          other.idpUserId === source.idpUserId &&
          at !== index &&
          ((other.assignment !== null && source.assignment === null) ||
            ((other.assignment === null) === (source.assignment === null) && at < index)),
      ),
  );
}

/** SP users whom only an assignment names, after the id. */
export function unseenSpUsers(
  ledger: Ledger,
  of: SweepAttempt,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  return ledger.ask(async (database) => {
    const { rows } = await sql<{ id: string }>`
      select distinct external_id as id from sweep_entries as assigned
      where ${ofAttempt(of)} and list = 'assignments' and external_id > ${after}
        and not exists (
          select from sweep_entries as seen
          where ${ofAttempt(of)} and seen.id = assigned.external_id
            and (list = 'accessGroupMembers' or list = 'identityProviderUsers'))
      order by 1 limit ${limit}`.execute(database);
    return rows.map(({ id }) => id);
  });
}

/** An SP user for whom no assignment stands, and the names to ask the IdP org for. */
export interface Sourceless {
  readonly id: string;
  readonly names: readonly string[];
}

/** SP users whom no assignment names, neither by id nor by name, after the id. */
export function sourcelessUsers(
  ledger: Ledger,
  of: SweepAttempt,
  match: SubjectMatch,
  after: string,
  limit: number,
): Promise<readonly Sourceless[]> {
  return ledger.ask(async (database) => {
    const { rows } = await sql<{ id: string; names: readonly (string | null)[] }>`
      with population as (${population(of, after, null)})
      select id, ${names(match)} as names from population
      where not exists (
        select from sweep_entries as assigned
        where ${ofAttempt(of)} and list = 'assignments' and assigned.external_id = population.id
      ) and not exists (
        select from sweep_entries as assigned
        where ${ofAttempt(of)} and list = 'assignments' and assigned.user_name = any (${names(match)})
      )
      order by id limit ${limit}`.execute(database);
    return rows.map(({ id, names: all }) => ({ id, names: all.filter((name) => name !== null) }));
  });
}
