import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RaisedAlarm } from '../domain/alarm.js';
import type { AuditEntry } from '../domain/audit.js';
import type { EventHint } from '../domain/event-hook.js';
import type {
  ApplyFederation,
  FederationRecord,
  FederationState,
  GoLive,
  Live,
  OperateFederation,
  OperationAccepted,
  OperationStatus,
  ScheduledKind,
} from '../domain/federation.js';
import type { Actor, AnswerGate, Gate } from '../domain/gate.js';
import type { RolloutRecord } from '../domain/group-rollout.js';
import type { GivenRotationOrder } from '../domain/rotation.js';
import type { DecideSweep, SweepOrder, SweepRecord } from '../domain/sweep.js';
import type {
  AddRows,
  BatchOrder,
  BatchRecord,
  RowResult,
  RowsOrder,
  RowsProgress,
  SealBatch,
} from '../domain/user-batch.js';
import type {
  ReplanTransition,
  Transition,
  TransitionAccepted,
  TransitionCommand,
  UserRecord,
} from '../domain/user-lifecycle.js';

/** Task queue of all workflows. */
export const workflowTaskQueue = 'org2org';

/** Task queue of the activities that wait for a batch's users: they must not keep a slot from single users. */
export const batchTaskQueue = 'org2org/batches';

/** Whose work goes first in every task queue: 1 before 5, 3 where nothing is said. */
export const priorities = { interactive: 2, batch: 4, sweep: 5 } as const;
export type Priority = (typeof priorities)[keyof typeof priorities];

/** Task queue of the activities that need the credentials of an org. */
export function orgTaskQueue(org: string): string {
  return `okta/${org}`;
}

export function federationWorkflowId(federationId: string): string {
  return `federation/${federationId}`;
}

/** Workflow of one user in one federation; `key` is opaque, it tells nothing of the login. */
export function userWorkflowId(federationId: string, key: string): string {
  return `user/${federationId}/${key}`;
}

/** Workflow of one diagnosis of a user; `random` tells it from the others. */
export function diagnosisWorkflowId(federationId: string, key: string, random: string): string {
  return `diagnosis/${federationId}/${key}/${random}`;
}

/** Workflow of one preflight of two orgs; `random` tells it from the others. */
export function preflightWorkflowId(idp: string, sp: string, random: string): string {
  return `preflight/${idp}/${sp}/${random}`;
}

/** Workflow of one look for what is federated between two orgs. */
export function adoptionWorkflowId(idp: string, sp: string, random: string): string {
  return `adoption/${idp}/${sp}/${random}`;
}

/** Workflow of one look at how both orgs hold a federation. */
export function exportWorkflowId(federationId: string, random: string): string {
  return `export/${federationId}/${random}`;
}

/** Starts or plans a transition. To a `userLifecycle`. */
export const transitionUpdate = defineUpdate<TransitionAccepted, [TransitionCommand], 'transition'>('transition');

/** Moves or cancels a planned transition. To a `userLifecycle`. */
export const replanUpdate = defineUpdate<Transition, [ReplanTransition], 'replan'>('replan');

/** Hands on what was planned under an earlier login. To a `userLifecycle`. */
export const takeOverSignal = defineSignal<[readonly Transition[]], 'takeOver'>('takeOver');

/** Everything a `userLifecycle` knows. */
export const userStatusQuery = defineQuery<UserRecord, [], 'userStatus'>('userStatus');

/** Sets up, or sets up anew, what the specification says. To the entity `federation`. */
export const applyUpdate = defineUpdate<OperationAccepted, [ApplyFederation], 'apply'>('apply');

/** Assesses everything and writes nothing. To the entity `federation`. */
export const planUpdate = defineUpdate<OperationAccepted, [ApplyFederation], 'plan'>('plan');

/** Begins an operation on the federation as it was agreed. To the entity `federation`. */
export const operateUpdate = defineUpdate<OperationAccepted, [OperateFederation], 'operate'>('operate');

/** Says that a federation is live by a person's word. To the entity `federation`. */
export const goLiveUpdate = defineUpdate<Live, [GoLive], 'goLive'>('goLive');

/** Everything the entity `federation` knows. */
export const federationStatusQuery = defineQuery<FederationRecord, [], 'federationStatus'>('federationStatus');

/** Workflow by which a schedule begins an operation; the schedule adds the time. */
export function scheduledOperationWorkflowId(federationId: string, kind: ScheduledKind): string {
  return `scheduled/${federationId}/${kind}`;
}

/** The schedule of one kind of operation on a federation. */
export function operationScheduleId(federationId: string, kind: ScheduledKind): string {
  return `${kind}/${federationId}`;
}

/** Answers an open gate. To the operation that waits at it. */
export const answerGateUpdate = defineUpdate<Gate, [AnswerGate], 'answerGate'>('answerGate');

/** Ends the wait of a step that waits for Okta: it looks again at once. To an operation. */
export const lookAgainSignal = defineSignal<[], 'lookAgain'>('lookAgain');

/** Tells the entity that its operation waits, stands at a gate or goes on. */
export const operationStateSignal = defineSignal<[FederationState], 'operationState'>('operationState');

/** The operation's steps, gates and checks as they stand now. */
export const operationStatusQuery = defineQuery<OperationStatus, [], 'operationStatus'>('operationStatus');

/** Has a roll-over go on at once, or take everything back. To a `keyRotation`. */
export const rotationOrderUpdate = defineUpdate<OperationStatus, [GivenRotationOrder], 'rotationOrder'>(
  'rotationOrder',
);

/** Searchable in the Temporal UI; ids only, never names or addresses of people. */
export const federationAttribute = defineSearchAttributeKey('O2OFederation', 'KEYWORD');
export const kindAttribute = defineSearchAttributeKey('O2OKind', 'KEYWORD');
export const transitionAttribute = defineSearchAttributeKey('O2OTransition', 'KEYWORD');
export const stateAttribute = defineSearchAttributeKey('O2OState', 'KEYWORD');

/** Workflow of a batch of users. */
export function batchWorkflowId(federationId: string, batchId: string): string {
  return `batch/${federationId}/${batchId}`;
}

/** Workflow that holds some rows of a batch. */
export function batchRowsWorkflowId(federationId: string, batchId: string, chunk: number): string {
  return `${batchWorkflowId(federationId, batchId)}/${chunk}`;
}

/** Hands rows over. Sent again it does nothing; a `userBatch` runs none before it is sealed. */
export const addRowsUpdate = defineUpdate<void, [AddRows], 'addRows'>('addRows');

/** Says that all rows have arrived: the batch begins. True if it had not begun before. To a `userBatch`. */
export const sealUpdate = defineUpdate<boolean, [SealBatch], 'seal'>('seal');

/** Pauses, resumes, cancels or refuses a `userBatch`. */
export const batchOrderUpdate = defineUpdate<BatchRecord, [BatchOrder, Actor], 'order'>('order');

/** State and counts of a `userBatch`. */
export const batchStatusQuery = defineQuery<BatchRecord, [], 'batchStatus'>('batchStatus');

/** Begins, holds or cancels the rows of a `userBatchRows`. */
export const rowsOrderSignal = defineSignal<[RowsOrder], 'rowsOrder'>('rowsOrder');

/** What became of rows since the last time. To a `userBatch`. */
export const rowsProgressSignal = defineSignal<[RowsProgress], 'rowsProgress'>('rowsProgress');

/** The rows of a `userBatchRows` and what became of each. */
export const rowResultsQuery = defineQuery<readonly RowResult[], [], 'rowResults'>('rowResults');

/** Workflow of the rollout of a group: one per group at a time. */
export function rolloutWorkflowId(federationId: string, groupId: string): string {
  return `rollout/${federationId}/${groupId}`;
}

/** Stops following. To a `groupRollout`. */
export const cancelRolloutUpdate = defineUpdate<RolloutRecord, [Actor], 'cancelRollout'>('cancelRollout');

/** Everything a `groupRollout` knows. */
export const rolloutStatusQuery = defineQuery<RolloutRecord, [], 'rolloutStatus'>('rolloutStatus');

/** Workflow of one sweep. A schedule adds the time to the id of the sweeps that it starts. */
export function sweepWorkflowId(federationId: string, sweepId: string): string {
  return `sweep/${federationId}/${sweepId}`;
}

/** The schedule of a federation's sweeps. */
export function sweepScheduleId(federationId: string): string {
  return `sweeps/${federationId}`;
}

/** Pauses, resumes or cancels a `deactivationSweep`. */
export const sweepOrderUpdate = defineUpdate<SweepRecord, [SweepOrder, Actor], 'sweepOrder'>('sweepOrder');

/** Approves or rejects exactly one list of actions. To a `deactivationSweep`. */
export const decideSweepUpdate = defineUpdate<SweepRecord, [DecideSweep], 'decideSweep'>('decideSweep');

/** Everything a `deactivationSweep` knows. */
export const sweepStatusQuery = defineQuery<SweepRecord, [], 'sweepStatus'>('sweepStatus');

/** Workflow that gathers the events of an org's event hooks. */
export function hookEventsWorkflowId(org: string): string {
  return `hooks/${org}`;
}

/** Hands over what a delivery of an event hook gives reason to look at. To a `hookEvents`. */
export const eventHintsSignal = defineSignal<[readonly EventHint[]], 'eventHints'>('eventHints');

/** Workflow that holds rows of the audit which the ledger could not take; those that do not fit wait in others below it. */
export const auditEntriesWorkflowId = 'audit/pending';

/** Hands rows of the audit over. To an `auditEntries`. */
export const auditEntriesSignal = defineSignal<[readonly AuditEntry[]], 'auditEntries'>('auditEntries');

/** Workflow of one erasure; `key` is that of the user, `random` tells it from the others. */
export function erasureWorkflowId(federationId: string, key: string, random: string): string {
  return `erasure/${federationId}/${key}/${random}`;
}

/** Id of the one workflow that watches over everything. */
export const alarmWatchWorkflowId = 'alarms';

/** The alarms that stand, and when everything was last looked at (ISO 8601, UTC). */
export interface AlarmRecord {
  readonly alarms: readonly RaisedAlarm[];
  readonly lookedAt: string | null;
}

/** What the `alarmWatch` has seen. */
export const alarmsQuery = defineQuery<AlarmRecord, [], 'alarms'>('alarms');
