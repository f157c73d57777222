import { Org2OrgError, problem } from '../domain/errors.js';
import { decideIdpUser, decideProfile } from '../domain/idp-user.js';
import { expectedAfterUpdate } from '../domain/user-attributes.js';
import type { IdpLook, IdpProfile, UserInput } from '../domain/user-lifecycle.js';
import { findApplicationUser } from '../okta/application-users.js';
import { getApplication } from '../okta/applications.js';
import { getDefaultProvisioningConnectionForApplication } from '../okta/provisioning-connection.js';
import type { OktaSession } from '../okta/session.js';
import { createUser, findUser, findUserByLogin, updateUser } from '../okta/users.js';
import { remembering } from './remembered.js';
import { assignmentView, userView } from './user-views.js';

/** Status of an app's provisioning connection, asked once for all users of ten seconds while it is on. */
const connectionStatus = remembering(
  async (session, appId) => (await getDefaultProvisioningConnectionForApplication(session, appId)).status,
  (status) => status === 'ENABLED',
);

/** The user in the IdP org, the assignment to the Org2Org app, and whether the connection would push. Never writes. */
export async function lookAtIdpUser(session: OktaSession, input: UserInput): Promise<IdpLook> {
  const { org2orgAppId } = input.federation;
  const connection = await connectionStatus(session, org2orgAppId);
  const user = await findUserByLogin(session, input.login);
  const assignment = user === null ? null : await findApplicationUser(session, org2orgAppId, user.id);
  // For a sweep, that the user has no assignment counts only while there is an app that somebody could have.
  if (assignment === null && input.spUserId !== undefined) await getApplication(session, org2orgAppId);
  const seen = {
    user: user === null ? null : userView(user),
    assignment: assignment === null ? null : assignmentView(assignment),
    connectionStatus: connection.value,
  };
  return {
    ...decideIdpUser(input, seen),
    user: seen.user,
    assignment: seen.assignment,
    applied: [],
    checks: [],
    evidence: [...connection.evidence.filter((entry) => !session.evidence.includes(entry)), ...session.evidence],
  };
}

/** Creates the user whom the command describes, unless the login is there by now, and reads the user back. */
export async function createIdpUser(session: OktaSession, input: UserInput): Promise<IdpLook> {
  const { federation, login, profile } = input;
  const found = await findUserByLogin(session, login);
  if (found === null) await createUser(session, { profile: { ...profile, login } }, { activate: true });
  const user = await findUserByLogin(session, login);
  return {
    user: user === null ? null : userView(user),
    assignment: null,
    decided: user === null ? 'The user cannot be read back.' : `The user ${user.id} is ${user.status}.`,
    changes: [],
    applied: found === null ? ['Create the user in the IdP org'] : [],
    checks: [],
    blocker: user === null ? problem('O2O_IDP_USER_MISSING', { org: federation.orgs.idp.name }) : null,
    evidence: session.evidence,
  };
}

/** What an update would change in the IdP org. Never writes. */
export async function assessIdpProfile(session: OktaSession, input: UserInput, look: IdpLook): Promise<IdpProfile> {
  const { user: before, assignment } = look;
  const found = before === null ? null : await findUser(session, before.id);
  const user = found === null ? null : userView(found);
  const org = input.federation.orgs.idp.name;
  const decision =
    user === null
      ? { decided: 'The user is gone.', changes: [], blocker: problem('O2O_IDP_USER_MISSING', { org }) }
      : decideProfile(input, user);
  const profile =
    before === null || assignment === null ? {} : expectedAfterUpdate(before, assignment, input.profile ?? {});
  return {
    ...decision,
    user,
    expected: {
      id: assignment?.externalId ?? null,
      login: assignment?.userName ?? input.login,
      shows: 'present',
      profile,
    },
    applied: [],
    checks: [],
    evidence: session.evidence,
  };
}

/** Changes the profile in the IdP org after a fresh look, and reads it back. */
export async function applyIdpProfile(session: OktaSession, input: UserInput, look: IdpLook): Promise<IdpProfile> {
  const before = await assessIdpProfile(session, input, look);
  if (before.user === null || before.blocker !== null || before.changes.length === 0) return before;
  await updateUser(session, before.user.id, input.profile ?? {});
  const after = await assessIdpProfile(session, input, look);
  const differing = after.changes.flatMap((change) => change.fields.map(({ field }) => field)).join(', ');
  if (differing !== '') {
    throw new Org2OrgError('O2O_READ_BACK_DIFFERS', { resource: 'the user', org: session.org, detail: differing });
  }
  return { ...after, applied: before.changes.map((change) => change.summary) };
}
