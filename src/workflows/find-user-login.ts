import { type Problem, problem } from '../domain/errors.js';
import { federationActivities } from './federation-activities.js';
import { callOrg } from './org-activities.js';
import { problemOf } from './problems.js';

/**
 * The login of a user of the IdP org whom the caller knows by id.
 *
 * @returns what was found, or why nothing was: the caller waits for an answer and not for an org that is away.
 */
export async function findUserLogin(asked: {
  readonly federationId: string;
  readonly userId: string;
}): Promise<{ readonly login: string } | { readonly problem: Problem }> {
  let org = 'org2org';
  try {
    const federation = await federationActivities.readFederation(asked.federationId, 'onboard');
    org = federation.orgs.idp.name;
    const login = await callOrg(org, 'findLogin', 'Look: the login of a user', asked.userId);
    return login === null ? { problem: problem('O2O_IDP_USER_MISSING', { org }) } : { login };
  } catch (error) {
    const found = problemOf(error, org);
    if (found === null) throw error;
    return { problem: found };
  }
}
