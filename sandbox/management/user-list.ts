import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { cursorOf, limitOf, type PageLimits, pageHeaders, takePage } from '../core/pagination.js';
import type { User } from '../core/records.js';
import { type Answer, type Call, ok } from '../core/routing.js';
import { type Filter, type FilterRules, matches, type Operator, parseFilter, rulesFor } from './filter.js';
import { searchedUsers } from './search-index.js';
import { userListAnswer } from './user-answer.js';

const limits: PageLimits = { standard: 200, most: 200, selfWithLimit: true };
const cursor = /^00u[0-9A-Za-z]{17}$/;

const filterRules = rulesFor(
  {
    status: ['eq'],
    id: ['eq'],
    'type.id': ['eq'],
    lastUpdated: ['eq', 'gt', 'ge', 'lt', 'le'],
    activated: ['eq', 'gt', 'ge', 'lt', 'le'],
    created: ['eq', 'gt', 'ge', 'lt', 'le'],
    statusChanged: ['eq', 'gt', 'ge', 'lt', 'le'],
    'profile.login': ['eq'],
    'profile.email': ['eq'],
    'profile.firstName': ['eq'],
    'profile.lastName': ['eq'],
  },
  (reason) => new OktaError('E0000031', '', [reason]),
);

const searchOperators: readonly Operator[] = ['eq', 'sw', 'co', 'gt', 'ge', 'lt', 'le', 'pr'];
const searchAttributes =
  /^(id|status|created|activated|statusChanged|lastUpdated|passwordChanged|type\.id|realmId|profile\.[\w]+)$/;
const searchRules: FilterRules = {
  operators: (attribute) => (searchAttributes.test(attribute) ? searchOperators : undefined),
  refuse: (reason) => new OktaError('E0000031', '', [reason]),
};

/** `GET /users`: one page of the users that fit `q`, `filter` or `search`. Only `search` and `filter` show deactivated users. */
export function listUsers(call: Call): Answer {
  const { org, query } = call;
  const given = (['q', 'filter', 'search'] as const).filter((name) => (query[name] ?? '') !== '');
  if (given.length > 1) throw new OktaError('E0000033');
  const after = cursorOf(call, query.search === undefined ? cursor : /^(00u[0-9A-Za-z]{17}|s\d{1,9})$/);
  if (query.search !== undefined && query.search !== '' && query.sortBy !== undefined)
    return sortedPage(call, query.search, query.sortBy);
  const page = takePage(candidates(org, call, after), limitOf(call, limits), (user) => user.id);
  return ok(
    page.items.map((user) => userListAnswer(org, user)),
    pageHeaders(call, page.next, limits),
  );
}

function* candidates(org: Org, call: Call, after: string | undefined): Generator<User> {
  const { q, filter, search } = call.query;
  if (search !== undefined && search !== '') {
    const parsed = parseFilter(search, searchRules);
    for (const user of searchedUsers(org, after)) if (fits(parsed, user)) yield user;
    return;
  }
  if (filter !== undefined && filter !== '') {
    const parsed = parseFilter(filter, filterRules);
    const named = namedIds(org, parsed);
    if (named === undefined) {
      for (const user of org.users.after(after)) if (fits(parsed, user)) yield user;
      return;
    }
    for (const id of [...new Set(named)].sort()) {
      const user = org.users.get(id);
      if (user !== undefined && (after === undefined || id > after)) yield user;
    }
    return;
  }
  for (const user of org.users.after(after)) {
    if (user.status !== 'DEPROVISIONED' && (q === undefined || q === '' || fitsQuery(user, q.toLowerCase())))
      yield user;
  }
}

/** Users of a search in the order asked for. The cursor is the position in that order. */
function sortedPage(call: Call, search: string, sortBy: string): Answer {
  const { org } = call;
  const parsed = parseFilter(search, searchRules);
  if (!searchAttributes.test(sortBy)) throw new OktaError('E0000031', '', [`Sorting by '${sortBy}' is not supported.`]);
  const descending =
    call.query.sortOrder?.toLowerCase() === 'desc' || call.query.sortOrder?.toLowerCase() === 'descending';
  const found = [...searchedUsers(org, undefined)].filter((user) => fits(parsed, user));
  const key = (user: User) => String(attributeOf(user, sortBy) ?? '').toLowerCase();
  found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (descending ? -1 : 1));
  const start = Number((call.query.after ?? 's0').slice(1)) || 0;
  const limit = limitOf(call, limits);
  const items = found.slice(start, start + limit);
  const next = start + limit < found.length ? `s${start + limit}` : undefined;
  return ok(
    items.map((user) => userListAnswer(org, user)),
    pageHeaders(call, next, limits),
  );
}

function fits(filter: Filter, user: User): boolean {
  return matches(filter, (attribute) => attributeOf(user, attribute));
}

/** Ids of the users whom a filter asks for that is nothing but ids and logins joined by `or`; undefined for any other. */
function namedIds(org: Org, filter: Filter): string[] | undefined {
  if (filter.kind === 'or') {
    const left = namedIds(org, filter.left);
    const right = left === undefined ? undefined : namedIds(org, filter.right);
    return left === undefined || right === undefined ? undefined : [...left, ...right];
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined;
  if (filter.attribute === 'id') return [filter.value];
  if (filter.attribute !== 'profile.login') return undefined;
  const id = org.userIdsByLogin.get(filter.value.toLowerCase());
  return id === undefined ? [] : [id];
}

function attributeOf(user: User, attribute: string): unknown {
  if (attribute.startsWith('profile.')) return user.profile[attribute.slice('profile.'.length)];
  switch (attribute) {
    case 'id':
      return user.id;
    case 'status':
      return user.status;
    case 'created':
      return user.created;
    case 'activated':
      return user.activated;
    case 'statusChanged':
      return user.statusChanged;
    case 'lastUpdated':
      return user.lastUpdated;
    case 'passwordChanged':
      return user.passwordChanged;
    case 'type.id':
      return user.typeId;
    default:
      return undefined;
  }
}

function fitsQuery(user: User, query: string): boolean {
  const { firstName, lastName, email, login } = user.profile;
  return [firstName, lastName, email, login, `${firstName} ${lastName}`].some((value) =>
    String(value ?? '')
      .toLowerCase()
      .startsWith(query),
  );
}
