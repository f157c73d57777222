import { initialStatus } from '../domain/assignments.js';
import { Org2OrgError, problem } from '../domain/errors.js';
import { type AskedGroup, decideGroup, type FoundGroup, type RolloutInput } from '../domain/group-rollout.js';
import type { UserFederation } from '../domain/user-lifecycle.js';
import { assignGroupToApplication, findApplicationGroupAssignment } from '../okta/application-groups.js';
import { findGroup, findGroupsByName } from '../okta/groups.js';
import { getDefaultProvisioningConnectionForApplication } from '../okta/provisioning-connection.js';
import type { OktaSession } from '../okta/session.js';
import type { Fit, GroupAssignment } from './rollout-activities.js';

async function seenGroups(session: OktaSession, asked: AskedGroup) {
  if ('name' in asked) return findGroupsByName(session, asked.name);
  const group = await findGroup(session, asked.id);
  return group === null ? [] : [group];
}

/** The one group that is meant; that there is none must show twice. Never writes. */
export async function findRolloutGroup(
  session: OktaSession,
  { orgs }: UserFederation,
  asked: AskedGroup,
): Promise<FoundGroup> {
  const first = await seenGroups(session, asked);
  const found = first.length === 0 ? await seenGroups(session, asked) : first;
  return { ...decideGroup(orgs.idp.name, asked, found), evidence: session.evidence };
}

/** Whether the connection of the Org2Org app would push new users. Never writes. */
export async function checkRolloutConnection(
  session: OktaSession,
  { org2orgAppId, orgs, features }: UserFederation,
): Promise<Fit> {
  const { status } = await getDefaultProvisioningConnectionForApplication(session, org2orgAppId);
  const blocker = !features.create
    ? problem('O2O_FEATURE_OFF', { feature: 'create' })
    : status !== 'ENABLED'
      ? problem('O2O_CONNECTION_OFF', { org: orgs.idp.name, status })
      : null;
  const decided = blocker?.message ?? `${orgs.idp.name} provisions into ${orgs.sp.name}.`;
  return { decided, blocker, evidence: session.evidence };
}

/** Whether the group is assigned to the Org2Org app. Never writes. */
export async function assessRolloutAssignment(
  session: OktaSession,
  { federation, groupId }: RolloutInput,
): Promise<GroupAssignment> {
  const assigned = (await findApplicationGroupAssignment(session, federation.org2orgAppId, groupId)) !== null;
  return {
    assigned,
    decided: assigned
      ? 'The group is assigned to the Org2Org app.'
      : 'The group is not assigned to the Org2Org app yet.',
    applied: [],
    blocker: null,
    evidence: session.evidence,
  };
}

/** Assigns the group unless it is assigned, and reads the assignment back. */
export async function assignRolloutGroup(session: OktaSession, input: RolloutInput): Promise<GroupAssignment> {
  const before = await assessRolloutAssignment(session, input);
  if (before.assigned) return before;
  await assignGroupToApplication(session, input.federation.org2orgAppId, input.groupId, initialStatus);
  const after = await assessRolloutAssignment(session, input);
  if (!after.assigned) {
    throw new Org2OrgError('O2O_READ_BACK_DIFFERS', {
      resource: 'the assignment of the group',
      org: session.org,
      detail: 'it is absent',
    });
  }
  return { ...after, applied: ['Assign the group to the Org2Org app'] };
}
