import { z } from 'zod';
import type { OktaPage, OktaSession } from './session.js';

const Administrator = z.looseObject({ id: z.string() });

const Answer = z.looseObject({
  value: z.array(Administrator),
  _links: z.looseObject({ next: z.looseObject({ href: z.string() }).nullish() }).nullish(),
});

/**
 * Up to 100 users to whom an administrator role was given. Okta wraps this list: its next page stands in the body, not
 * in a header. Roles that come from a group are not in it: see `listAdministratorGroups`.
 */
export async function pageOfUsersWithRoleAssignments(
  session: OktaSession,
  after: string | null,
): Promise<OktaPage<{ readonly id: string }>> {
  const { value, _links } = await session.call({
    operation: 'listUsersWithRoleAssignments',
    method: 'GET',
    path: '/api/v1/iam/assignees/users',
    query: { limit: 100, after: after ?? undefined },
    answer: Answer,
    facts: (answer) => ({ count: answer.value.length }),
  });
  const next = _links?.next?.href;
  return { items: value, after: next === undefined ? null : new URL(next, session.url).searchParams.get('after') };
}

/** Okta describes the field as `hasAdminPrivlege` and answers `hasAdminPrivilege`. */
const GroupWithStats = z.looseObject({
  id: z.string(),
  _embedded: z
    .looseObject({
      stats: z
        .looseObject({ hasAdminPrivilege: z.boolean().nullish(), hasAdminPrivlege: z.boolean().nullish() })
        .nullish(),
    })
    .nullish(),
});

function givesRole({ _embedded }: z.output<typeof GroupWithStats>): boolean {
  return _embedded?.stats?.hasAdminPrivilege === true || _embedded?.stats?.hasAdminPrivlege === true;
}

/** Ids of the groups whose members hold an administrator role because of the group. */
export async function listAdministratorGroups(session: OktaSession): Promise<readonly string[]> {
  const groups = await session.list({
    operation: 'listGroups',
    method: 'GET',
    path: '/api/v1/groups',
    query: { expand: 'stats', limit: 200 },
    answer: z.array(GroupWithStats),
    facts: (page) => ({ count: page.length, givingRoles: page.filter(givesRole).length }),
  });
  return groups.filter(givesRole).map(({ id }) => id);
}
