import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { RolloutActivities } from '../activities/rollout-activities.js';
import { type Problem, problem } from '../domain/errors.js';
import type { Evidence } from '../domain/evidence.js';
import type { Gate, GateAnswer } from '../domain/gate.js';
import type {
  Named,
  RolloutCommand,
  RolloutInput,
  RolloutLook,
  RolloutRecord,
  RolloutState,
  RolloutStep,
  RolloutStepName,
  Window,
} from '../domain/group-rollout.js';
import type { UserFederation } from '../domain/user-lifecycle.js';
import { answered, checkAnswer, type GateQuestion, openGate } from './gate.js';
import type { groupRollout } from './group-rollout.js';
import {
  answerGateUpdate,
  cancelRolloutUpdate,
  lookAgainSignal,
  rolloutStatusQuery,
  stateAttribute,
} from './messages.js';
import { patience, problemOf, Stopped } from './problems.js';
import { callForRollout } from './rollout-activities.js';
import { rolloutDetails } from './rollout-details.js';
import type { Accepted } from './rollout-rules.js';
import { pendingRolloutSteps } from './rollout-steps.js';

/** How long a gate waits for a person. */
const gateExpiresAfterMs = 7 * 24 * 60 * 60 * 1000;

/** How much evidence and how many writes a step keeps: its last ones. */
const kept = 20;

/** Where a rollout stands, so that its next run goes on there. */
export interface RolloutProgress {
  /** The members were looked at and the group is assigned. */
  readonly assigned: boolean;
  /** Failures before this moment were mended, says a person. */
  readonly failuresSince: string;
  /** Members who have not arrived and with whom a person is content. */
  readonly accepted: Accepted;
  readonly gates: number;
  /** How far the look at the members before the assignment is. */
  readonly walked?: (Named & { readonly after: string }) | null;
  /** Since when nobody else has arrived (milliseconds since the epoch), and how often was asked. */
  readonly arrivals?: { readonly look: number; readonly arrived: number; readonly arrivedAt: number } | null;
  /** Who was given access in this pass: everyone before the window, or all. */
  readonly given?: {
    readonly after: string | null;
    readonly withAccess: number;
    readonly fingerprints: readonly string[];
    readonly toAll: boolean;
  } | null;
  /** Until when leavers are waited for, in milliseconds since the epoch. */
  readonly leaversUntil?: number | null;
  /** Leavers whom an earlier pass has waited for in vain. */
  readonly waitedFor?: Named;
}

/** What `groupRollout` is started with, or what it hands on when it continues as new. */
export interface RolloutStart {
  readonly command: RolloutCommand;
  readonly carried: { readonly record: RolloutRecord; readonly progress: RolloutProgress } | null;
}

/** How far back a failure counts that nobody has spoken about, in milliseconds. */
const failuresCountForMs = 24 * 60 * 60 * 1000;

const nobody: Named = { count: 0, ids: [] };

function newRecord({ actor, ...command }: RolloutCommand): RolloutRecord {
  return {
    ...command,
    state: 'running',
    startedBy: actor.name,
    startedAt: new Date().toISOString(),
    endedAt: null,
    cancelledBy: null,
    pass: 1,
    counts: {
      members: 0,
      provisioned: 0,
      queued: 0,
      failed: 0,
      notProvisioned: 0,
      unassigned: 0,
      withAccess: 0,
      left: 0,
      deprovisioned: 0,
    },
    neverLinked: nobody,
    explained: { count: 0, issues: [] },
    leaversStillThere: nobody,
    writes: 0,
    steps: pendingRolloutSteps(),
  };
}

/** One rollout while it runs: its steps, gates, counts, and where it stands. */
export class RolloutRun {
  record: RolloutRecord;
  progress: RolloutProgress;
  /** Whether people are told apart where only their number counted, and a run may end amid a pass. */
  readonly followsByName = patched('rollout-follows-by-name');
  private readonly scope = new CancellationScope();
  private seenFederation: UserFederation | null = null;
  private wakeUps = 0;
  private shownState: RolloutState;

  constructor(readonly start: RolloutStart) {
    this.record = start.carried?.record ?? newRecord(start.command);
    this.shownState = this.record.state;
    this.progress = start.carried?.progress ?? {
      assigned: false,
      failuresSince: new Date(Date.now() - failuresCountForMs).toISOString(),
      accepted: nobody,
      gates: 0,
    };
    setHandler(rolloutStatusQuery, () => this.record);
    setHandler(lookAgainSignal, () => {
      this.wakeUps += 1;
    });
    setHandler(cancelRolloutUpdate, ({ name }) => {
      if (this.record.endedAt === null) this.change({ cancelledBy: name });
      this.scope.cancel();
      return this.record;
    });
    setHandler(answerGateUpdate, (answer) => this.answer(answer.gate, answer.choice, answer.why, answer.actor.name), {
      validator: (answer) => checkAnswer(this.findGate(answer.gate), answer, Date.now()),
    });
    this.change({});
  }

  get federation(): UserFederation {
    if (this.seenFederation === null) throw new Error('the federation was not read');
    return this.seenFederation;
  }

  set federation(federation: UserFederation) {
    this.seenFederation = federation;
  }

  get input(): RolloutInput {
    return { federation: this.federation, groupId: this.record.groupId };
  }

  /** Goes on in a new run where this one has grown long. Nothing may be under way that `record` and `progress` do not say. */
  async handOnIfLong(): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return;
    await condition(allHandlersFinished);
    const { record, progress } = this;
    await continueAsNew<typeof groupRollout>({ ...this.start, carried: { record, progress } });
  }

  /** As `handOnIfLong`, amid a pass: a group of very many members would fill the history of one run. */
  async handOnWithinAPass(): Promise<void> {
    if (this.followsByName) await this.handOnIfLong();
  }

  /** Carries out the rollout until it ends, stops or is cancelled. */
  async carryOut(body: () => Promise<void>): Promise<void> {
    try {
      await this.scope.run(body);
      this.end('done');
    } catch (error) {
      if (error instanceof Stopped) this.end('stopped');
      else if (isCancellation(error)) this.end('cancelled');
      else throw error;
    }
  }

  change(changes: Partial<RolloutRecord>): void {
    this.record = { ...this.record, ...changes };
    setCurrentDetails(rolloutDetails(this.record));
    if (this.record.state === this.shownState) return;
    this.shownState = this.record.state;
    upsertSearchAttributes([{ key: stateAttribute, value: this.shownState }]);
  }

  /** Runs one named step, maybe for another time. What stops inside it stops the rollout there. */
  async step<Result>(name: RolloutStepName, body: () => Promise<Result>): Promise<Result> {
    const startedAt = this.stepOf(name).startedAt ?? new Date().toISOString();
    this.changeStep(name, { state: 'running', startedAt, endedAt: null, problem: null });
    try {
      const result = await body();
      if (this.stepOf(name).state === 'running') this.changeStep(name, { state: 'done' });
      return result;
    } catch (error) {
      if (error instanceof Stopped) this.changeStep(name, { state: 'stopped', problem: error.problem });
      if (isCancellation(error)) this.changeStep(name, { state: 'skipped' });
      throw error;
    } finally {
      this.changeStep(name, { endedAt: new Date().toISOString() });
    }
  }

  /** Adds what a look or a write has shown to the step. @throws Stopped at a blocker */
  take(
    name: RolloutStepName,
    found: {
      readonly decided: string;
      readonly applied?: readonly string[];
      readonly blocker?: Problem | null;
      readonly evidence?: readonly Evidence[];
    },
  ): void {
    const { applied, evidence } = this.stepOf(name);
    this.changeStep(name, {
      decided: found.decided,
      applied: [...applied, ...(found.applied ?? [])].slice(-kept),
      evidence: [...evidence, ...(found.evidence ?? [])].slice(-kept),
    });
    if (found.blocker != null) throw new Stopped(found.blocker);
  }

  /** Counts what was written. */
  wrote(writes: number): void {
    this.change({ writes: this.record.writes + writes });
  }

  /** Marks a step that a dry run leaves out. */
  plan(name: RolloutStepName, decided: string): void {
    this.changeStep(name, { state: 'planned', decided });
  }

  /** Calls an activity of one side until it succeeds; a problem that time can mend makes the step wait. */
  call<Name extends keyof RolloutActivities>(
    step: RolloutStepName,
    side: 'idp' | 'sp',
    name: Name,
    summary: string,
    ...args: Parameters<RolloutActivities[Name]>
  ): Promise<Awaited<ReturnType<RolloutActivities[Name]>>> {
    const org = this.federation.orgs[side].name;
    return this.attempt(step, org, () => callForRollout(org, name, summary, args));
  }

  async attempt<Result>(step: RolloutStepName, org: string, call: () => Promise<Result>): Promise<Result> {
    for (let wait = 0; ; wait += 1) {
      try {
        const result = await call();
        if (this.stepOf(step).state === 'waiting') this.changeStep(step, { state: 'running', problem: null });
        return result;
      } catch (error) {
        const found = problemOf(error, org);
        if (found === null || isCancellation(error)) throw error;
        if (!found.retryable) throw new Stopped(found);
        this.changeStep(step, { state: 'waiting', problem: found });
        await this.pause(patience(wait));
      }
    }
  }

  /** Waits, unless somebody looks again or cancels. */
  async pause(ms: number): Promise<void> {
    const before = this.wakeUps;
    await condition(() => this.wakeUps > before, ms);
  }

  /**
   * The members as they are now, which the counts show.
   *
   * @throws Stopped if the group has no members.
   */
  async look(step: RolloutStepName, window: Window | null): Promise<RolloutLook> {
    const { members } = this.record.counts;
    const seen = await this.call(step, 'idp', 'lookAtRollout', 'Look: how far the members are', this.input, window);
    const values = { org: this.federation.orgs.idp.name, group: this.record.groupId, count: members };
    const blocker =
      seen.members > 0 ? null : problem(members > 0 ? 'O2O_ROLLOUT_GROUP_EMPTIED' : 'O2O_ROLLOUT_GROUP_EMPTY', values);
    if (blocker === null) {
      this.change({
        counts: {
          ...this.record.counts,
          members: seen.members,
          provisioned: seen.provisioned,
          queued: seen.queued.count,
          failed: seen.failed.count,
          notProvisioned: seen.notProvisioned.count,
          unassigned: seen.unassigned.count,
        },
      });
    }
    const decided = blocker?.message ?? `${seen.provisioned} of ${seen.members} members are provisioned.`;
    this.take(step, { decided, blocker, evidence: seen.evidence });
    return seen;
  }

  /** Opens a gate in a step and waits for its answer. @throws Stopped if nobody answers in time */
  async ask(step: RolloutStepName, question: Omit<GateQuestion, 'name'>): Promise<GateAnswer> {
    this.progress = { ...this.progress, gates: this.progress.gates + 1 };
    const name = `${question.kind}-${this.progress.gates}`;
    const gate = openGate({ ...question, name }, new Date(), gateExpiresAfterMs);
    this.changeStep(step, { state: 'gate', gate });
    const given = () => this.stepOf(step).gate?.answer ?? null;
    await condition(() => given() !== null, gateExpiresAfterMs);
    const answer = given();
    if (answer === null) {
      this.changeStep(step, { gate: { ...gate, state: 'expired' } });
      throw new Stopped(problem('O2O_GATE_EXPIRED', { gate: name }));
    }
    this.changeStep(step, { state: 'running' });
    if (answer.choice === 'stop') throw new Stopped(problem('O2O_GATE_REFUSED', { gate: name, choice: 'stop' }));
    return answer;
  }

  private end(state: 'done' | 'stopped' | 'cancelled'): void {
    this.change({ state, endedAt: new Date().toISOString() });
  }

  private answer(name: string, choice: string, why: string, by: string): Gate {
    const step = this.record.steps.find(({ gate }) => gate?.name === name);
    if (step?.gate == null) throw new Error(`no gate ${name}`);
    const gate = answered(step.gate, { choice, by, why, at: new Date().toISOString() });
    this.changeStep(step.name, { gate });
    return gate;
  }

  private findGate(name: string): Gate | undefined {
    return this.record.steps.find(({ gate }) => gate?.name === name)?.gate ?? undefined;
  }

  private stepOf(name: RolloutStepName): RolloutStep {
    const step = this.record.steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`no step ${name}`);
    return step;
  }

  private changeStep(name: RolloutStepName, change: Partial<RolloutStep>): void {
    const steps = this.record.steps.map((step) => (step.name === name ? { ...step, ...change } : step));
    const state = steps.some((step) => step.state === 'gate')
      ? 'gate'
      : steps.some((step) => step.state === 'waiting')
        ? 'waiting'
        : 'running';
    this.change({ steps, ...(this.record.endedAt === null ? { state } : {}) });
  }
}
