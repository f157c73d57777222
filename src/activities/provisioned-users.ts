import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import { type ProvisionedPage, sortByProvisioning } from '../domain/provisioned-users.js';
import { type ApplicationUser, pageOfApplicationUsers } from '../okta/application-users.js';
import type { OktaPage, OktaSession } from '../okta/session.js';
import { findUser } from '../okta/users.js';

function sorted({ items }: OktaPage<ApplicationUser>): ReturnType<typeof sortByProvisioning> {
  return sortByProvisioning(
    items.map((user) => ({
      id: user.id,
      status: user.status,
      scope: user.scope ?? 'USER',
      syncState: user.syncState ?? null,
      externalId: user.externalId ?? null,
    })),
  );
}

/**
 * One page of the Org2Org app's users, sorted by how far their provisioning is. That a page is the last one, and who is
 * on it, counts only once a second look does not show more: a list of Okta may come back empty or end early.
 */
export async function readProvisionedUsers(
  session: OktaSession,
  input: ResourceInput,
  after: string | null,
): Promise<ProvisionedPage> {
  const appId = input.known.org2orgAppId;
  if (appId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  let page = await pageOfApplicationUsers(session, appId, after);
  if (page.after === null && sorted(page).queued.length === 0) {
    const again = await pageOfApplicationUsers(session, appId, after);
    if (again.after !== null || again.items.length > page.items.length) page = again;
  }
  return { ...sorted(page), after: page.after, evidence: session.evidence };
}

/**
 * A fresh look at users in the SP org: each must be there, and active unless somebody has suspended the user.
 *
 * @param jit whether the first sign-on makes a user active whom Okta has brought back from a deactivation.
 */
export async function checkArrivedUsers(
  session: OktaSession,
  spUserIds: readonly string[],
  jit = false,
): Promise<Check> {
  const arrived = ['ACTIVE', 'SUSPENDED', ...(jit ? ['PROVISIONED'] : [])];
  const wrong: string[] = [];
  for (const id of spUserIds) {
    const status = (await findUser(session, id))?.status ?? 'absent';
    if (!arrived.includes(status)) wrong.push(`${id} is ${status}`);
  }
  return {
    name: 'usersArrived',
    statement: `Assigned users are active in ${session.org}${jit ? ', or will be at their first sign-on' : ''}, or suspended there`,
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
