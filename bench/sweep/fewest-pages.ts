import type { UserFederation } from '../../src/domain/user-lifecycle.js';
import type { Population } from './population.js';

/** One list that a sweep cannot do without. */
export interface NeededList {
  readonly org: 'idp' | 'sp';
  readonly operation: string;
  /** The first page, as large as Okta allows. */
  readonly path: string;
  readonly entries: number;
  /** Most entries of a page, by Okta's description of the operation. */
  readonly perPage: number;
  readonly reason: string;
}

/**
 * The lists of a sweep of everyone, in the order in which it reads those of an org. A list without entries has a page
 * too. That a page is the last one is asked a second time by the sweep, which no reader needs who trusts a list.
 */
export function neededLists(federation: UserFederation, { users, expected }: Population): readonly NeededList[] {
  const { accessGroupId, identityProviderId, org2orgAppId } = federation;
  const assigned = (expected.entitled ?? 0) + (expected.idpUserSuspended ?? 0);
  return [
    {
      org: 'sp',
      operation: 'listGroupUsers',
      path: `/api/v1/groups/${accessGroupId}/users?limit=1000`,
      entries: users,
      perPage: 1_000,
      reason: 'who has access, with status and sign-in',
    },
    {
      org: 'sp',
      operation: 'listIdentityProviderApplicationUsers',
      path: `/api/v1/idps/${identityProviderId}/users?limit=200&expand=user`,
      entries: assigned,
      perPage: 200,
      reason: 'who is there by sign-on alone',
    },
    {
      org: 'sp',
      operation: 'listUsersWithRoleAssignments',
      path: '/api/v1/iam/assignees/users?limit=100',
      entries: 0,
      perPage: 100,
      reason: 'administrators are protected',
    },
    {
      org: 'sp',
      operation: 'listGroups',
      path: '/api/v1/groups?expand=stats&limit=200',
      entries: 0,
      perPage: 200,
      reason: 'groups that give a role make administrators, too',
    },
    {
      org: 'idp',
      operation: 'listApplicationUsers',
      path: `/api/v1/apps/${org2orgAppId}/users?limit=500&expand=user`,
      entries: assigned,
      perPage: 500,
      reason: 'who is entitled, with the status of the user',
    },
  ];
}

/**
 * Logins that one look-up by `listUsers` can name: `profile.login eq "…" or` takes about 55 characters of an address,
 * and an address of 8,000 characters is as long as servers commonly take.
 */
const loginsPerCall = Math.floor(8_000 / 55);

/** The fewest requests: every list in the largest pages, and one look-up for as many users without assignment as fit. */
export function fewestRequests(lists: readonly NeededList[], { expected }: Population): number {
  const pages = lists.map(({ entries, perPage }) => Math.max(1, Math.ceil(entries / perPage)));
  const { idpUserDeactivated = 0, unassigned = 0, unmanaged = 0 } = expected;
  const lookUps = Math.ceil((idpUserDeactivated + unassigned + unmanaged) / loginsPerCall);
  return pages.reduce((sum, count) => sum + count, 0) + lookUps;
}
