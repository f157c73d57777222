import type { OktaSession } from '../okta/session.js';
import { findUser } from '../okta/users.js';
import { applyIdpProfile, assessIdpProfile, createIdpUser, lookAtIdpUser } from './idp-user.js';
import { proveOffboarded, readIdpProof } from './offboarding-proof.js';
import { awaitSpUser, changeSpStatus, lookAtSpUser, revokeSpSessions } from './sp-user.js';
import { giveAccess } from './user-access.js';
import type { UserActivities } from './user-activities.js';
import {
  assessAssignment,
  assessUnassignment,
  assignUser,
  confirmAssignment,
  explainPush,
  unassignUser,
} from './user-assignment.js';
import { checkSignOn } from './user-sign-on.js';

/** Runs the work of one activity with a session of its own and the signal that ends it. */
export type WithSession = <Result>(
  work: (session: OktaSession, signal: AbortSignal) => Promise<Result>,
) => Promise<Result>;

/** The activities of users' transitions for one org. */
export function createUserActivities(withSession: WithSession): UserActivities {
  return {
    findLogin: (id) => withSession(async (session) => (await findUser(session, id))?.profile.login ?? null),
    lookAtIdpUser: (input) => withSession((session) => lookAtIdpUser(session, input)),
    createIdpUser: (input) => withSession((session) => createIdpUser(session, input)),
    assessIdpProfile: (input, look) => withSession((session) => assessIdpProfile(session, input, look)),
    applyIdpProfile: (input, look) => withSession((session) => applyIdpProfile(session, input, look)),
    assessAssignment: (input, id) => withSession((session) => assessAssignment(session, input, id)),
    assignUser: (input, id) => withSession((session, signal) => assignUser(session, input, id, signal)),
    confirmAssignment: (input, id, spUser) =>
      withSession((session, signal) => confirmAssignment(session, input, id, spUser, signal)),
    explainPush: (input, id, since, asksAssignment) =>
      withSession((session) => explainPush(session, input, id, since, asksAssignment)),
    assessUnassignment: (input, id) => withSession((session) => assessUnassignment(session, input, id)),
    unassignUser: (input, id, agreed) =>
      withSession((session, signal) => unassignUser(session, input, id, agreed, signal)),
    readIdpProof: (input, id) => withSession((session) => readIdpProof(session, input, id)),
    lookAtSpUser: (input, assignment) => withSession((session) => lookAtSpUser(session, input, assignment)),
    awaitSpUser: (_input, expectation) => withSession((session, signal) => awaitSpUser(session, expectation, signal)),
    revokeSpSessions: (_input, agreed) => withSession((session) => revokeSpSessions(session, agreed)),
    changeSpStatus: (_input, agreed, write) =>
      withSession((session, signal) => changeSpStatus(session, agreed, write, signal)),
    giveAccess: (input, id, isNew) => withSession((session, signal) => giveAccess(session, input, id, isNew, signal)),
    checkSignOn: (input, assignment, user, linked) =>
      withSession((session) => checkSignOn(session, input, assignment, user, linked)),
    proveOffboarded: (input, head, spUserId, idp, seen) =>
      withSession((session) => proveOffboarded(session, input, head, spUserId, idp, seen)),
  };
}
