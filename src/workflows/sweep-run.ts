import {
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { SweepAgreement, SweepInput } from '../activities/sweep-activities.js';
import { type Problem, problem } from '../domain/errors.js';
import type { Evidence } from '../domain/evidence.js';
import type { Actor, Gate } from '../domain/gate.js';
import type {
  DecideSweep,
  SweepOrder,
  SweepRecord,
  SweepRules,
  SweepSpec,
  SweepState,
  SweepStep,
  SweepStepName,
} from '../domain/sweep.js';
import type { UserFederation } from '../domain/user-lifecycle.js';
import { answered, type GateQuestion, openGate } from './gate.js';
import { decideSweepUpdate, stateAttribute, sweepOrderUpdate, sweepStatusQuery } from './messages.js';
import { patience, problemOf, refusal, Stopped } from './problems.js';
import { sweepActivities } from './sweep-activities.js';
import { checkDecision, gateStep } from './sweep-decisions.js';
import { sweepDetails } from './sweep-details.js';
import { BeginAnew, Cancelled, Incomplete, Rejected } from './sweep-endings.js';
import { newRecord, nothingFound, nothingRead, type SweepProgress, type SweepStart } from './sweep-record.js';
import { pendingSweepSteps } from './sweep-steps.js';

/** What was read before a pause of this length, in milliseconds, is too old to be judged. */
const readsAreOldAfterMs = 60 * 60 * 1000;

/** How often reading may begin again. */
const mostAttempts = 5;

/** How often an answer that cannot be read is waited for: what stays unreadable is no outage. */
const mostUnreadable = 2;

/** How much evidence a step keeps: its last reads. */
const keptEvidence = 20;

function isUnreadable({ code }: Problem): boolean {
  return code === 'O2O_OKTA_ANSWER_INVALID';
}

/** A call that has not come through yet, and why it must wait, if it must. */
interface Waiting {
  readonly step: SweepStepName;
  problem: Problem | null;
}

/** One sweep while it runs: its steps, its gate, what it was ordered, and where it stands. */
export class SweepRun {
  record: SweepRecord;
  progress: SweepProgress;
  private readonly scope = new CancellationScope();
  private readonly waiting = new Set<Waiting>();
  private pause: string | null = null;
  private seenFederation: UserFederation | null = null;
  private cancelled = false;
  private shownState: SweepState;

  constructor(readonly start: SweepStart) {
    this.record = start.carried?.record ?? newRecord(start);
    this.progress = start.carried?.progress ?? { opened: false, baseline: null, paused: false, ...nothingRead };
    this.shownState = 'running';
    setHandler(sweepStatusQuery, () => this.record);
    setHandler(sweepOrderUpdate, (order, actor) => this.obey(order, actor), {
      validator: (order, _actor) => this.refuseOrder(order),
    });
    setHandler(decideSweepUpdate, (decision) => this.decide(decision), {
      validator: (decision) => checkDecision(this.record, decision, this.cancelled, Date.now()),
    });
    this.change({});
  }

  get spec(): SweepSpec {
    return this.record.spec;
  }

  get federation(): UserFederation {
    if (this.seenFederation === null) throw new Error('the federation was not read');
    return this.seenFederation;
  }

  set federation(federation: UserFederation) {
    this.seenFederation = federation;
  }

  /** @throws Cancelled if somebody has ended the sweep */
  checkCancelled(): void {
    if (this.cancelled) throw new Cancelled();
  }

  /** Whether nothing more is to be begun: it was paused or cancelled. */
  get halted(): boolean {
    return this.cancelled || this.progress.paused;
  }

  /** What every activity is given. */
  get input(): SweepInput {
    const { id, attempt } = this.record;
    return { sweepId: id, attempt, federation: this.federation, rules: this.rules };
  }

  /** What was asked for, and what the end of the federation adds. */
  get rules(): SweepRules {
    const { federationEnds } = this.start;
    return { ...this.spec.rules, ...(federationEnds === undefined ? {} : { federationEnds }) };
  }

  /** Which rows of the ledger are this attempt's. */
  get attemptOf() {
    const { id, federationId, attempt } = this.record;
    return { federationId, sweepId: id, attempt };
  }

  get agreed(): SweepAgreement {
    return { limits: this.spec.limits, baseline: this.progress.baseline, someUsers: this.spec.scope !== 'everyone' };
  }

  /** Carries out the sweep until it ends in one of its states, which the ledger is told. */
  async carryOut(body: () => Promise<void>): Promise<void> {
    const ended = (state: SweepState) => this.change({ state, endedAt: new Date().toISOString(), waitingFor: null });
    try {
      await this.scope.run(body);
      ended('done');
    } catch (error) {
      if (error instanceof Incomplete) ended('incomplete');
      else if (error instanceof Rejected) ended('rejected');
      else if (error instanceof Stopped) ended('stopped');
      else if (error instanceof Cancelled || (this.cancelled && isCancellation(error))) ended('cancelled');
      else throw error;
    }
    await CancellationScope.nonCancellable(() => this.save());
  }

  /** Runs one named step; a step that was done before the sweep continued as new is left as it is. */
  async step(name: SweepStepName, body: () => Promise<string | null>): Promise<void> {
    this.changeStep(name, { state: 'running', startedAt: this.stepOf(name).startedAt ?? new Date().toISOString() });
    try {
      const decided = await body();
      this.changeStep(name, { state: 'done', ...(decided === null ? {} : { decided }) });
    } catch (error) {
      if (error instanceof Stopped || error instanceof Incomplete || error instanceof Rejected) {
        this.changeStep(name, { state: 'stopped', problem: error.problem });
      }
      throw error;
    } finally {
      this.changeStep(name, { endedAt: new Date().toISOString() });
    }
  }

  /** Shows what a step comes to. */
  tell(name: SweepStepName, decided: string, evidence: readonly Evidence[] = []): void {
    const before = this.stepOf(name).evidence;
    this.changeStep(name, { decided, evidence: [...before, ...evidence].slice(-keptEvidence) });
  }

  leaveOut(name: SweepStepName, decided: string): void {
    this.changeStep(name, { state: 'skipped', decided });
  }

  /**
   * Carries out a call until it succeeds: a problem that time can mend makes the step wait and show why.
   *
   * @throws Stopped at a problem that time cannot mend.
   */
  async attempt<Result>(step: SweepStepName, org: string, call: () => Promise<Result>): Promise<Result> {
    await this.mayGoOn();
    return this.insist(step, org, call);
  }

  /** Like `attempt`, also while the sweep is paused or cancelled: what was done must be kept. */
  async insist<Result>(step: SweepStepName, org: string, call: () => Promise<Result>): Promise<Result> {
    const waiting: Waiting = { step, problem: null };
    this.waiting.add(waiting);
    try {
      for (let wait = 0; ; wait += 1) {
        try {
          const result = await call();
          this.waiting.delete(waiting);
          this.showWaiting(step);
          return result;
        } catch (error) {
          const found = problemOf(error, org);
          if (found === null || isCancellation(error)) throw error;
          if (!found.retryable || (wait >= mostUnreadable && isUnreadable(found))) throw new Stopped(found);
          waiting.problem = found;
          this.showWaiting(step);
          await sleep(patience(wait));
        }
      }
    } finally {
      this.waiting.delete(waiting);
    }
  }

  /** A step waits as long as one of its calls does. */
  private showWaiting(step: SweepStepName): void {
    const problems = [...this.waiting].filter((one) => one.problem !== null);
    const found = problems.find((one) => one.step === step)?.problem ?? null;
    if (found !== null) this.changeStep(step, { state: 'waiting', problem: found });
    else if (this.stepOf(step).state === 'waiting') this.changeStep(step, { state: 'running', problem: null });
    const waitingFor = this.pause ?? problems[0]?.problem?.message ?? null;
    if (this.record.waitingFor !== waitingFor) this.change({ waitingFor });
  }

  /** Waits while the sweep is paused. @throws Cancelled, or BeginAnew after a pause that made what was read too old */
  async mayGoOn(): Promise<void> {
    this.checkCancelled();
    if (!this.progress.paused) return;
    const since = Date.now();
    this.pause = `somebody to resume it; paused by ${this.record.orderedBy}`;
    this.change({ waitingFor: this.pause });
    await condition(() => !this.progress.paused || this.cancelled);
    this.pause = null;
    this.change({ waitingFor: null });
    this.checkCancelled();
    const readSomething = this.progress.reads.length > 0 && !this.progress.mayAct;
    if (readSomething && Date.now() - since > readsAreOldAfterMs)
      throw new BeginAnew('what was read before the pause is too old');
  }

  /** Forgets what was read: the next attempt reads everything again. @throws Stopped after too many attempts */
  beginAnew(why: string): void {
    const { attempt, steps } = this.record;
    if (attempt >= mostAttempts)
      throw new Stopped(problem('O2O_SWEEP_STOPPED', { detail: `${why}, ${attempt} times` }));
    this.progress = { ...this.progress, opened: false, ...nothingRead, again: why };
    const again = pendingSweepSteps();
    this.change({
      attempt: attempt + 1,
      ...nothingFound,
      reasons: [`read again: ${why}`],
      steps: steps.map((step) =>
        step.name === 'federation' ? step : (again.find(({ name }) => name === step.name) ?? step),
      ),
    });
  }

  /** Opens the gate of the fuse and waits for a person's decision about exactly this list. */
  async ask(step: SweepStepName, question: GateQuestion): Promise<void> {
    const expiresAfterMs = this.spec.limits.approveWithinHours * 60 * 60 * 1000;
    const open = this.stepOf(step).gate;
    const gate = open?.state === 'open' ? open : openGate(question, new Date(), expiresAfterMs);
    this.changeStep(step, { state: 'gate', gate });
    this.change({ waitingFor: `another person's approval, until ${gate.expiresAt}` });
    await this.save();
    const answer = () => this.stepOf(step).gate?.answer ?? null;
    const left = Math.max(1, Date.parse(gate.expiresAt) - Date.now());
    await condition(() => answer() !== null || this.cancelled, left);
    this.checkCancelled();
    this.change({ waitingFor: null });
    const given = answer();
    if (given === null) {
      this.changeStep(step, { gate: { ...gate, state: 'expired' } });
      throw new Rejected(problem('O2O_SWEEP_APPROVAL_EXPIRED'));
    }
    if (given.choice === 'reject') {
      throw new Rejected(problem('O2O_GATE_REFUSED', { gate: gate.name, choice: given.choice }));
    }
    this.changeStep(step, { state: 'running', decided: `Approved by ${given.by}: ${given.why}` });
    await this.save();
  }

  /** Keeps the sweep in the ledger as it stands, however long the ledger is away. */
  async save(): Promise<void> {
    for (let wait = 0; ; wait += 1) {
      try {
        return await sweepActivities.saveSweep(this.record);
      } catch (error) {
        if (problemOf(error, 'org2org')?.retryable !== true) throw error;
        await sleep(patience(wait));
      }
    }
  }

  change(change: Partial<SweepRecord>): void {
    const record = { ...this.record, ...change, updatedAt: new Date().toISOString() };
    this.record = record.endedAt === null ? { ...record, state: this.stateOf(record) } : record;
    setCurrentDetails(sweepDetails(this.record));
    if (this.record.state === this.shownState) return;
    this.shownState = this.record.state;
    upsertSearchAttributes([{ key: stateAttribute, value: this.record.state }]);
  }

  private stateOf({ steps }: SweepRecord): SweepState {
    if (steps.some(({ state }) => state === 'gate')) return 'gate';
    if (this.progress.paused) return 'paused';
    return steps.some(({ state }) => state === 'waiting') ? 'waiting' : 'running';
  }

  private obey(order: SweepOrder, { name }: Actor): SweepRecord {
    if (order === 'cancel') {
      this.cancelled = true;
      this.closeGate();
      if (!this.progress.mayAct) this.scope.cancel();
    } else this.progress = { ...this.progress, paused: order === 'pause' };
    this.change({ orderedBy: name });
    return this.record;
  }

  private closeGate(): void {
    for (const { name, gate } of this.record.steps) {
      if (gate?.state === 'open') this.changeStep(name, { state: 'stopped', gate: { ...gate, state: 'expired' } });
    }
  }

  private refuseOrder(order: SweepOrder): void {
    const { state, endedAt } = this.record;
    if (endedAt !== null || this.cancelled) throw refusal('O2O_SWEEP_STATE', { state, order: `be told to ${order}` });
  }

  private decide({ decision: choice, why, actor }: DecideSweep): SweepRecord {
    const step = gateStep(this.record);
    if (step?.gate == null) throw new Error('no gate');
    const gate: Gate = answered(step.gate, { choice, by: actor.name, why, at: new Date().toISOString() });
    this.changeStep(step.name, { gate });
    return this.record;
  }

  private stepOf(name: SweepStepName): SweepStep {
    const step = this.record.steps.find((candidate) => candidate.name === name);
    if (step === undefined) throw new Error(`no step ${name}`);
    return step;
  }

  private changeStep(name: SweepStepName, change: Partial<SweepStep>): void {
    this.change({ steps: this.record.steps.map((step) => (step.name === name ? { ...step, ...change } : step)) });
  }
}
