import type { Explained, Named, RolloutLook } from '../domain/group-rollout.js';

/** How many people are named one by one. */
export const mostNamed = 100;

/** Members who had not arrived when a person was content to go on without them. */
export interface Accepted extends Named {
  /** Digest of all of them, named or not. */
  readonly outstanding?: string;
}

type SeenMembers = Pick<
  RolloutLook,
  'members' | 'provisioned' | 'queued' | 'failed' | 'notProvisioned' | 'unassigned' | 'outstanding'
>;

/** Waits between looks at members who are on their way: half a second, doubled up to 30 s. */
export function pauseMs(look: number): number {
  return Math.min(500 * 2 ** look, 30_000);
}

/** How many members have not arrived. */
export function outstanding({ members, provisioned }: Pick<SeenMembers, 'members' | 'provisioned'>): number {
  return members - provisioned;
}

/** Who has not arrived, as far as the look names them. */
export function namedOutstanding({ queued, failed, notProvisioned, unassigned }: SeenMembers): readonly string[] {
  return [queued, failed, notProvisioned, unassigned].flatMap(({ ids }) => ids);
}

/**
 * Whether a person is content with everyone who has not arrived. Where more are missing than a look names, only with
 * exactly the same people as before.
 */
export function isAccepted(look: SeenMembers, accepted: Accepted): boolean {
  const missing = outstanding(look);
  const ids = namedOutstanding(look);
  if (ids.length < missing) return look.outstanding === accepted.outstanding;
  return ids.every((id) => accepted.ids.includes(id));
}

/** What was explained, without those who have arrived since. */
export function stillExplained({ issues }: Explained, look: SeenMembers): Explained {
  const missing = outstanding(look);
  const ids = namedOutstanding(look);
  return { count: missing, issues: ids.length < missing ? issues : issues.filter(({ id }) => ids.includes(id)) };
}

/** Whether all of these people are among those; of more people than are named only the number can tell. */
export function areAmong(some: Named, others: Named): boolean {
  return some.count <= others.count && some.ids.every((id) => others.ids.includes(id));
}
