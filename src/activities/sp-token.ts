import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { type ErrorCode, Org2OrgError } from '../domain/errors.js';
import type { OktaSession } from '../okta/session.js';
import { getUser, listAssignedRolesForUser } from '../okta/users.js';

const superAdmin = 'SUPER_ADMIN';

/** Opens the SP org with the token that a reference leads to, for some work; throws where it leads nowhere. */
export type WithSpToken = <Result>(
  reference: string,
  work: (session: OktaSession) => Promise<Result>,
) => Promise<Result>;

/** What another token would not mend: the gate is no answer to it. */
const mendedByNoToken: ReadonlySet<ErrorCode> = new Set(['O2O_SECRET_NOT_ALLOWED', 'O2O_ADDRESS_NOT_ALLOWED']);

const fix =
  'Create a token as a service account with the role Super Admin in the SP org, put it where provisioning.token points and PUT again: the gate spToken says how.';

/**
 * Whether the SP token is in place, accepted by the SP org, and owned by a super admin. Okta's own test on activation
 * proves only the first two: a token with too few rights passes it and fails at the first user.
 */
export async function checkSpToken(input: ResourceInput, withSpToken: WithSpToken): Promise<readonly Check[]> {
  const reference = input.spec.provisioning.token;
  if (reference === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const statement = `A token of ${input.orgs.sp.name} is in place and accepted`;
  try {
    return await withSpToken(reference, (session) => ownerChecks(session, statement));
  } catch (error) {
    if (!(error instanceof Org2OrgError) || error.problem.retryable || mendedByNoToken.has(error.code)) throw error;
    return [{ name: 'spTokenAccepted', statement, result: 'failed', detail: error.problem.message, fix, evidence: [] }];
  }
}

/** A role that is missing must be missing twice: a list of Okta may come back empty. */
async function ownerChecks(session: OktaSession, statement: string): Promise<readonly Check[]> {
  const owner = await getUser(session, 'me');
  const rolesOf = async () => (await listAssignedRolesForUser(session, owner.id)).map((role) => role.type);
  const first = await rolesOf();
  const roles = first.includes(superAdmin) ? first : await rolesOf();
  const isSuperAdmin = roles.includes(superAdmin);
  const { evidence } = session;
  return [
    { name: 'spTokenAccepted', statement, result: 'passed', detail: `its owner is ${owner.id}`, fix: null, evidence },
    {
      name: 'spTokenOwner',
      statement: 'The owner of the token is a Super Admin',
      result: isSuperAdmin ? 'passed' : 'failed',
      detail: roles.join(', ') || 'no admin role',
      fix: isSuperAdmin ? null : 'Create the token as a service account with the role Super Admin.',
      evidence,
    },
  ];
}
