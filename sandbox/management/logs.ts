import type { FastifyInstance } from 'fastify';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { limitOf, type PageLimits } from '../core/pagination.js';
import type { Json } from '../core/records.js';
import { type Answer, type Call, isObject, ok, operation } from '../core/routing.js';
import { type LoggedEvent, logEventAnswer } from '../core/system-log.js';
import { type Filter, type FilterRules, matches, type Operator, parseFilter } from './filter.js';

const limits: PageLimits = { standard: 100, most: 1000 };
const week = 7 * 24 * 60 * 60 * 1000;
const operators: readonly Operator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'];
const cursorPattern = /^(\d+)_(\d+)$/;

const filterRules: FilterRules = {
  operators: (attribute) => (/^[A-Za-z][\w.]*$/.test(attribute) && attribute !== 'published' ? operators : undefined),
  refuse: (reason) => new OktaError('E0000053', '', [reason]),
};

/** Registers the System Log. */
export function registerLogs(server: FastifyInstance, org: Org): void {
  operation(
    server,
    org,
    { id: 'listLogEvents', method: 'GET', path: '/api/v1/logs', scope: 'okta.logs.read' },
    (call) => queryLog(call),
  );
}

/**
 * One page of the log. With `until` the query is bounded and ends; without it and in ascending order it polls: there is
 * always a next page, which may be empty.
 */
function queryLog(call: Call): Answer {
  const { org, query } = call;
  const until = timeOf(query.until);
  const since = timeOf(query.since) ?? (until ?? org.clock.now()) - week;
  const descending = query.sortOrder?.toUpperCase() === 'DESCENDING';
  const filter = query.filter === undefined || query.filter === '' ? undefined : parseFilter(query.filter, filterRules);
  const words = wordsOf(query.q);
  const limit = limitOf(call, limits);
  const polls = until === undefined && !descending;
  const start = cursorOf(query.after);

  const all = org.log.all();
  const items: LoggedEvent[] = [];
  let position = start ?? (descending ? all.length - 1 : 0);
  const step = descending ? -1 : 1;
  for (; position >= 0 && position < all.length && items.length < limit; position += step) {
    const event = all[position];
    if (event === undefined || event.published < since || (until !== undefined && event.published >= until)) continue;
    if (fits(event, filter, words)) items.push(event);
  }
  const more = position >= 0 && position < all.length;
  const next = polls || more ? `${org.clock.now()}_${Math.max(0, position)}` : undefined;
  return ok(items.map(logEventAnswer), { link: linksOf(call, next) });
}

function linksOf(call: Call, next: string | undefined): string[] {
  const url = new URL(call.request.url, call.org.url === '' ? 'http://127.0.0.1' : call.org.url);
  const links = [`<${url.href}>; rel="self"`];
  if (next === undefined) return links;
  url.searchParams.set('after', next);
  return [...links, `<${url.href}>; rel="next"`];
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new OktaError('E0000030');
  return time;
}

function cursorOf(after: string | undefined): number | undefined {
  if (after === undefined || after === '') return undefined;
  const position = cursorPattern.exec(after)?.[2];
  if (position === undefined) throw new OktaError('E0000029', '', ['Invalid cursor.']);
  return Number(position);
}

function wordsOf(q: string | undefined): string[] {
  const words = (q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
  if (words.length > 10 || words.some((word) => word.length > 40)) {
    throw new OktaError('E0000001', 'q', ['q: At most 10 words of at most 40 characters can be searched for.']);
  }
  return words;
}

function fits(event: LoggedEvent, filter: Filter | undefined, words: readonly string[]): boolean {
  if (filter === undefined && words.length === 0) return true;
  const answer = logEventAnswer(event);
  if (filter !== undefined && !matches(filter, (attribute) => read(answer, attribute.split('.')))) return false;
  if (words.length === 0) return true;
  const text = JSON.stringify(answer).toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The values at a path; of lists those of all entries. */
function read(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.flatMap((entry) => read(entry, path));
  const [name, ...rest] = path;
  if (name === undefined) return value;
  return isObject(value) ? read((value satisfies Json)[name], rest) : undefined;
}
