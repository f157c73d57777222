import type { Canary } from '../domain/canary.js';
import type { Check } from '../domain/check.js';
import type { Transition, TransitionKind, UserStep } from '../domain/user-lifecycle.js';
import type { VerificationStepName } from '../domain/verification.js';
import type { Operation } from './operation.js';
import { Stopped } from './problems.js';
import { Superseded, TransitionRun } from './transition-run.js';
import { transitions } from './transitions/index.js';

/** Why a canary's transition ends where a user's would ask a person. */
const nobodyIsAsked = 'a canary asks nobody';

/** How a transition of the canary ended: `why` it did not go through, null if it did. */
export interface CanaryRun {
  readonly run: TransitionRun;
  readonly why: string | null;
}

function transition(operation: Operation, kind: TransitionKind, canary: Canary): Transition {
  const { kind: operationKind, startedBy } = operation.input;
  return {
    number: 1,
    kind,
    state: 'queued',
    dryRun: false,
    at: null,
    reason: `canary of a ${operationKind}`,
    ticket: null,
    profile: kind === 'onboard' ? canary.profile : kind === 'update' ? canary.changed : null,
    assignBy: null,
    fingerprint: '',
    requestedBy: startedBy,
    requestedAt: new Date().toISOString(),
    startedAt: null,
    endedAt: null,
    note: null,
    steps: [],
    before: null,
    after: null,
    proof: null,
  };
}

/** What a step of a user's transition shows, as one check and those that it made. */
function checksOf(kind: TransitionKind, step: UserStep): Check[] {
  const check = (result: Check['result'], detail: string, fix: string | null): Check[] => [
    { name: `${kind}-${step.name}`, statement: step.title, result, detail, fix, evidence: step.evidence },
    ...step.checks,
  ];
  if (step.gate !== null) return check('failed', step.gate.question, step.gate.instructions.join(' '));
  if (step.problem !== null && step.state === 'stopped') return check('failed', step.problem.message, step.problem.fix);
  return step.state === 'done' ? check('passed', step.decided ?? 'done', null) : [];
}

/**
 * Has the canary go through a transition: the very steps that every user goes through. Where those would ask a person,
 * it ends, and the question says what is wrong.
 */
export async function runCanary(
  operation: Operation,
  step: VerificationStepName,
  kind: TransitionKind,
  canary: Canary,
): Promise<CanaryRun> {
  const { steps, carryOut } = transitions[kind];
  let run: TransitionRun | null = null;
  let current = transition(operation, kind, canary);
  const show = (changed: Transition) => {
    current = changed;
    operation.changeStep(step, { checks: changed.steps.flatMap((each) => checksOf(kind, each)) });
    if (changed.state === 'gate') run?.supersede(nobodyIsAsked);
  };
  run = new TransitionRun(current, canary.login, steps, show);
  try {
    await carryOut(run, operation.input.federationId);
    return { run, why: null };
  } catch (error) {
    if (!(error instanceof Stopped || error instanceof Superseded)) throw error;
    const failed = current.steps.flatMap((each) => checksOf(kind, each)).find(({ result }) => result === 'failed');
    return { run, why: failed?.detail ?? error.message };
  }
}
