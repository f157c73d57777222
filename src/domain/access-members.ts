import type { Decision, ResourceInput } from './assessment.js';
import { decision } from './changes.js';

/** How many ids stand in a change; a page may have hundreds. */
const namedInChange = 20;

/** Decides who of a page of provisioned users lacks the access group. One change for the page, bounded in size. */
export function decideAccessMembers(input: ResourceInput, missing: readonly string[], looked: number): Decision {
  const { group } = input.spec.access;
  return decision({
    id: input.known.accessGroupId ?? null,
    observed: { users: looked, missing: missing.length },
    changes:
      missing.length === 0
        ? []
        : [
            {
              org: input.orgs.sp.name,
              resource: 'accessGroup',
              write: 'addMembers',
              summary: `Add ${missing.length} user(s) to ${group}`,
              fields: [{ field: 'members', before: null, after: missing.slice(0, namedInChange) }],
              reversible: true,
            },
          ],
    explanation:
      missing.length === 0
        ? `All ${looked} users are in ${group}.`
        : `${missing.length} of ${looked} users are not in ${group}.`,
  });
}
