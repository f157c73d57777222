import { type ActivityOptions, proxyActivities, scheduleActivity } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { LedgerActivities } from '../activities/ledger-activities.js';
import type { OrgActivities } from '../activities/org-activities.js';
import type { Erased } from '../domain/erasure.js';
import type { UserInput } from '../domain/user-lifecycle.js';
import { orgTaskQueue } from './messages.js';
import { endedBy } from './problems.js';

/** Someone waits for the answer: what cannot be seen in this time is not erased. */
const aLook: ActivityOptions = {
  scheduleToStartTimeout: '5 seconds',
  scheduleToCloseTimeout: '9 seconds',
  startToCloseTimeout: '8 seconds',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumAttempts: 3 },
};

const { readFederation, eraseUser } = proxyActivities<
  Pick<FederationActivities, 'readFederation'> & Pick<LedgerActivities, 'eraseUser'>
>({ scheduleToCloseTimeout: '10 seconds', retry: { initialInterval: '200ms', maximumAttempts: 3 } });

/**
 * Erases a leaver's personal data from the ledger, if neither org has the user in the federation any more.
 *
 * @returns how much was erased.
 */
export async function userErasure({
  federationId,
  login,
}: {
  readonly federationId: string;
  readonly login: string;
}): Promise<Erased> {
  let org = 'org2org';
  try {
    const federation = await readFederation(federationId, 'offboard');
    const { assignBy } = federation.users;
    const input: UserInput = { federation, kind: 'offboard', login, profile: null, assignBy };
    org = federation.orgs.idp.name;
    const idp = await look(org, 'lookAtIdpUser', input);
    org = federation.orgs.sp.name;
    const sp = await look(org, 'lookAtSpUser', input, idp.assignment);
    org = 'org2org';
    return await eraseUser({ federationId, login, idp, sp });
  } catch (error) {
    throw endedBy(error, org);
  }
}

function look<Name extends 'lookAtIdpUser' | 'lookAtSpUser'>(
  org: string,
  name: Name,
  ...args: Parameters<OrgActivities[Name]>
): Promise<Awaited<ReturnType<OrgActivities[Name]>>> {
  return scheduleActivity<Awaited<ReturnType<OrgActivities[Name]>>>(name, args, {
    ...aLook,
    taskQueue: orgTaskQueue(org),
    summary: `Look: is the user gone from ${org}?`,
  });
}
