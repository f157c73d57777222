import { initialStatus } from '../domain/assignments.js';
import type { Check } from '../domain/check.js';
import { problem } from '../domain/errors.js';
import type { ProvisioningState } from '../domain/provisioned-users.js';
import {
  decideAssignment,
  decideUnassignment,
  pushState,
  type SeenGivingGroup,
  sortGivingGroups,
} from '../domain/user-assignment.js';
import { checkAttributes, pushedProfile } from '../domain/user-attributes.js';
import type {
  AgreedUnassignment,
  AssignedUser,
  AssignmentOutcome,
  AssignmentView,
  Finding,
  SpExpectation,
  Unassignment,
  UserInput,
  UserView,
} from '../domain/user-lifecycle.js';
import { listApplicationGroupAssignments } from '../okta/application-groups.js';
import {
  assignUserToApplication,
  findApplicationUser,
  unassignUserFromApplication,
} from '../okta/application-users.js';
import { assignUserToGroup, findGroupsByName, listUserGroups, unassignUserFromGroup } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import { listLogEvents } from '../okta/system-log.js';
import { lookUntil } from './looking.js';
import { unassignedStatement } from './offboarding-proof.js';
import { assignmentView } from './user-views.js';

async function seenAssignment(session: OktaSession, input: UserInput, userId: string): Promise<AssignmentView | null> {
  const found = await findApplicationUser(session, input.federation.org2orgAppId, userId);
  return found === null ? null : assignmentView(found);
}

/** What the SP org shows once the assignment was pushed. */
function expected({ federation, login }: UserInput, assignment: AssignmentView | null): SpExpectation {
  const userName = assignment?.userName ?? login;
  const profile = assignment !== null && federation.features.update ? pushedProfile(assignment) : { login: userName };
  return { id: assignment?.externalId ?? null, login: userName, shows: 'present', profile };
}

/** How the user would get the Org2Org app. Never writes. */
export async function assessAssignment(session: OktaSession, input: UserInput, userId: string): Promise<AssignedUser> {
  const assignment = await seenAssignment(session, input, userId);
  return {
    ...decideAssignment(input, assignment),
    assignment,
    expected: expected(input, assignment),
    applied: [],
    checks: [],
    evidence: session.evidence,
  };
}

/** Gives the user the Org2Org app after a fresh look, directly or through the federation's group. */
export async function assignUser(
  session: OktaSession,
  input: UserInput,
  userId: string,
  signal: AbortSignal,
): Promise<AssignedUser> {
  const { federation } = input;
  const before = await seenAssignment(session, input, userId);
  const { changes, decided } = decideAssignment(input, before);
  const [change] = changes;
  const result = (assignment: AssignmentView | null, more: Partial<Finding> = {}): AssignedUser => ({
    assignment,
    expected: expected(input, assignment),
    decided,
    changes: [],
    applied: change === undefined ? [] : [change.summary],
    checks: [],
    blocker: null,
    evidence: session.evidence,
    ...more,
  });
  if (change === undefined) return result(before);
  if (change.write === 'assign') {
    const assigned = await assignUserToApplication(session, federation.org2orgAppId, userId, {
      profile: initialStatus,
    });
    return result(assignmentView(assigned));
  }
  const name = federation.assignmentGroups[0] ?? '';
  const groups = (await findGroupsByName(session, name)).filter(({ type }) => type === 'OKTA_GROUP');
  const [group] = groups;
  if (group === undefined || groups.length > 1) {
    const org = federation.orgs.idp.name;
    const blocker =
      group === undefined
        ? problem('O2O_GROUP_MISSING', { org, group: name })
        : problem('O2O_GROUP_AMBIGUOUS', { org, group: name, count: groups.length });
    return result(null, { applied: [], blocker });
  }
  await assignUserToGroup(session, group.id, userId);
  const after = await lookUntil(
    () => seenAssignment(session, input, userId),
    (seen) => seen !== null,
    signal,
  );
  return result(after);
}

/** Without the update feature the SP org keeps the profile of a user who was there before. */
function attributes({ federation }: UserInput, assignment: AssignmentView, spUser: UserView): Check {
  const check = checkAttributes(assignment, spUser);
  return check.result === 'failed' && !federation.features.update
    ? { ...check, result: 'unknown', detail: `${check.detail}; provisioning.features.update is off` }
    : check;
}

/** What the IdP org says of its push, once: asked in the small bucket of `/apps`. Never writes. */
export async function confirmAssignment(
  session: OktaSession,
  input: UserInput,
  userId: string,
  spUser: UserView | null,
  signal: AbortSignal,
): Promise<AssignmentOutcome> {
  const assignment = await lookUntil(
    () => seenAssignment(session, input, userId),
    (seen) => spUser === null || seen === null || pushState(seen) !== 'queued',
    signal,
  );
  const org = input.federation.orgs.idp.name;
  const state = assignment === null ? 'unassigned' : pushState(assignment);
  const linked = spUser !== null && assignment?.externalId === spUser.id;
  return {
    assignment,
    decided: `The IdP org calls the push ${state}.`,
    changes: [],
    applied: [],
    checks:
      assignment === null || spUser === null
        ? []
        : [
            {
              name: 'sameUser',
              statement: 'The assignment leads to this very user of the SP org',
              result: linked ? 'passed' : 'failed',
              detail: `${assignment.externalId ?? 'no user'}, ${state}`,
              fix: linked ? null : 'See Dashboard > Tasks of the IdP org, and whether somebody else has this login.',
              evidence: [],
            },
            attributes(input, assignment, spUser),
          ],
    blocker:
      assignment === null
        ? problem('O2O_CHANGED_MEANWHILE', { org, detail: 'the assignment to the Org2Org app is gone' })
        : null,
    evidence: session.evidence,
  };
}

/** How far the org's clock may be ahead of ours, in milliseconds. */
const clockSkewMs = 5 * 60 * 1000;

/** How far back Okta's own reason is looked for, in milliseconds. */
const logWindowMs = 24 * 60 * 60 * 1000;

/**
 * The reason that Okta's System Log gives for a push that failed; null if it knows none. Never writes.
 *
 * @param since failures before this moment (ISO 8601) do not count; null: those of the last day do.
 * @param asksAssignment whether the assignment is asked, too, where the log holds no failure.
 */
export async function explainPush(
  session: OktaSession,
  input: UserInput,
  userId: string,
  since: string | null,
  asksAssignment = true,
): Promise<Finding & { readonly reason: string | null }> {
  const events = await listLogEvents(session, {
    since: since === null ? new Date(Date.now() - logWindowMs) : new Date(since),
    until: new Date(Date.now() + clockSkewMs),
    filter: `eventType sw "application.provision.user" and target.id eq "${userId}"`,
  });
  const last = events.at(-1);
  const reason = last?.outcome?.result === 'FAILURE' ? (last.outcome.reason ?? 'Okta names no reason') : null;
  const state = reason === null && asksAssignment ? await statePushed(session, input, userId) : null;
  return {
    reason: reason ?? (state === 'failed' ? 'The assignment reads syncState ERROR' : null),
    decided: reason ?? `${state === null ? '' : `The push is ${state}. `}The System Log holds no failure.`,
    changes: [],
    applied: [],
    checks: [],
    blocker: null,
    evidence: session.evidence,
  };
}

async function statePushed(
  session: OktaSession,
  input: UserInput,
  userId: string,
): Promise<ProvisioningState | 'unassigned'> {
  const assignment = await seenAssignment(session, input, userId);
  return assignment === null ? 'unassigned' : pushState(assignment);
}

/** What taking the assignment away would change. Never writes. */
export async function assessUnassignment(
  session: OktaSession,
  input: UserInput,
  userId: string,
): Promise<Unassignment> {
  const assignment = await seenAssignment(session, input, userId);
  const { others } =
    assignment?.scope === 'GROUP'
      ? sortGivingGroups(input, await givingGroups(session, input, userId))
      : { others: [] };
  return {
    ...decideUnassignment(input, assignment),
    assignment,
    otherGroups: others.map(({ name }) => name),
    applied: [],
    checks: [],
    evidence: session.evidence,
  };
}

/** The groups through which the user has the Org2Org app. */
async function givingGroups(session: OktaSession, input: UserInput, userId: string): Promise<SeenGivingGroup[]> {
  const assigned = await listApplicationGroupAssignments(session, input.federation.org2orgAppId);
  const giving = new Set(assigned.map((group) => group.id));
  const groups = await listUserGroups(session, userId);
  return groups
    .filter((group) => giving.has(group.id))
    .map((group) => ({ id: group.id, name: group.profile.name, type: group.type }));
}

/**
 * Takes the assignment away where it comes from, each time after a fresh look, until the user has none or only groups
 * that are not the federation's are left; those are named.
 *
 * @param agreed what the transition rests on: an assignment that is not the one meant is left alone.
 */
export async function unassignUser(
  session: OktaSession,
  input: UserInput,
  userId: string,
  agreed: AgreedUnassignment,
  signal: AbortSignal,
): Promise<Unassignment> {
  const { org2orgAppId, orgs } = input.federation;
  const applied: string[] = [];
  const result = (
    assignment: AssignmentView | null,
    more: Partial<Finding> & { otherGroups?: readonly string[] } = {},
  ) => ({
    assignment,
    otherGroups: [],
    decided: assignment === null ? 'The user does not have the Org2Org app.' : 'The user still has the Org2Org app.',
    changes: [],
    applied,
    checks: [],
    blocker: null,
    evidence: session.evidence,
    proven: assignment === null ? unassignedStatement(session, null) : null,
    ...more,
  });
  let assignment = await seenAssignment(session, input, userId);
  const { externalId } = assignment ?? { externalId: null };
  const elsewhere = externalId !== null && agreed.spUserId !== null && externalId !== agreed.spUserId;
  const givenAgain = assignment !== null && agreed.given === false;
  if (elsewhere || givenAgain) {
    const detail = elsewhere ? 'the assignment leads to another user of the SP org now' : 'the user is assigned again';
    return result(assignment, { blocker: problem('O2O_CHANGED_MEANWHILE', { org: orgs.idp.name, detail }) });
  }
  if (assignment !== null && assignment.scope !== 'GROUP') {
    await unassignUserFromApplication(session, org2orgAppId, userId);
    applied.push('Take the direct assignment away');
    assignment = await seenAssignment(session, input, userId);
  }
  if (assignment === null) return result(null);
  const { ours, others } = sortGivingGroups(input, await givingGroups(session, input, userId));
  for (const group of ours) {
    await unassignUserFromGroup(session, group.id, userId);
    applied.push(`Take the user out of the group ${group.name}`);
  }
  if (others.length > 0) {
    const names = others.map(({ name }) => name);
    const blocker = problem('O2O_OTHER_GROUPS', { org: orgs.idp.name, groups: names.join(', ') });
    return result(assignment, { otherGroups: names, blocker });
  }
  const after = await lookUntil(
    () => seenAssignment(session, input, userId),
    (seen) => seen === null,
    signal,
  );
  const detail = 'the Org2Org app does not leave the user although no group gives it';
  return result(after, after === null ? {} : { blocker: problem('O2O_NOT_ARRIVED', { org: orgs.idp.name, detail }) });
}
