import { workflowInfo } from '@temporalio/workflow';
import type { ListProgress } from '../activities/sweep-activities.js';
import type { Actor } from '../domain/gate.js';
import type { FindingCounts, NewSweep, SweepBaseline, SweepRecord, SweepRules, SweepSpec } from '../domain/sweep.js';
import { pendingSweepSteps } from './sweep-steps.js';

/** What a sweep is started with, or what it hands on when it continues as new. */
export interface SweepStart {
  readonly federationId: string;
  readonly spec: SweepSpec;
  readonly trigger: NewSweep['trigger'];
  readonly actor: Actor;
  /** The federation ends: what becomes of all its users. */
  readonly federationEnds?: SweepRules['federationEnds'];
  readonly carried: { readonly record: SweepRecord; readonly progress: SweepProgress } | null;
}

/** Where a sweep stands, so that its next run goes on there. */
export interface SweepProgress {
  readonly opened: boolean;
  readonly baseline: SweepBaseline | null;
  /** Why reading has begun anew, the last time; absent if it has not. */
  readonly again?: string;
  /** How far each list is read. */
  readonly reads: readonly Omit<ListProgress, 'evidence'>[];
  /** Whether everyone was judged, and the list may be acted on. */
  readonly judged: boolean;
  readonly mayAct: boolean;
  readonly paused: boolean;
}

const noFindings: FindingCounts = {
  entitled: 0,
  idpUserMissing: 0,
  idpUserDeactivated: 0,
  idpUserSuspended: 0,
  unassigned: 0,
  inactive: 0,
  expired: 0,
  duplicate: 0,
  unmanaged: 0,
  protected: 0,
  unknown: 0,
};

const noActions = { listed: 0, pending: 0, done: 0, withdrawn: 0, failed: 0, notDone: 0 };

/** Where a sweep stands that has read nothing yet. */
export const nothingRead = { reads: [], judged: false, mayAct: false } as const;

/** What is known of both orgs before they are read. */
export const nothingFound = {
  lists: [],
  population: 0,
  source: 0,
  findings: noFindings,
  actions: noActions,
  listDigest: null,
} as const;

/** The sweep's id: what its workflow's id has behind the federation's. */
function ownId(federationId: string): string {
  return workflowInfo().workflowId.slice(`sweep/${federationId}/`.length);
}

/** A sweep before it begins. */
export function newRecord({ federationId, spec, trigger, actor }: SweepStart): SweepRecord {
  const now = new Date().toISOString();
  return {
    id: ownId(federationId),
    federationId,
    spec,
    state: 'running',
    startedBy: actor.name,
    trigger,
    startedAt: now,
    endedAt: null,
    attempt: 1,
    ...nothingFound,
    reasons: [],
    steps: pendingSweepSteps(),
    rate: null,
    waitingFor: null,
    orderedBy: null,
    updatedAt: now,
  };
}
