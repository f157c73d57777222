import type { Decision, ResourceInput } from './assessment.js';
import { decision } from './changes.js';

/**
 * Decides who of a page of provisioned users lacks the access group. One change for the page, the same however many
 * lack it: an attempt that ended half way leaves the rest to the next one.
 */
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
              fields: [
                { field: 'members', before: null, after: `all ${looked} provisioned users that were looked at` },
              ],
              reversible: true,
            },
          ],
    explanation:
      missing.length === 0
        ? `All ${looked} users are in ${group}.`
        : `${missing.length} of ${looked} users are not in ${group}.`,
  });
}
