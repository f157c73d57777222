import type { Org } from '../core/org.js';
import type { User } from '../core/records.js';

interface Stale {
  /** The user as `search` still shows it; null where it does not know it yet. */
  view: User | null;
  pending: number;
}

const staleUsers = new WeakMap<Org, Map<string, Stale>>();

function staleOf(org: Org): Map<string, Stale> {
  const known = staleUsers.get(org);
  if (known !== undefined) return known;
  const fresh = new Map<string, Stale>();
  staleUsers.set(org, fresh);
  return fresh;
}

/**
 * Notes a change of a user for `search`, which learns of it only after the org's delay for `search`.
 *
 * @param before the user before the change, null if it is new
 * @param after the user after the change, null if it was deleted
 */
export function noteForSearch(org: Org, id: string, before: User | null, after: User | null): void {
  if (org.background.delays.search === 0) return;
  const stale = staleOf(org);
  const entry = stale.get(id) ?? { view: before, pending: 0 };
  entry.pending += 1;
  stale.set(id, entry);
  org.background.schedule('search', () => {
    entry.pending -= 1;
    entry.view = after;
    if (entry.pending === 0) stale.delete(id);
  });
}

/** A copy of the user as it is now, for `noteForSearch`. Null where search has no delay and needs none. */
export function copyForSearch(org: Org, user: User): User | null {
  return org.background.delays.search === 0 ? null : { ...user, profile: { ...user.profile } };
}

/** All users as `search` sees them, in the order of ids, those behind the cursor only. */
export function* searchedUsers(org: Org, after: string | undefined): Generator<User> {
  const stale = staleOf(org);
  if (stale.size === 0) {
    yield* org.users.after(after);
    return;
  }
  const gone = [...stale.entries()].flatMap(([id, entry]) =>
    org.users.has(id) || entry.view === null ? [] : [entry.view],
  );
  for (const user of org.users.after(after)) {
    const entry = stale.get(user.id);
    const view = entry === undefined ? user : entry.view;
    if (view !== null) yield view;
  }
  for (const user of gone) if (after === undefined || user.id > after) yield user;
}
