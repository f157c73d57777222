import type { Assessment, Choices, FederationOrgs, KnownValues, OrgRole, ResourceName } from './assessment.js';
import type { Check } from './check.js';
import { type DriftReport, driftStepNames } from './drift.js';
import type { Problem } from './errors.js';
import type { FederationSpec } from './federation-spec.js';
import type { Actor, Gate } from './gate.js';
import { pauseStepNames } from './pause.js';
import { rotationStepNames } from './rotation.js';
import { teardownStepNames } from './teardown.js';
import { verificationStepNames } from './verification.js';

/** The steps of a setup, in the guide's order. */
export const setupStepNames = [
  'orgs',
  'targetApp',
  'targetAppConsole',
  'org2orgApp',
  'samlMetadata',
  'trustedCertificate',
  'identityProvider',
  'samlTrust',
  'serviceClient',
  'spToken',
  'provisioningConnection',
  'provisioningFeatures',
  'assignments',
  'provisionedUsers',
  'accessGroup',
  'signOn',
] as const;
export type SetupStepName = (typeof setupStepNames)[number];

/** The steps of every kind of operation. */
export const stepNames = [
  ...setupStepNames,
  ...rotationStepNames,
  ...pauseStepNames,
  ...teardownStepNames,
  ...verificationStepNames,
  ...driftStepNames,
] as const;
export type StepName = (typeof stepNames)[number];

export type StepState = 'pending' | 'running' | 'waiting' | 'gate' | 'stopped' | 'done' | 'skipped' | 'planned';

/** One step of an operation, as people see it in the API, the Temporal UI and the terminal. */
export interface Step {
  readonly name: StepName;
  readonly title: string;
  /** Where the guide describes it, for example `Step 2`. */
  readonly guide: string;
  readonly side: OrgRole | 'both';
  readonly state: StepState;
  /** What was seen and what changes; after `done` the state that was read back. */
  readonly assessment: Assessment | null;
  /** How many writes this step has made. */
  readonly applied: readonly string[];
  readonly gate: Gate | null;
  readonly checks: readonly Check[];
  /** Why the step waits or stopped, and what to do. */
  readonly problem: Problem | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** Operations that make a federation agree with a specification, or say what that would take. */
export const specifiedKinds = ['setup', 'plan'] as const;
export type SpecifiedKind = (typeof specifiedKinds)[number];

/** Operations on a federation as it was agreed. */
export const agreedKinds = ['verification', 'drift', 'rotation', 'pause', 'resume', 'teardown'] as const;
export type AgreedKind = (typeof agreedKinds)[number];

/** Operations that a schedule may begin. */
export const scheduledKinds = ['verification', 'drift'] as const satisfies readonly AgreedKind[];
export type ScheduledKind = (typeof scheduledKinds)[number];

export const operationKinds = [...specifiedKinds, ...agreedKinds] as const;
export type OperationKind = (typeof operationKinds)[number];
export type OperationOutcome = 'done' | 'stopped';

/** State of one operation: what its workflow keeps, its query returns and the API, the UI and the CLI print. */
export interface OperationStatus {
  readonly kind: OperationKind;
  readonly workflowId: string;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt: string | null;
  readonly outcome: OperationOutcome | null;
  readonly steps: readonly Step[];
  readonly known: KnownValues;
  readonly chosen: Choices;
  /** Gates answered in earlier operations with the same evidence are not asked again. */
  readonly answeredGates: readonly AnsweredGate[];
  /** What was asked for besides the kind; absent where the kind asks for nothing. */
  readonly options?: AgreedOptions;
  /** What the operation has created, in place of adopting what was there. */
  readonly made?: readonly ResourceName[];
  /** The specification as the operation leaves it, where it has changed it. */
  readonly spec?: FederationSpec;
  /** What a drift check has found. */
  readonly drift?: DriftReport;
  /** Whether it stopped before it had begun to change anything: the federation is as it was before. */
  readonly changedNothing?: true;
}

/** Options are small and plain: they stand in histories, so no secret and no reference to one is among them. */
export type AgreedOptions = Readonly<Record<string, unknown>>;

/** A gate's answer that stays valid as long as the evidence that the person saw stays the same. */
export interface AnsweredGate {
  readonly name: string;
  readonly evidence: string;
  readonly by: string;
  readonly why: string;
  readonly choice: string;
  readonly at: string;
}

export const federationStates = [
  'new',
  'settingUp',
  'waiting',
  'gate',
  'stopped',
  'ready',
  'paused',
  'ending',
  'ended',
] as const;
/** `paused`: the connection is off, nothing is pushed. `ending`, `ended`: it is, or was, torn down. */
export type FederationState = (typeof federationStates)[number];

/** One past or present operation, in short. */
export interface OperationReference {
  /** Counts the operations of this federation. */
  readonly number: number;
  readonly kind: OperationKind;
  readonly workflowId: string;
  readonly startedAt: string;
  readonly startedBy: string;
  readonly endedAt: string | null;
  readonly outcome: OperationOutcome | null;
}

/** Since when a federation counts as proven, and by what. */
export interface Live {
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Number of the verification that passed; null where a person said so. */
  readonly verification: number | null;
  /** Who started that verification, or the person. */
  readonly by: string;
  /** Why a person said so; null where a verification has passed. */
  readonly why: string | null;
}

/** A person's word that a federation is live although no verification has passed. */
export interface GoLive {
  readonly why: string;
  readonly actor: Actor;
}

/** What the federation's entity workflow keeps and its `status` query returns. */
export interface FederationRecord {
  readonly id: string;
  readonly state: FederationState;
  readonly spec: FederationSpec;
  readonly orgs: FederationOrgs;
  readonly notices: readonly string[];
  readonly known: KnownValues;
  readonly current: OperationReference | null;
  /** The last ended setup or plan with its steps. */
  readonly last: OperationStatus | null;
  readonly lastPlan: OperationStatus | null;
  /** The last operation of each other kind that has ended. Absent in a federation that is older than they are. */
  readonly ended?: Partial<Readonly<Record<AgreedKind, OperationStatus>>>;
  readonly operations: readonly OperationReference[];
  /** What was created for this federation: a teardown leaves everything else. Absent where nothing was, or it is older. */
  readonly made?: readonly ResourceName[];
  /** Absent or null until a verification has passed, or a person has said so. */
  readonly live?: Live | null;
  readonly updatedAt: string;
}

/** Command that starts or continues a setup. */
export interface ApplyFederation {
  readonly federationId: string;
  readonly spec: FederationSpec;
  readonly orgs: FederationOrgs;
  readonly notices: readonly string[];
  readonly actor: Actor;
  /** The caller's `Idempotency-Key`, or null. */
  readonly idempotencyKey: string | null;
}

/** Command that starts an operation on a federation as it was agreed. */
export interface OperateFederation {
  readonly kind: AgreedKind;
  /** What the kind of operation wants to know; parsed by its route. */
  readonly options: AgreedOptions;
  readonly actor: Actor;
  readonly idempotencyKey: string | null;
}

/** An operation that a schedule begins. */
export interface ScheduledOrder {
  readonly federationId: string;
  readonly kind: ScheduledKind;
  readonly options: AgreedOptions;
  /** Who has set the schedule. */
  readonly actor: Actor;
  /** The same for every attempt to begin this run. */
  readonly key: string;
}

/** What `apply`, `plan` and `operate` answer at once: which operation is running now. */
export interface OperationAccepted {
  readonly operation: OperationReference;
  /** False if the same command had already started this operation. */
  readonly started: boolean;
}

/** What the workflow of an operation is started with. */
export interface OperationInput {
  readonly kind: OperationKind;
  readonly federationId: string;
  readonly spec: FederationSpec;
  readonly orgs: FederationOrgs;
  readonly known: KnownValues;
  readonly chosen: Choices;
  readonly answeredGates: readonly AnsweredGate[];
  readonly startedBy: string;
}

/** What an operation on a federation as it was agreed is started with. */
export interface AgreedInput<Options extends AgreedOptions = AgreedOptions> extends OperationInput {
  readonly options: Options;
  /** What was created for the federation. */
  readonly made: readonly ResourceName[];
  /** The federation's state as the operation began. */
  readonly state?: FederationState;
}
