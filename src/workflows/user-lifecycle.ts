import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Transition, TransitionAccepted, TransitionCommand, UserRecord } from '../domain/user-lifecycle.js';
import { checkAnswer } from './gate.js';
import {
  answerGateUpdate,
  lookAgainSignal,
  replanUpdate,
  takeOverSignal,
  transitionUpdate,
  userStatusQuery,
} from './messages.js';
import { NewLogin } from './new-login.js';
import { refusal, Stopped } from './problems.js';
import { ProofsToKeep } from './proofs-to-keep.js';
import { admit, refuse, superseded } from './transition-rules.js';
import { Superseded, TransitionRun, Withdrawn } from './transition-run.js';
import { transitions as descriptions } from './transitions/index.js';
import { UserAttributes } from './user-attributes.js';
import { userDetails } from './user-details.js';
import {
  asPlanned,
  beginsNow,
  type FirstCommand,
  firstRecord,
  lastNumber,
  newRecord,
  remembered,
  stateOf,
  withKey,
  withoutTheCutOff,
  withTransition,
} from './user-record.js';

/** How long a workflow that was started waits for the command that it was started for. */
const firstCommandWithinMs = 60_000;

/** What a user's workflow is started with: who it is, and what an earlier run has left behind. */
export interface UserStart {
  readonly federationId: string;
  readonly login: string;
  readonly record: UserRecord | null;
  /** The command for which it was started; without it that one comes as an update. */
  readonly first?: FirstCommand;
}

/**
 * One user in one federation: takes transitions one after another, keeps what is planned, and closes when there is
 * nothing left to do.
 *
 * @returns everything that is known of the user; the next run is started with it.
 */
export async function userLifecycle(start: UserStart): Promise<UserRecord> {
  const user = new UserLifecycle(start);
  await condition(() => user.hasCommands, firstCommandWithinMs);
  for (;;) {
    user.queueWhatIsDue();
    const next = user.nextQueued;
    const due = user.nextDue;
    if (next === undefined && due === null && user.owesNothing) return user.record;
    if (workflowInfo().continueAsNewSuggested && user.owesNothing) {
      const { federationId, login } = start;
      return continueAsNew<typeof userLifecycle>({ federationId, login, record: user.record });
    }
    if (next !== undefined) {
      await user.carryOut(next);
      continue;
    }
    const wakes = () => user.nextQueued !== undefined || user.nextDue !== due || (due === null && user.owesNothing);
    await until(wakes, due);
  }
}

/** Waits until it is so, or until a point in time (milliseconds since the epoch) where one is given. */
function until(isSo: () => boolean, time: number | null): Promise<unknown> {
  return time === null ? condition(isSo) : condition(isSo, Math.max(1, time - Date.now()));
}

class UserLifecycle {
  record: UserRecord;
  private running: TransitionRun | null = null;
  private attributes = new UserAttributes('running');
  private commands = 0;
  private readonly proofs = new ProofsToKeep();

  constructor({ federationId, login, record, first }: UserStart) {
    const continued = workflowInfo().continuedFromExecutionRunId !== undefined;
    const earlier = record === null || continued ? record : withoutTheCutOff(record);
    this.record = earlier ?? newRecord(federationId, login, new Date());
    if (first !== undefined) this.begin(first);
    setHandler(userStatusQuery, () => this.record);
    setHandler(lookAgainSignal, () => this.running?.lookAgain());
    setHandler(takeOverSignal, (planned) => this.takeOver(planned));
    setHandler(transitionUpdate, (command) => this.accept(command), {
      validator: (command) => {
        const refused = refuse(this.record, command, beginsNow(command, new Date()));
        if (refused !== null) throw refusal(refused.code, refused.values);
      },
    });
    setHandler(
      replanUpdate,
      ({ number, at, actor }) => {
        const note = at === null ? `cancelled by ${actor.name}` : `moved to ${at} by ${actor.name}`;
        return at === null ? this.end(number, { state: 'cancelled', note }) : this.change(number, { at, note });
      },
      {
        validator: ({ number }) => {
          if (this.find(number)?.state !== 'planned') throw refusal('O2O_TRANSITION_NOT_PLANNED', { number });
        },
      },
    );
    setHandler(
      answerGateUpdate,
      (answer) => {
        if (this.running === null) throw refusal('O2O_GATE_NOT_FOUND', { gate: answer.gate });
        return this.running.answer(answer);
      },
      { validator: (answer) => checkAnswer(this.running?.findGate(answer.gate), answer, Date.now()) },
    );
  }

  /** Whether there was something to do since the start. */
  get hasCommands(): boolean {
    return this.commands > 0 || this.nextQueued !== undefined || this.nextDue !== null;
  }

  /** Whether nobody waits for an answer, and every proof is with the ledger. */
  get owesNothing(): boolean {
    return allHandlersFinished() && this.proofs.kept;
  }

  get nextQueued(): Transition | undefined {
    return this.record.transitions.find(({ state }) => state === 'queued');
  }

  /** When the next planned transition is due, in milliseconds since the epoch; null if none is planned. */
  get nextDue(): number | null {
    const times = this.record.transitions.flatMap(({ state, at }) =>
      state === 'planned' && at !== null ? [Date.parse(at)] : [],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Puts planned transitions whose time has come into the queue; an offboarding takes the place of what runs. */
  queueWhatIsDue(): void {
    for (const { number, state, at, kind, dryRun, mandate } of this.record.transitions) {
      if (state !== 'planned' || at === null || Date.parse(at) > Date.now()) continue;
      if (kind === 'offboard' && !dryRun && mandate === undefined)
        this.supersede(superseded(this.record), `the planned offboarding ${number}`);
      this.change(number, { state: 'queued' });
    }
  }

  async carryOut(transition: Transition): Promise<void> {
    const { number, kind } = transition;
    const { steps, carryOut } = descriptions[kind];
    const run = new TransitionRun(transition, this.record.login, steps, (changed) => this.replace(changed));
    this.running = run;
    const minding = this.mindPlans(run);
    try {
      await carryOut(run, this.record.federationId);
      await this.followLogin(run);
      const { proof } = this.end(number, { state: 'done' });
      if (proof !== null) this.proofs.hand(proof, run.readsAhead);
    } catch (error) {
      if (error instanceof Superseded) this.end(number, { state: 'superseded' });
      else if (error instanceof Withdrawn) this.end(number, { state: 'withdrawn', note: error.message });
      else if (error instanceof Stopped) this.end(number, { state: 'stopped' });
      else throw error;
    } finally {
      this.running = null;
    }
    await minding;
    this.show();
  }

  /** Minds what is planned while a transition runs: an offboarding whose time has come does not wait for its end. */
  private async mindPlans(run: TransitionRun): Promise<void> {
    while (this.running === run) {
      const due = this.nextDue;
      await until(() => this.running !== run || this.nextDue !== due, due);
      if (this.running === run) this.queueWhatIsDue();
    }
  }

  /** Takes the command that the workflow was started with, whose sender has set the search attributes by it. */
  private begin(first: FirstCommand): void {
    this.commands += 1;
    this.record = firstRecord(first);
    this.attributes = new UserAttributes(this.record.state);
    this.show();
  }

  private async accept(command: TransitionCommand): Promise<TransitionAccepted> {
    this.commands += 1;
    const { joins, supersedes, cancels } = admit(this.record, command, beginsNow(command, new Date()));
    const by = `${command.kind} by ${command.actor.name}`;
    this.supersede(supersedes, by);
    for (const number of cancels) this.end(number, { state: 'cancelled', note: by });
    if (joins === null) {
      this.record = withTransition(this.record, command, new Date());
      this.show();
    }
    const number = joins ?? lastNumber(this.record);
    this.record = withKey(this.record, command, number);
    if (joins !== null && this.running?.current.number === joins) this.running.lookAgain();
    if (command.waitSeconds > 0) {
      const settled = () => !['queued', 'running', 'waiting'].includes(this.find(number)?.state ?? 'done');
      await condition(settled, command.waitSeconds * 1000);
    }
    const transition = this.find(number);
    if (transition === undefined) throw refusal('O2O_TRANSITION_NOT_FOUND', { number });
    return { transition, started: joins === null };
  }

  /**
   * Goes on under the new login after it was changed: what is planned moves there, and so does what is known. Before
   * anybody reads that the change is done, and sends a command to the new login, which would begin there with nothing.
   */
  private async followLogin(run: TransitionRun): Promise<void> {
    const newLogin = await NewLogin.givenBy(run, this.record);
    if (newLogin === null) return;
    const endedAt = new Date().toISOString();
    const transitions = this.record.transitions.map((transition) =>
      transition.number === run.current.number
        ? { ...transition, state: 'done' as const, endedAt }
        : asPlanned(transition),
    );
    const waiting = this.waiting();
    if (await newLogin.begin(this.record, transitions)) this.moveOn(waiting);
    for (let left = this.waiting(); left.length > 0; left = this.waiting()) {
      this.moveOn(left);
      await newLogin.handOver(() => this.record, left);
    }
    this.record = { ...this.record, movedTo: newLogin.login };
  }

  private waiting(): readonly Transition[] {
    return this.record.transitions.filter(({ state }) => state === 'planned' || state === 'queued');
  }

  private moveOn(waiting: readonly Transition[]): void {
    for (const { number } of waiting) this.end(number, { state: 'cancelled', note: 'goes on under the new login' });
  }

  /** Takes over what was planned under an earlier login. */
  private takeOver(planned: readonly Transition[]): void {
    let number = lastNumber(this.record);
    const taken = planned.map((transition) => {
      number += 1;
      return asPlanned({ ...transition, number });
    });
    this.commands += 1;
    this.record = { ...this.record, movedTo: null, transitions: remembered([...this.record.transitions, ...taken]) };
    this.show();
  }

  private supersede(numbers: readonly number[], by: string): void {
    for (const number of numbers) {
      if (this.running?.current.number === number) this.running.supersede(`superseded by ${by}`);
      else this.end(number, { state: 'superseded', note: `superseded by ${by}` });
    }
  }

  private find(number: number): Transition | undefined {
    return this.record.transitions.find((transition) => transition.number === number);
  }

  private end(number: number, change: Partial<Transition>): Transition {
    return this.change(number, { ...change, endedAt: new Date().toISOString() });
  }

  private change(number: number, change: Partial<Transition>): Transition {
    const found = this.find(number);
    if (found === undefined) throw new Error(`no transition ${number}`);
    const changed = { ...found, ...change };
    this.replace(changed);
    return changed;
  }

  private replace(changed: Transition): void {
    const transitions = this.record.transitions.map((transition) =>
      transition.number === changed.number ? changed : transition,
    );
    this.record = { ...this.record, transitions };
    this.show();
  }

  private show(): void {
    this.record = { ...this.record, state: stateOf(this.record), updatedAt: new Date().toISOString() };
    setCurrentDetails(userDetails(this.record));
    this.attributes.show(this.record);
  }
}
