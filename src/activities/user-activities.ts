import type { IdpProof, OffboardingProof, SeenGone } from '../domain/offboarding-proof.js';
import type {
  AgreedUnassignment,
  AssignedUser,
  AssignmentOutcome,
  AssignmentView,
  Finding,
  IdpLook,
  IdpProfile,
  SpExpectation,
  SpLook,
  SpWait,
  Unassignment,
  UserInput,
  UserView,
} from '../domain/user-lifecycle.js';
import type { ProofHead } from './offboarding-proof.js';
import type { SpStatusWrite } from './sp-user.js';

/** What a worker does for the transitions of a user, with the credentials of one org. */
export interface UserActivities {
  /** IdP org: the login of the user with this id, null if there is none. Never writes. */
  findLogin(userId: string): Promise<string | null>;
  /** IdP org: user, assignment and connection. Never writes. */
  lookAtIdpUser(input: UserInput): Promise<IdpLook>;
  /** IdP org: creates the user of the command unless the login is there by now. */
  createIdpUser(input: UserInput): Promise<IdpLook>;
  /** IdP org: what an update would change, compared with the look at the beginning. Never writes. */
  assessIdpProfile(input: UserInput, look: IdpLook): Promise<IdpProfile>;
  /** IdP org: changes the profile and reads it back. */
  applyIdpProfile(input: UserInput, look: IdpLook): Promise<IdpProfile>;
  /** IdP org: how the user would get the Org2Org app. Never writes. */
  assessAssignment(input: UserInput, userId: string): Promise<AssignedUser>;
  /** IdP org: gives the Org2Org app after a fresh look. */
  assignUser(input: UserInput, userId: string): Promise<AssignedUser>;
  /** IdP org: what it says of its push, asked once. Never writes. */
  confirmAssignment(input: UserInput, userId: string, spUser: UserView | null): Promise<AssignmentOutcome>;
  /** IdP org: Okta's own reason for a push that failed. Never writes. */
  explainPush(
    input: UserInput,
    userId: string,
    since: string | null,
    asksAssignment?: boolean,
  ): Promise<Finding & { readonly reason: string | null }>;
  /** IdP org: what taking the assignment away would change. Never writes. */
  assessUnassignment(input: UserInput, userId: string): Promise<Unassignment>;
  /** IdP org: takes the assignment away where it comes from. */
  unassignUser(input: UserInput, userId: string, agreed: AgreedUnassignment): Promise<Unassignment>;
  /** IdP org: its part of the proof. Never writes. */
  readIdpProof(input: UserInput, idpUserId: string | null): Promise<IdpProof>;
  /** SP org: the user, and whether the transition may touch this very user. Never writes. */
  lookAtSpUser(input: UserInput, assignment: AssignmentView | null): Promise<SpLook>;
  /** SP org: asks for some seconds until the user is as expected. Never writes. */
  awaitSpUser(input: UserInput, expectation: SpExpectation): Promise<SpWait>;
  /** SP org: ends sessions and revokes tokens. */
  revokeSpSessions(input: UserInput, agreed: SpLook): Promise<Finding>;
  /** SP org: changes the status of the very user that was agreed on, and reads it back. */
  changeSpStatus(
    input: UserInput,
    agreed: SpLook,
    write: SpStatusWrite,
  ): Promise<Finding & { readonly user: UserView | null }>;
  /** SP org: puts the user into the access group and waits for the target app. */
  giveAccess(input: UserInput, spUserId: string, isNew: boolean): Promise<Finding>;
  /** SP org: whether a sign-on through the federation would find this very user. Never writes. */
  checkSignOn(input: UserInput, assignment: AssignmentView, user: UserView, linked: boolean): Promise<Finding>;
  /** SP org: the proof that the leaver is gone. Never writes. */
  proveOffboarded(
    input: UserInput,
    head: ProofHead,
    spUserId: string | null,
    idp: IdpProof,
    seen: SeenGone | null,
  ): Promise<{ readonly proof: OffboardingProof; readonly user: UserView | null }>;
}
