import type { Collection, Identified } from './collection.js';
import { OktaError } from './okta-error.js';
import type { Call } from './routing.js';

/** How a list is paged. */
export interface PageLimits {
  readonly standard: number;
  readonly most: number;
  /** True: a limit above the most is refused with E0000001; false: the most is taken. */
  readonly refuseMore?: boolean;
  /** True: the self link names the limit also where the caller gave none. */
  readonly selfWithLimit?: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor behind the last item; undefined if there is nothing more. */
  readonly next: string | undefined;
}

/** The `limit` of a call. Okta takes 0 and texts that are no number as a fault. */
export function limitOf(call: Call, limits: PageLimits): number {
  const text = call.query.limit;
  if (text === undefined || text === '') return limits.standard;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 0) throw new OktaError('E0000054');
  if (limit === 0) return limits.standard;
  if (limit > limits.most && limits.refuseMore === true) {
    throw new OktaError('E0000001', 'limit', [`limit: The limit must not be greater than ${limits.most}.`]);
  }
  return Math.min(limit, limits.most);
}

/** Reads the cursor of a call: the id behind which the page starts. */
export function cursorOf(call: Call, prefix: RegExp): string | undefined {
  const after = call.query.after;
  if (after === undefined || after === '') return undefined;
  if (!prefix.test(after)) throw new OktaError('E0000029', '', ['Invalid cursor.']);
  return after;
}

/** Takes one page from items in order. `idOf` gives the cursor of an item. */
export function takePage<T>(items: Iterable<T>, limit: number, idOf: (item: T) => string): Page<T> {
  const page: T[] = [];
  for (const item of items) {
    if (page.length === limit) {
      const last = page.at(-1);
      return { items: page, next: last === undefined ? undefined : idOf(last) };
    }
    page.push(item);
  }
  return { items: page, next: undefined };
}

/** One page of a collection in the order of ids. */
export function pageOf<T extends Identified>(
  call: Call,
  collection: Collection<T> | undefined,
  limits: PageLimits,
  cursor: RegExp,
  test: (item: T) => boolean = () => true,
): Page<T> {
  const after = cursorOf(call, cursor);
  return takePage(filtered(collection?.after(after) ?? [], test), limitOf(call, limits), (item) => item.id);
}

function* filtered<T>(items: Iterable<T>, test: (item: T) => boolean): Generator<T> {
  for (const item of items) if (test(item)) yield item;
}

/** `Link` headers of a list: `self`, and `next` if there is more. */
export function pageHeaders(
  call: Call,
  next: string | undefined,
  limits: PageLimits,
): Record<string, string | string[]> {
  const url = new URL(call.request.url, call.org.url === '' ? 'http://127.0.0.1' : call.org.url);
  const self = new URL(url);
  if (limits.selfWithLimit === true && !self.searchParams.has('limit')) {
    self.searchParams.set('limit', String(limits.standard));
  }
  const links = [`<${self.href}>; rel="self"`];
  if (next !== undefined) {
    const nextUrl = new URL(url);
    nextUrl.searchParams.delete('after');
    nextUrl.searchParams.delete('limit');
    const query = new URLSearchParams([
      ['after', next],
      ['limit', String(limitOf(call, limits))],
      ...nextUrl.searchParams,
    ]);
    nextUrl.search = query.toString();
    links.push(`<${nextUrl.href}>; rel="next"`);
  }
  return { link: links };
}
