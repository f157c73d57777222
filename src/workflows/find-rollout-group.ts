import { type Problem, problem } from '../domain/errors.js';
import type { AskedGroup } from '../domain/group-rollout.js';
import { federationActivities } from './federation-activities.js';
import { callOrg } from './org-activities.js';
import { problemOf } from './problems.js';

/**
 * The id of the group that a caller names.
 *
 * @returns what was found, or why nothing was: the caller waits for an answer and not for an org that is away.
 */
export async function findRolloutGroup(asked: {
  readonly federationId: string;
  readonly group: AskedGroup;
}): Promise<{ readonly groupId: string } | { readonly problem: Problem }> {
  let org = 'org2org';
  try {
    const federation = await federationActivities.readFederation(asked.federationId, 'onboard');
    org = federation.orgs.idp.name;
    const { id, blocker } = await callOrg(org, 'findRolloutGroup', 'Look: the group', federation, asked.group);
    if (id !== null) return { groupId: id };
    return { problem: blocker ?? problem('O2O_INTERNAL') };
  } catch (error) {
    const found = problemOf(error, org);
    if (found === null) throw error;
    return { problem: found };
  }
}
