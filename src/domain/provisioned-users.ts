import type { Evidence } from './evidence.js';

/** An assignment of the Org2Org app as Okta shows it (`AppUser`). */
export interface SeenAppUser {
  readonly id: string;
  readonly status: string;
  readonly scope: string;
  readonly syncState: string | null;
  readonly externalId: string | null;
}

/** How far the provisioning of one assigned user is. */
export type ProvisioningState = 'provisioned' | 'queued' | 'failed' | 'notProvisioned';

/** One page of assigned users. Ids only. */
export interface ProvisionedPage {
  readonly assigned: number;
  /** SP user ids of those who are provisioned. */
  readonly provisioned: readonly string[];
  readonly queued: readonly string[];
  readonly failed: readonly string[];
  readonly notProvisioned: readonly string[];
  /** Cursor of the next page, null on the last one. */
  readonly after: string | null;
  readonly evidence: readonly Evidence[];
}

/**
 * STAGED means queued; `externalId` is set only once the background operation ended well; `syncState: ERROR` is a sure
 * failure; ACTIVE without `externalId` is a user who was assigned before provisioning was on and whom Okta never pushes.
 */
export function provisioningState(user: SeenAppUser): ProvisioningState {
  if (user.syncState === 'ERROR') return 'failed';
  if (user.externalId !== null) return 'provisioned';
  return user.status === 'STAGED' || user.status === 'PENDING' || user.syncState === 'SYNCING'
    ? 'queued'
    : 'notProvisioned';
}

/** Sorts a page of assigned users by how far their provisioning is. */
export function sortByProvisioning(users: readonly SeenAppUser[]): Omit<ProvisionedPage, 'after' | 'evidence'> {
  const ids = (state: ProvisioningState) => users.filter((user) => provisioningState(user) === state);
  return {
    assigned: users.length,
    provisioned: ids('provisioned').flatMap((user) => user.externalId ?? []),
    queued: ids('queued').map((user) => user.id),
    failed: ids('failed').map((user) => user.id),
    notProvisioned: ids('notProvisioned').map((user) => user.id),
  };
}
