import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import { type ProvisionedPage, sortByProvisioning } from '../domain/provisioned-users.js';
import { pageOfApplicationUsers } from '../okta/application-users.js';
import type { OktaSession } from '../okta/session.js';
import { findUser } from '../okta/users.js';

/** One page of the Org2Org app's users, sorted by how far their provisioning is. */
export async function readProvisionedUsers(
  session: OktaSession,
  input: ResourceInput,
  after: string | null,
): Promise<ProvisionedPage> {
  if (input.known.org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const page = await pageOfApplicationUsers(session, input.known.org2orgAppId, after);
  const users = page.items.map((user) => ({
    id: user.id,
    status: user.status,
    scope: user.scope ?? 'USER',
    syncState: user.syncState ?? null,
    externalId: user.externalId ?? null,
  }));
  return { ...sortByProvisioning(users), after: page.after, evidence: session.evidence };
}

/** A fresh look at users in the SP org: each must be there and active. */
export async function checkArrivedUsers(session: OktaSession, spUserIds: readonly string[]): Promise<Check> {
  const wrong: string[] = [];
  for (const id of spUserIds) {
    const user = await findUser(session, id);
    if (user?.status !== 'ACTIVE') wrong.push(`${id} is ${user?.status ?? 'absent'}`);
  }
  return {
    name: 'usersArrived',
    statement: `Assigned users are active in ${session.org}`,
    result: wrong.length > 0 ? 'failed' : spUserIds.length === 0 ? 'unknown' : 'passed',
    detail:
      wrong.join(', ') ||
      (spUserIds.length === 0 ? 'nobody is assigned yet' : `${spUserIds.length} looked at one by one`),
    fix:
      wrong.length > 0
        ? 'See the user in the SP org and the tasks of the IdP org, then PUT again.'
        : spUserIds.length === 0
          ? 'Assign a user or a group, then PUT again.'
          : null,
    evidence: session.evidence,
  };
}
