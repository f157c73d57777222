import { Org2OrgError } from '../domain/errors.js';
import type { ListRead, SweepList } from '../domain/sweep.js';
import type { Ledger } from '../ledger/ledger.js';
import { sourcelessUsers, unseenSpUsers } from '../ledger/sweep-join.js';
import { countReads, keepPage, type SweepAttempt, type SweepEntry } from '../ledger/sweep-reads.js';
import { listAdministratorGroups, pageOfUsersWithRoleAssignments } from '../okta/administrators.js';
import { pageOfApplicationUsersWithUser } from '../okta/application-users.js';
import { pageOfGroupUsers } from '../okta/groups.js';
import { pageOfIdentityProviderUsers } from '../okta/identity-provider-users.js';
import type { OktaPage, OktaSession } from '../okta/session.js';
import { listUsersByIds, listUsersByLogins } from '../okta/users.js';
import type { ListProgress, SweepInput } from './sweep-activities.js';
import { assignmentEntry, idpEntry, nobody, spEntry } from './sweep-entries.js';

/** How many pages, and how long, one activity reads: what a crash costs. */
const mostPages = 200;
const longestMs = 60_000;

/** How many members a page of the access group has. */
const membersPerPage = 1_000;

/** How many users are looked up for one page. */
const lookedUpTogether = 200;

export function attemptOf({ sweepId, attempt, federation }: SweepInput): SweepAttempt {
  return { federationId: federation.id, sweepId, attempt };
}

const unread = (list: SweepList): ListRead => ({ list, pages: 0, items: 0, ended: false, repeated: 0, emptyWithin: 0 });

/** One page of a list, as the ledger keeps its entries. */
type ReadPage = (after: string | null) => Promise<OktaPage<SweepEntry>>;

/**
 * Reads some pages of a list into the ledger, while the next one is on its way already. That a page is the last one
 * counts only once a second look shows no more.
 */
export async function readSweepList(
  session: OktaSession,
  ledger: Ledger,
  input: SweepInput,
  list: SweepList,
  from: ListProgress | null,
): Promise<ListProgress> {
  const read = pageReader(session, ledger, input, list);
  const began = Date.now();
  if (from === null && (list === 'otherSpUsers' || list === 'otherIdpUsers')) await countReads(ledger);
  let progress: Omit<ListProgress, 'evidence'> = from ?? { read: unread(list), after: null, done: false };
  const told = (): ListProgress => ({ ...progress, evidence: session.evidence.slice(-3) });
  let coming = ahead(read(progress.after));
  for (let pages = 1; ; pages += 1) {
    let page: OktaPage<SweepEntry>;
    try {
      page = await confirmed(await coming, () => read(progress.after));
    } catch (error) {
      if (pages > 1 && error instanceof Org2OrgError && error.problem.retryable) return told();
      throw error;
    }
    const last = page.after === null || page.after === progress.after;
    const goesOn = !last && pages < mostPages && Date.now() - began < longestMs;
    if (goesOn) coming = ahead(read(page.after));
    const { repeated } = await keepPage(ledger, attemptOf(input), list, progress.read.pages + 1, page.items);
    progress = after(progress.read, page, repeated);
    if (progress.done || !goesOn) return told();
  }
}

/** Lets a request run whose failure is looked at later. */
function ahead<Result>(request: Promise<Result>): Promise<Result> {
  request.catch(() => {});
  return request;
}

async function confirmed(page: OktaPage<SweepEntry>, again: () => Promise<OktaPage<SweepEntry>>) {
  if (page.after !== null) return page;
  const second = await again();
  return second.after !== null || second.items.length > page.items.length ? second : page;
}

function after(read: ListRead, page: OktaPage<SweepEntry>, repeated: boolean): Omit<ListProgress, 'evidence'> {
  const ended = page.after === null;
  return {
    read: {
      ...read,
      pages: read.pages + 1,
      items: read.items + page.items.length,
      ended: ended && !repeated,
      repeated: read.repeated + (repeated ? 1 : 0),
      emptyWithin: read.emptyWithin + (!ended && page.items.length === 0 ? 1 : 0),
    },
    after: page.after,
    done: ended || repeated,
  };
}

function pageReader(session: OktaSession, ledger: Ledger, input: SweepInput, list: SweepList): ReadPage {
  const { federation, rules } = input;
  switch (list) {
    case 'accessGroupMembers':
      return async (at) =>
        mapped(await pageOfGroupUsers(session, federation.accessGroupId, at, membersPerPage), spEntry);
    case 'identityProviderUsers':
      return async (at) =>
        mapped(await pageOfIdentityProviderUsers(session, federation.identityProviderId, at), ({ _embedded }) =>
          spEntry(_embedded.user),
        );
    case 'administrators':
      return async (at) => mapped(await pageOfUsersWithRoleAssignments(session, at), ({ id }) => ({ id }));
    case 'assignments':
      return async (at) =>
        mapped(await pageOfApplicationUsersWithUser(session, federation.org2orgAppId, at), (assigned) =>
          assignmentEntry(assigned, rules),
        );
    case 'otherAdministrators':
      return () => administratorsByGroups(session);
    case 'otherSpUsers':
      return lookUpSpUsers(session, ledger, attemptOf(input));
    case 'otherIdpUsers':
      return lookUpIdpUsers(session, ledger, input);
  }
}

function mapped<Item>(page: OktaPage<Item>, entry: (item: Item) => SweepEntry): OktaPage<SweepEntry> {
  return { items: page.items.map(entry), after: page.after };
}

/** Members of the groups that give a role, all in one page: two groups may well have the same members. */
async function administratorsByGroups(session: OktaSession): Promise<OktaPage<SweepEntry>> {
  const ids = new Set<string>();
  for (const groupId of await listAdministratorGroups(session)) {
    for (let after: string | null = null; ; ) {
      const page: OktaPage<{ readonly id: string }> = await pageOfGroupUsers(session, groupId, after, membersPerPage);
      for (const { id } of page.items) ids.add(id);
      after = page.after;
      if (after === null) break;
    }
  }
  return { items: [...ids].map((id) => ({ id })), after: null };
}

/** SP users whom only an assignment names; the cursor is the last id. */
function lookUpSpUsers(session: OktaSession, ledger: Ledger, of: SweepAttempt): ReadPage {
  return async (after) => {
    const ids = await unseenSpUsers(ledger, of, after ?? '', lookedUpTogether);
    const users = ids.length === 0 ? [] : await listUsersByIds(session, ids);
    return { items: users.map(spEntry), after: ids.length < lookedUpTogether ? null : (ids.at(-1) ?? null) };
  };
}

/** IdP users of whom no assignment tells; the cursor is the last SP user's id. */
function lookUpIdpUsers(session: OktaSession, ledger: Ledger, input: SweepInput): ReadPage {
  const { identityProvider } = input.federation;
  return async (after) => {
    const users = await sourcelessUsers(
      ledger,
      attemptOf(input),
      identityProvider.subjectMatch,
      after ?? '',
      lookedUpTogether,
    );
    const names = [...new Set(users.flatMap((user) => user.names))];
    const found = names.length === 0 ? [] : await listUsersByLogins(session, names);
    const items = names.flatMap((name) => {
      const those = found.filter(({ profile }) => profile.login.toLowerCase() === name);
      return those.length === 0 ? [nobody(name)] : those.map((user) => idpEntry(user, name, input.rules));
    });
    return { items, after: users.length < lookedUpTogether ? null : (users.at(-1)?.id ?? null) };
  };
}
