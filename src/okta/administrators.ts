import { z } from 'zod';
import type { OktaPage, OktaSession } from './session.js';

const Administrator = z.looseObject({ id: z.string() });

const Answer = z.looseObject({
  value: z.array(Administrator),
  _links: z.looseObject({ next: z.looseObject({ href: z.string() }).nullish() }).nullish(),
});

/**
 * Up to 100 users to whom an administrator role was given. Okta wraps this list: its next page stands in the body, not
 * in a header. Roles that come from a group are not in it; `listAssignedRolesForUser` has them.
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
