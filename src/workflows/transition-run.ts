import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { OrgActivities } from '../activities/org-activities.js';
import { problem } from '../domain/errors.js';
import type { AnswerGate, Gate, GateAnswer } from '../domain/gate.js';
import type {
  BothSides,
  Finding,
  IdpLook,
  SpExpectation,
  SpLook,
  SpWait,
  Transition,
  TransitionState,
  UserFederation,
  UserInput,
  UserStep,
  UserStepName,
} from '../domain/user-lifecycle.js';
import { answered, type GateQuestion, openGate } from './gate.js';
import { type Priority, priorities } from './messages.js';
import { callOrgWith } from './org-activities.js';
import { patience, problemOf, Stopped } from './problems.js';
import { pendingUserStep } from './user-steps.js';

/** How long a gate waits for a person. */
const gateExpiresAfterMs = 7 * 24 * 60 * 60 * 1000;

/** How much evidence a step keeps: its last reads. */
const keptEvidence = 20;

/** Ends a transition at its next step because a later command has taken its place. */
export class Superseded extends Error {}

/** Ends a transition because the finding of a sweep on which it rests does not hold any more. */
export class Withdrawn extends Error {}

/** Activities on users that are given the user first. */
type UserActivityName = {
  [Name in keyof OrgActivities]: Parameters<OrgActivities[Name]> extends [UserInput, ...unknown[]] ? Name : never;
}[keyof OrgActivities];
type RestOf<Name extends UserActivityName> =
  Parameters<OrgActivities[Name]> extends [UserInput, ...infer Rest] ? Rest : never;

/** What was read for a step before it began, and when that read was asked for, in milliseconds since the epoch. */
export interface ReadAhead<Result> {
  readonly result: Result;
  readonly at: number;
}

/** One transition while it runs: its steps, gates, and what its looks at both orgs have shown. */
export class TransitionRun {
  /** Why a person said that this user may be touched all the same. */
  agreedTo: string | null = null;
  /** When each org was last looked at, in milliseconds since the epoch. */
  idpSeenAt = 0;
  spSeenAt = 0;
  /** Whether the assignment that was there was to be taken away: it may be gone although the answer was lost. */
  tookAway = false;
  /** Whether the status in the SP org was to be changed: it may be so although the answer was lost. */
  wroteStatus = false;
  private transition: Transition;
  private wakeUps = 0;
  private readonly waits = new CancellationScope();
  private supersededBy: string | null = null;
  private seenFederation: UserFederation | null = null;
  private idpLook: IdpLook | null = null;
  private spLook: SpLook | null = null;

  constructor(
    transition: Transition,
    private readonly login: string,
    stepNames: readonly UserStepName[],
    private readonly onChange: (transition: Transition) => void,
  ) {
    this.transition = { ...transition, steps: stepNames.map(pendingUserStep) };
    this.change({ state: 'running', startedAt: new Date().toISOString() });
  }

  get current(): Transition {
    return this.transition;
  }

  get plansOnly(): boolean {
    return this.transition.dryRun;
  }

  get federation(): UserFederation {
    return known(this.seenFederation, 'federation');
  }

  set federation(federation: UserFederation) {
    this.seenFederation = federation;
  }

  /** Whether reads may begin before their steps do: not in a run that began without, see `readFederation`. */
  get readsAhead(): boolean {
    return this.federation.readsAhead === true;
  }

  get idp(): IdpLook {
    return known(this.idpLook, 'idpUser');
  }

  set idp(look: IdpLook) {
    this.idpLook = look;
    this.idpSeenAt = Date.now();
  }

  get sp(): SpLook {
    return known(this.spLook, 'spUser');
  }

  set sp(look: SpLook) {
    this.sawSp(look, Date.now());
  }

  /** Keeps a look at the SP org that was made then, in milliseconds since the epoch. */
  sawSp(look: SpLook, at: number): void {
    this.spLook = look;
    this.spSeenAt = at;
  }

  /** What every activity is given. */
  get input(): UserInput {
    const { kind, profile, assignBy, mandate } = this.transition;
    const { federation } = this;
    return {
      federation,
      kind,
      login: this.login,
      profile,
      assignBy: assignBy ?? federation.users.assignBy,
      ...(mandate === undefined ? {} : { spUserId: mandate.spUserId }),
    };
  }

  /** Both sides as the looks at the beginning showed them, before anything was written. */
  keepBefore(before: Partial<BothSides>): void {
    this.change({ before: { idp: null, assignment: null, sp: null, ...this.transition.before, ...before } });
  }

  /** Both sides at the end; what is not given is as it was before. */
  keepAfter(after: Partial<BothSides>): void {
    const before = this.transition.before ?? { idp: null, assignment: null, sp: null };
    this.change({ after: { ...before, ...this.transition.after, ...after } });
  }

  change(change: Partial<Transition>): void {
    this.transition = { ...this.transition, ...change };
    this.onChange(this.transition);
  }

  stepOf(name: UserStepName): UserStep {
    const step = this.transition.steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`no step ${name}`);
    return step;
  }

  /** Runs one named step. What stops inside it stops the transition there. */
  async step<Result>(name: UserStepName, body: () => Promise<Result>): Promise<Result> {
    this.checkSuperseded();
    this.changeStep(name, { state: 'running', startedAt: new Date().toISOString() });
    try {
      const result = await body();
      if (this.stepOf(name).state === 'running') this.changeStep(name, { state: 'done' });
      return result;
    } catch (error) {
      if (error instanceof Stopped) this.changeStep(name, { state: 'stopped', problem: error.problem });
      if (error instanceof Superseded) this.changeStep(name, { state: 'skipped' });
      if (error instanceof Withdrawn) this.changeStep(name, { state: 'done', decided: `Withdrawn: ${error.message}.` });
      throw error;
    } finally {
      this.changeStep(name, { endedAt: new Date().toISOString() });
    }
  }

  /** Marks a step that a dry run, or the state of things, leaves out. */
  leaveOut(name: UserStepName, state: 'planned' | 'skipped', decided: string): void {
    this.changeStep(name, { state, decided });
  }

  /** Adds what a look or a write has shown to the step. @throws Stopped at a blocker */
  take(name: UserStepName, finding: Finding): void {
    const step = this.stepOf(name);
    this.changeStep(name, {
      decided: finding.decided,
      changes: finding.changes,
      applied: [...step.applied, ...finding.applied],
      checks: [
        ...step.checks.filter((check) => !finding.checks.some((later) => later.name === check.name)),
        ...finding.checks,
      ],
      evidence: [...step.evidence, ...finding.evidence].slice(-keptEvidence),
      ...(this.plansOnly && finding.changes.length > 0 ? { state: 'planned' as const } : {}),
    });
    if (finding.blocker !== null) throw new Stopped(finding.blocker);
  }

  /** Calls an activity of an org, single users' before those of batches, and those before sweeps'. */
  callOrg<Name extends keyof OrgActivities>(
    org: string,
    name: Name,
    summary: string,
    ...args: Parameters<OrgActivities[Name]>
  ): Promise<Awaited<ReturnType<OrgActivities[Name]>>> {
    return callOrgWith({ priority: this.priority }, org, name, summary, ...args);
  }

  /**
   * Begins a read of one side for a later step, while another org is asked. It is tried once: where it fails, the step
   * reads for itself. Its age counts from when it was asked for.
   */
  async readAhead<Name extends UserActivityName>(
    side: 'idp' | 'sp',
    name: Name,
    summary: string,
    ...rest: RestOf<Name>
  ): Promise<ReadAhead<Awaited<ReturnType<OrgActivities[Name]>>> | null> {
    const args = [this.input, ...rest] as unknown as Parameters<OrgActivities[Name]>;
    const options = { priority: this.priority, retry: { maximumAttempts: 1 } };
    const at = Date.now();
    try {
      const result = await callOrgWith(options, this.federation.orgs[side].name, name, summary, ...args);
      return { result, at };
    } catch {
      return null;
    }
  }

  /**
   * Calls an activity of one side until it succeeds. A problem that time can mend makes the step wait and look again; any
   * other problem stops the transition.
   */
  call<Name extends UserActivityName>(
    step: UserStepName,
    side: 'idp' | 'sp',
    name: Name,
    summary: string,
    ...rest: RestOf<Name>
  ): Promise<Awaited<ReturnType<OrgActivities[Name]>>> {
    const org = this.federation.orgs[side].name;
    const args = [this.input, ...rest] as unknown as Parameters<OrgActivities[Name]>;
    return this.attempt(step, org, () => this.callOrg(org, name, summary, ...args));
  }

  /** Asks the SP org for what it will show. Reads only, so a later command that takes the place of this one ends it at once. */
  async awaitSpUser(step: UserStepName, summary: string, expectation: SpExpectation): Promise<SpWait> {
    this.checkSuperseded();
    try {
      return await this.waits.run(() => this.call(step, 'sp', 'awaitSpUser', summary, expectation));
    } catch (error) {
      if (isCancellation(error)) this.checkSuperseded();
      throw error;
    }
  }

  /** Carries out a call until it succeeds, see `call`. */
  async attempt<Result>(step: UserStepName, org: string, call: () => Promise<Result>): Promise<Result> {
    for (let wait = 0; ; wait += 1) {
      const wakeUpsBefore = this.wakeUps;
      try {
        const result = await call();
        if (this.stepOf(step).state === 'waiting') this.changeStep(step, { state: 'running', problem: null });
        return result;
      } catch (error) {
        const found = problemOf(error, org);
        if (found === null) throw error;
        if (!found.retryable) throw new Stopped(found);
        this.changeStep(step, { state: 'waiting', problem: found });
        await this.pause(patience(wait), wakeUpsBefore);
      }
    }
  }

  /** Waits, unless somebody looks again or a later command takes the place of this transition. */
  async pause(ms: number, wakeUpsBefore = this.wakeUps): Promise<void> {
    this.changeStepStates('running', 'waiting');
    await condition(() => this.wakeUps > wakeUpsBefore || this.supersededBy !== null, ms);
    this.checkSuperseded();
    this.changeStepStates('waiting', 'running');
  }

  /** Opens a gate in a step and waits for its answer. @throws Stopped if nobody answers in time */
  async ask(step: UserStepName, question: GateQuestion): Promise<GateAnswer> {
    const gate = openGate(question, new Date(), gateExpiresAfterMs);
    this.changeStep(step, { state: 'gate', gate });
    const answer = () => this.stepOf(step).gate?.answer ?? null;
    await condition(() => answer() !== null || this.supersededBy !== null, gateExpiresAfterMs);
    const given = answer();
    if (given === null) {
      this.changeStep(step, { gate: { ...gate, state: 'expired' } });
      this.checkSuperseded();
      throw new Stopped(problem('O2O_GATE_EXPIRED', { gate: gate.name }));
    }
    this.changeStep(step, { state: 'running' });
    return given;
  }

  findGate(name: string): Gate | undefined {
    return this.transition.steps.find((step) => step.gate?.name === name)?.gate ?? undefined;
  }

  answer({ gate: name, choice, why, actor }: AnswerGate): Gate {
    const step = this.transition.steps.find((candidate) => candidate.gate?.name === name);
    if (step?.gate == null) throw new Error(`no gate ${name}`);
    const gate = answered(step.gate, { choice, by: actor.name, why, at: new Date().toISOString() });
    this.changeStep(step.name, { gate });
    return gate;
  }

  /** Ends a wait: the step looks again at once. */
  lookAgain(): void {
    this.wakeUps += 1;
  }

  /** A later command takes the place of this transition: it ends at its next step, or at once where it only waits. */
  supersede(by: string): void {
    this.supersededBy = by;
    this.waits.cancel();
  }

  private get priority(): { readonly priorityKey: Priority } {
    const { mandate, ofBatch } = this.transition;
    const priority = mandate !== undefined ? 'sweep' : ofBatch === true ? 'batch' : 'interactive';
    return { priorityKey: priorities[priority] };
  }

  private checkSuperseded(): void {
    if (this.supersededBy === null) return;
    this.change({ note: this.supersededBy });
    throw new Superseded(this.supersededBy);
  }

  private changeStep(name: UserStepName, change: Partial<UserStep>): void {
    const steps = this.transition.steps.map((step) => (step.name === name ? { ...step, ...change } : step));
    this.change({ steps, state: stateOf(steps) });
  }

  private changeStepStates(from: UserStep['state'], to: UserStep['state']): void {
    for (const step of this.transition.steps) if (step.state === from) this.changeStep(step.name, { state: to });
  }
}

function stateOf(steps: readonly UserStep[]): TransitionState {
  if (steps.some((step) => step.state === 'gate')) return 'gate';
  return steps.some((step) => step.state === 'waiting') ? 'waiting' : 'running';
}

function known<Value>(value: Value | null, step: UserStepName): Value {
  if (value === null) throw new Error(`the step ${step} has not run`);
  return value;
}
