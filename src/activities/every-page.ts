import { setTimeout as wait } from 'node:timers/promises';
import { Org2OrgError } from '../domain/errors.js';
import type { OktaPage } from '../okta/session.js';

/** What is waited where Okta's answer names no delay, in milliseconds: its windows last a minute. */
const windowMs = 60_000;

/** Reads one page; waits where it lies while Okta's budget is used up, so that a long list is not begun anew. */
async function patiently<Result>(read: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Org2OrgError && error.code === 'O2O_OKTA_RATE_LIMITED')) throw error;
      await wait(error.retryAfterMs ?? windowMs, undefined, { signal });
    }
  }
}

/**
 * Reads a list page by page and keeps no page. That a page is the last one counts only once a second look does not show
 * more: a list of Okta may come back empty or end early.
 *
 * @param visit returns false where the rest of the list does not matter.
 */
export async function everyPage<Item>(
  read: (after: string | null) => Promise<OktaPage<Item>>,
  visit: (items: readonly Item[], after: string | null) => boolean | undefined,
  signal: AbortSignal,
  from: string | null = null,
): Promise<void> {
  for (let after = from; ; ) {
    const at = after;
    let page = await patiently(() => read(at), signal);
    if (page.after === null) {
      const again = await patiently(() => read(at), signal);
      if (again.after !== null || again.items.length > page.items.length) page = again;
    }
    if (visit(page.items, page.after) === false || page.after === null) return;
    after = page.after;
  }
}
