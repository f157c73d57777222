import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import type { OktaSession } from '../okta/session.js';
import { getUser, listAssignedRolesForUser } from '../okta/users.js';

const superAdmin = 'SUPER_ADMIN';

/**
 * Whether the SP token is in place, accepted by the SP org, and owned by a super admin. Okta's own test on activation
 * proves only the first two: a token with too few rights passes it and fails at the first user.
 *
 * @param openSpSession opens the SP org with the token; throws where the reference leads nowhere.
 */
export async function checkSpToken(
  input: ResourceInput,
  openSpSession: (reference: string) => Promise<OktaSession>,
): Promise<readonly Check[]> {
  const reference = input.spec.provisioning.token;
  const statement = `A token of ${input.orgs.sp.name} is in place and accepted`;
  const fix = 'Follow the instructions of the gate spToken.';
  if (reference === undefined) throw new Org2OrgError('O2O_INTERNAL');
  try {
    const session = await openSpSession(reference);
    const owner = await getUser(session, 'me');
    const roles = (await listAssignedRolesForUser(session, owner.id)).map((role) => role.type);
    const isSuperAdmin = roles.includes(superAdmin);
    return [
      {
        name: 'spTokenAccepted',
        statement,
        result: 'passed',
        detail: `its owner is ${owner.id}`,
        fix: null,
        evidence: session.evidence,
      },
      {
        name: 'spTokenOwner',
        statement: 'The owner of the token is a Super Admin',
        result: isSuperAdmin ? 'passed' : 'failed',
        detail: roles.join(', ') || 'no admin role',
        fix: isSuperAdmin ? null : 'Create the token as a service account with the role Super Admin.',
        evidence: session.evidence,
      },
    ];
  } catch (error) {
    if (!(error instanceof Org2OrgError) || error.problem.retryable) throw error;
    return [{ name: 'spTokenAccepted', statement, result: 'failed', detail: error.problem.message, fix, evidence: [] }];
  }
}
