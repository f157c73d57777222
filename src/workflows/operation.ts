import {
  condition,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { KnownValues, ResourceInput, ResourceName } from '../domain/assessment.js';
import type { DriftReport } from '../domain/drift.js';
import { type Problem, problem } from '../domain/errors.js';
import type {
  AgreedInput,
  AnsweredGate,
  FederationState,
  OperationInput,
  OperationStatus,
  Step,
  StepName,
} from '../domain/federation.js';
import type { FederationSpec } from '../domain/federation-spec.js';
import type { Gate, GateAnswer } from '../domain/gate.js';
import { currentDetails } from './current-details.js';
import { answered, checkAnswer, type GateQuestion, openGate } from './gate.js';
import {
  answerGateUpdate,
  lookAgainSignal,
  operationStateSignal,
  operationStatusQuery,
  stateAttribute,
} from './messages.js';
import { patience, problemOf, Stopped } from './problems.js';

/** How long a gate waits for a person. */
const gateExpiresAfterMs = 7 * 24 * 60 * 60 * 1000;

/**
 * One operation on a federation while it runs: its steps, gates and the values that steps hand on. Every change shows
 * in the status query, in the Temporal UI's current details and in the search attribute of the state.
 */
export class Operation {
  private status: OperationStatus;
  private shownState: FederationState = 'settingUp';
  private wakeUps = 0;
  private interruption: Problem | null = null;

  constructor(
    readonly input: OperationInput & Partial<Pick<AgreedInput, 'options'>>,
    steps: readonly Step[],
  ) {
    this.status = {
      kind: input.kind,
      workflowId: workflowInfo().workflowId,
      startedAt: new Date().toISOString(),
      startedBy: input.startedBy,
      endedAt: null,
      outcome: null,
      steps,
      known: input.known,
      chosen: input.chosen,
      answeredGates: input.answeredGates,
      ...(input.options === undefined ? {} : { options: input.options }),
    };
    setHandler(operationStatusQuery, () => this.status);
    setHandler(lookAgainSignal, () => {
      this.wakeUps += 1;
    });
    setHandler(
      answerGateUpdate,
      (answer) => {
        const given: GateAnswer = {
          choice: answer.choice,
          by: answer.actor.name,
          why: answer.why,
          at: new Date().toISOString(),
        };
        const gate = answered(this.gateNamed(answer.gate), given);
        this.changeStep(this.stepOfGate(answer.gate), { gate });
        return gate;
      },
      { validator: (answer) => checkAnswer(this.findGate(answer.gate), answer, Date.now()) },
    );
    this.show();
  }

  /** The operation as it stands. */
  get current(): OperationStatus {
    return this.status;
  }

  get plansOnly(): boolean {
    return this.input.kind === 'plan';
  }

  /** What activities are given: the specification and all that is known by now. */
  get resourceInput(): ResourceInput {
    const { federationId, spec, orgs } = this.input;
    return { federationId, spec, orgs, known: this.status.known, chosen: this.status.chosen };
  }

  /** Adds values that later steps need. */
  learn(known: KnownValues): void {
    this.status = { ...this.status, known: { ...this.status.known, ...known } };
  }

  /** Keeps that the operation has created an object. */
  keepMade(resource: ResourceName): void {
    const made = this.status.made ?? [];
    if (!made.includes(resource)) this.status = { ...this.status, made: [...made, resource] };
  }

  /** Whether the operation has created an object. */
  hasMade(resource: ResourceName): boolean {
    return this.status.made?.includes(resource) ?? false;
  }

  /** Changes what was agreed: the federation has this specification once the operation has ended. */
  agree(spec: FederationSpec): void {
    this.status = { ...this.status, spec };
  }

  /** Keeps what a drift check has found. */
  keepDrift(drift: DriftReport): void {
    this.status = { ...this.status, drift };
  }

  /** The steps as they stand. */
  get steps(): readonly Step[] {
    return this.status.steps;
  }

  /** Has a step that waits for an org stop with this problem; null lets it wait again. */
  interrupt(problem: Problem | null): void {
    this.interruption = problem;
  }

  choose(resource: ResourceName, choice: ResourceInput['chosen'][ResourceName]): void {
    this.status = { ...this.status, chosen: { ...this.status.chosen, [resource]: choice } };
  }

  step(name: StepName): Step {
    const step = this.status.steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`no step ${name}`);
    return step;
  }

  changeStep(name: StepName, change: Partial<Step>): void {
    this.status = {
      ...this.status,
      steps: this.status.steps.map((step) => (step.name === name ? { ...step, ...change } : step)),
    };
    this.show();
  }

  /** Runs one named step; a `Stopped` inside it stops the operation there. */
  async run(name: StepName, body: () => Promise<void>): Promise<void> {
    this.changeStep(name, { state: 'running', startedAt: new Date().toISOString() });
    try {
      await body();
      if (this.step(name).state === 'running') this.changeStep(name, { state: 'done' });
    } catch (error) {
      if (error instanceof Stopped) this.changeStep(name, { state: 'stopped', problem: error.problem });
      throw error;
    } finally {
      this.changeStep(name, { endedAt: new Date().toISOString() });
    }
  }

  /**
   * Calls an activity until it succeeds. A problem that time can mend makes the step wait and look again, at the
   * latest when the same command is sent again; any other problem stops the operation.
   */
  async attempt<Result>(name: StepName, org: string, call: () => Promise<Result>): Promise<Result> {
    for (let wait = 0; ; wait += 1) {
      const wakeUpsBefore = this.wakeUps;
      try {
        const result = await call();
        if (this.step(name).state === 'waiting') this.changeStep(name, { state: 'running', problem: null });
        return result;
      } catch (error) {
        const found = problemOf(error, org);
        if (found === null) throw error;
        if (!found.retryable) throw new Stopped(found);
        this.changeStep(name, { state: 'waiting', problem: found });
        await condition(() => this.wakeUps > wakeUpsBefore || this.interruption !== null, patience(wait));
        if (this.interruption !== null) throw new Stopped(this.interruption);
      }
    }
  }

  /** The answer that a person gave in an earlier operation, if the evidence has not changed since. */
  earlierAnswer(question: GateQuestion): AnsweredGate | undefined {
    const evidence = JSON.stringify(question.evidence);
    return this.status.answeredGates.find((gate) => gate.name === question.name && gate.evidence === evidence);
  }

  /** Forgets an answer that did not hold: the next operation asks again. */
  forgetAnswer({ name }: GateQuestion): void {
    this.status = { ...this.status, answeredGates: this.status.answeredGates.filter((gate) => gate.name !== name) };
  }

  /** Keeps an answer for later operations on the same evidence. */
  keepAnswer(question: GateQuestion, answer: GateAnswer): void {
    this.forgetAnswer(question);
    const kept = { ...answer, name: question.name, evidence: JSON.stringify(question.evidence) };
    this.status = { ...this.status, answeredGates: [...this.status.answeredGates, kept] };
  }

  /**
   * Opens a gate in a step and waits for its answer.
   *
   * @throws Stopped if nobody answers in time.
   */
  async ask(name: StepName, question: GateQuestion): Promise<GateAnswer> {
    const gate = openGate(question, new Date(), gateExpiresAfterMs);
    this.changeStep(name, { state: 'gate', gate });
    const inTime = await condition(() => this.step(name).gate?.answer != null, gateExpiresAfterMs);
    const { answer } = this.step(name).gate ?? gate;
    if (!inTime || answer === null) {
      this.changeStep(name, { gate: { ...gate, state: 'expired' } });
      throw new Stopped(problem('O2O_GATE_EXPIRED', { gate: gate.name }));
    }
    this.changeStep(name, { state: 'running' });
    return answer;
  }

  /** Ends the operation before it has begun to change anything, and returns what is kept of it. */
  endUnbegun(): OperationStatus {
    this.status = { ...this.status, changedNothing: true };
    return this.end('stopped');
  }

  /** Ends the operation and returns what is kept of it. */
  end(outcome: 'done' | 'stopped'): OperationStatus {
    this.status = { ...this.status, outcome, endedAt: new Date().toISOString() };
    this.show();
    return this.status;
  }

  private findGate(name: string): Gate | undefined {
    return this.status.steps.find((step) => step.gate?.name === name)?.gate ?? undefined;
  }

  private gateNamed(name: string): Gate {
    const gate = this.findGate(name);
    if (gate === undefined) throw new Error(`no gate ${name}`);
    return gate;
  }

  private stepOfGate(name: string): StepName {
    const step = this.status.steps.find((candidate) => candidate.gate?.name === name);
    if (step === undefined) throw new Error(`no gate ${name}`);
    return step.name;
  }

  private state(): FederationState {
    const { outcome, steps } = this.status;
    if (outcome !== null) return outcome === 'done' ? 'ready' : 'stopped';
    if (steps.some((step) => step.state === 'gate')) return 'gate';
    return steps.some((step) => step.state === 'waiting') ? 'waiting' : 'settingUp';
  }

  private show(): void {
    setCurrentDetails(currentDetails(this.status));
    const state = this.state();
    if (state === this.shownState) return;
    this.shownState = state;
    upsertSearchAttributes([{ key: stateAttribute, value: state }]);
    const { parent } = workflowInfo();
    if (parent !== undefined && this.status.outcome === null) {
      void getExternalWorkflowHandle(parent.workflowId)
        .signal(operationStateSignal, state)
        .catch(() => undefined);
    }
  }
}
