import type { Change, FederationOrgs, OrgRole } from './assessment.js';
import type { Check } from './check.js';
import type { Problem } from './errors.js';
import type { Evidence, Facts } from './evidence.js';
import type { StepState } from './federation.js';
import type { FederationSpec } from './federation-spec.js';
import type { Actor, Gate } from './gate.js';
import type { OffboardingProof } from './offboarding-proof.js';
import type { SweepMandate } from './sweep.js';

/** The changes of a user's life in a federation. */
export const transitionKinds = ['onboard', 'update', 'suspend', 'resume', 'offboard', 'reactivate'] as const;
export type TransitionKind = (typeof transitionKinds)[number];

/** How a user who has no assignment gets one: directly, or as a member of a group of the specification. */
export type AssignBy = 'direct' | 'group';

/** Attributes of a user's profile as a command names them. */
export type Profile = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** What the transitions of a user need to know of the federation. */
export interface UserFederation {
  readonly id: string;
  readonly orgs: FederationOrgs;
  readonly org2orgAppId: string;
  readonly targetAppId: string;
  readonly identityProviderId: string;
  readonly accessGroupId: string;
  /** Base URL of the Org2Org app, as the specification says. */
  readonly baseUrl: string;
  readonly auth: FederationSpec['provisioning']['auth'];
  /** The service client in the SP org with which the IdP org provisions; null with an API token. */
  readonly serviceClientId: string | null;
  /** Names of the groups in the IdP org that the federation assigned to the Org2Org app. */
  readonly assignmentGroups: readonly string[];
  readonly features: FederationSpec['provisioning']['features'];
  readonly identityProvider: Pick<
    FederationSpec['identityProvider'],
    'subjectMatch' | 'subjectFilter' | 'accountLink' | 'jit'
  >;
  readonly users: FederationSpec['users'];
  /** What the workflow said of itself when it asked, and thereby stands in its history: it begins reads before their steps. */
  readonly readsAhead?: true;
}

/** What every activity on a user is given. */
export interface UserInput {
  readonly federation: UserFederation;
  readonly kind: TransitionKind;
  /** The login in the IdP org. */
  readonly login: string;
  /** Attributes for a user who is created or updated, null if the command names none. */
  readonly profile: Profile | null;
  readonly assignBy: AssignBy;
  /** The SP user whom a sweep has found: looked at by this id, whatever name and assignment lead to. */
  readonly spUserId?: string;
}

/** A user as one org shows it. */
export interface UserView {
  readonly id: string;
  readonly login: string;
  readonly status: string;
  readonly transitioningToStatus: string | null;
  /** Who authenticates the user: `OKTA`, `FEDERATION`, `ACTIVE_DIRECTORY`, … */
  readonly provider: string | null;
  readonly lastLogin: string | null;
  readonly profile: Facts;
}

/** The user's assignment to the Org2Org app. */
export interface AssignmentView {
  /** `USER` if direct, `GROUP` if through a group. */
  readonly scope: string;
  readonly status: string;
  readonly syncState: string | null;
  /** The user's id in the SP org, once provisioned. */
  readonly externalId: string | null;
  /** The name under which the user is pushed and signs on. */
  readonly userName: string | null;
  /** The profile that Okta pushes: the app's mapping, already evaluated. */
  readonly profile: Facts;
}

/** Objects that a transition writes. */
export const userResources = ['idpUser', 'assignment', 'spUser', 'sessions', 'accessGroup'] as const;
export type UserResource = (typeof userResources)[number];
export type UserChange = Change<UserResource>;

/** What one look or one write of a step says; every user activity returns it. */
export interface Finding {
  /** What was decided and why. */
  readonly decided: string;
  /** What is to be written; nothing after it was written and read back. */
  readonly changes: readonly UserChange[];
  /** What this call has written. */
  readonly applied: readonly string[];
  readonly checks: readonly Check[];
  /** Why the transition cannot go on. */
  readonly blocker: Problem | null;
  readonly evidence: readonly Evidence[];
}

/** The IdP org's side of a user. */
export interface IdpLook extends Finding {
  readonly user: UserView | null;
  readonly assignment: AssignmentView | null;
}

/** The SP org's side of a user. */
export interface SpLook extends Finding {
  readonly user: UserView | null;
  /** Administrator roles that the user holds. */
  readonly roles: readonly string[];
  /** Identity providers that the user is linked to. */
  readonly identityProviderIds: readonly string[];
  /** Why a person must decide before this user is touched; null if nothing speaks against it. */
  readonly protectedBecause: string | null;
}

/** How a wait for the SP org ended: `met` once the SP org shows what is waited for. */
export interface SpWait extends Finding {
  readonly met: boolean;
  readonly user: UserView | null;
  /** What the read that met the condition proves of a leaver. */
  readonly proven?: Check | null;
}

/** What the SP org is expected to show. */
export interface SpExpectation {
  /** Okta's id in the SP org if it is known; asked instead of the login. */
  readonly id: string | null;
  readonly login: string;
  readonly shows: 'present' | 'deprovisioned';
  /** Attributes that must have these values. */
  readonly profile: Facts;
}

/** What a look at, or a write to, the assignment showed. */
export interface AssignmentOutcome extends Finding {
  readonly assignment: AssignmentView | null;
}

/** The assignment, and what the SP org will show once it was pushed. */
export interface AssignedUser extends AssignmentOutcome {
  readonly expected: SpExpectation;
}

/** The assignment as a leaver has it. */
export interface Unassignment extends AssignmentOutcome {
  /** Groups that give the Org2Org app and are not the federation's. */
  readonly otherGroups: readonly string[];
  /** What the last read, made after the last write, proves of a leaver. */
  readonly proven?: Check | null;
}

/** What the looks before have shown of the assignment that is to be taken away. */
export interface AgreedUnassignment {
  /** The SP user that the transition is about. */
  readonly spUserId: string | null;
  /** Whether the user had an assignment, where one that came later must stay; left out where it may go. */
  readonly given?: boolean;
}

/** The profile in the IdP org, and what the SP org will show once the change was pushed. */
export interface IdpProfile extends Finding {
  readonly user: UserView | null;
  readonly expected: SpExpectation;
}

export const userStepNames = [
  'federation',
  'idpUser',
  'spUser',
  'assignment',
  'provisioned',
  'access',
  'signOn',
  'profile',
  'propagated',
  'sessions',
  'unassignment',
  'deprovisioned',
  'proof',
  'suspended',
  'resumed',
] as const;
export type UserStepName = (typeof userStepNames)[number];

/** One step of a transition: what was asked, what Okta answered, what was decided and why. */
export interface UserStep {
  readonly name: UserStepName;
  /** What was asked or done, as people read it. */
  readonly title: string;
  readonly side: OrgRole | 'both';
  readonly state: StepState;
  readonly decided: string | null;
  readonly changes: readonly UserChange[];
  readonly applied: readonly string[];
  readonly checks: readonly Check[];
  readonly evidence: readonly Evidence[];
  readonly gate: Gate | null;
  readonly problem: Problem | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Both sides of a user at one moment; null where the org has no such user. */
export interface BothSides {
  readonly idp: UserView | null;
  readonly assignment: AssignmentView | null;
  readonly sp: UserView | null;
}

export const transitionStates = [
  'planned',
  'queued',
  'running',
  'waiting',
  'gate',
  'done',
  'stopped',
  'superseded',
  'withdrawn',
  'cancelled',
] as const;
/** `withdrawn`: the finding of a sweep on which the transition rested did not hold when it was looked at afresh. */
export type TransitionState = (typeof transitionStates)[number];

/** One transition and its report. */
export interface Transition {
  /** Counts the transitions of this user in this federation. */
  readonly number: number;
  readonly kind: TransitionKind;
  readonly state: TransitionState;
  readonly dryRun: boolean;
  /** When it shall begin, if that was planned. */
  readonly at: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** What was sent with the command. */
  readonly profile: Profile | null;
  readonly assignBy: AssignBy | null;
  /** The finding of a sweep that the transition rests on: it is looked at afresh before anything is done. */
  readonly mandate?: SweepMandate;
  /** A row of a batch: single users go first. */
  readonly ofBatch?: true;
  /** Digest of what the command asks for. */
  readonly fingerprint: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Why it ended as it did, where that is not told by a step. */
  readonly note: string | null;
  /** Dropped for transitions that are long past. */
  readonly steps: readonly UserStep[];
  readonly before: BothSides | null;
  readonly after: BothSides | null;
  readonly proof: OffboardingProof | null;
}

export type UserState = 'idle' | 'planned' | 'running' | 'waiting' | 'gate' | 'stopped';

/** A command that was accepted, so that the same `Idempotency-Key` does nothing twice. */
export interface AcceptedTransition {
  readonly key: string;
  readonly fingerprint: string;
  readonly number: number;
}

/** What the workflow `userLifecycle` keeps and its query returns. */
export interface UserRecord {
  readonly federationId: string;
  readonly login: string;
  readonly state: UserState;
  /** The login under which this user goes on after it was changed. */
  readonly movedTo: string | null;
  /** Oldest first. */
  readonly transitions: readonly Transition[];
  readonly accepted: readonly AcceptedTransition[];
  readonly updatedAt: string;
}

/** A command to one user. */
export interface TransitionCommand {
  readonly federationId: string;
  readonly login: string;
  readonly kind: TransitionKind;
  readonly profile: Profile | null;
  readonly assignBy: AssignBy | null;
  readonly dryRun: boolean;
  /** When it shall begin (ISO 8601, UTC); null or a time in the past: now. */
  readonly at: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** The finding of a sweep that the command rests on. */
  readonly mandate?: SweepMandate;
  /** A row of a batch asks. */
  readonly ofBatch?: true;
  readonly actor: Actor;
  readonly idempotencyKey: string | null;
  /** Digest of what the command asks for: tells a repeated command from another one with the same key. */
  readonly fingerprint: string;
  /** How long the caller wants to wait for the end, in seconds. */
  readonly waitSeconds: number;
}

/** What a command to a user is answered with. */
export interface TransitionAccepted {
  /** As it stands when the answer is given. */
  readonly transition: Transition;
  /** False if the same command had already started or planned it. */
  readonly started: boolean;
}

/** Moves a planned transition to another time, or cancels it where `at` is null. */
export interface ReplanTransition {
  readonly number: number;
  readonly at: string | null;
  readonly actor: Actor;
}
