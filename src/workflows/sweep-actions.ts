import { patched, proxyActivities } from '@temporalio/workflow';
import type { FederationActivities, RanTransition } from '../activities/federation-activities.js';
import { type ErrorCode, problem } from '../domain/errors.js';
import type { FindingOutcome, Outcome, PlannedAction, SweepFinding, SweepMandate } from '../domain/sweep.js';
import type { TransitionCommand, TransitionKind } from '../domain/user-lifecycle.js';
import { batchTaskQueue } from './messages.js';
import { problemOf, Stopped } from './problems.js';
import { afterOthers, sweepActivities } from './sweep-activities.js';
import { BeginAnew, HandOn } from './sweep-endings.js';
import { historyIsLong } from './sweep-reads.js';
import type { SweepRun } from './sweep-run.js';

/** How long one activity waits for the end of a transition, in seconds, and how often it waits anew. */
const waitSeconds = 25;
const mostJoins = 60;

/** How many users are taken from the list at a time. */
const portion = 50;

/** The rest of the list stays once so many users have failed, if they are more than a tenth. */
const mostFailed = 3;

const dayMs = 24 * 60 * 60 * 1000;

const { runTransition } = proxyActivities<FederationActivities>({
  taskQueue: batchTaskQueue,
  startToCloseTimeout: '60s',
  heartbeatTimeout: '30s',
  priority: afterOthers,
  retry: { maximumInterval: '30s' },
});

const transitionOf: Readonly<Record<Exclude<PlannedAction, 'none'>, TransitionKind>> = {
  suspend: 'suspend',
  deactivate: 'offboard',
  suspendThenDeactivate: 'suspend',
  resume: 'resume',
};

/** Problems that say that the user is not any more as the sweep has found it. */
const changedMeanwhile: readonly ErrorCode[] = [
  'O2O_CHANGED_MEANWHILE',
  'O2O_IDP_USER_MISSING',
  'O2O_IDP_USER_NOT_ACTIVE',
  'O2O_SP_USER_MISSING',
  'O2O_SP_USER_NOT_FEDERATED',
  'O2O_SP_USER_STATUS',
  'O2O_TRANSITION_CONTRADICTS',
  'O2O_USER_NOWHERE',
];

/**
 * A few users first, one after another.
 *
 * @throws Stopped if one of them reads back wrong, or does not come to its end: the rest is left alone
 */
export async function canary(run: SweepRun): Promise<string> {
  while (run.record.actions.done < run.spec.limits.canary && remaining(run) > 0) {
    const [finding] = await next(run, 'canary', 1);
    if (finding === undefined) break;
    await act(run, 'canary', [finding]);
    const { failed, notDone } = run.record.actions;
    if (failed > 0 || (notDone > 0 && patched('canaryComesToItsEnd'))) {
      const what = failed > 0 ? 'did not read back as it should' : 'did not come to its end';
      const detail = `the user ${finding.spUserId}, one of the first, ${what}`;
      throw new Stopped(problem('O2O_SWEEP_STOPPED', { detail }));
    }
  }
  return counted(run);
}

/** The rest of the list, portion by portion. @throws HandOn between two portions, Stopped where too many fail */
export async function actions(run: SweepRun): Promise<string> {
  while (remaining(run) > 0) {
    if (historyIsLong()) throw new HandOn();
    await act(run, 'actions', await next(run, 'actions', portion));
    const { failed, done } = run.record.actions;
    if (failed > mostFailed && failed > (done + failed) / 10) {
      throw new Stopped(problem('O2O_SWEEP_STOPPED', { detail: `${failed} of ${done + failed} users failed` }));
    }
    run.tell('actions', counted(run));
  }
  return counted(run);
}

function counted({ record: { actions: counts } }: SweepRun): string {
  return `${counts.done} done, ${counts.withdrawn} withdrawn, ${counts.failed} failed, ${counts.notDone} not done, of ${counts.listed}.`;
}

function remaining({ record: { actions: counts } }: SweepRun): number {
  return counts.pending;
}

/** The next of the list. @throws BeginAnew if the ledger does not hold the very list that may be acted on */
async function next(run: SweepRun, step: 'canary' | 'actions', limit: number): Promise<readonly SweepFinding[]> {
  const { held, findings } = await run.attempt(step, 'org2org', () => ofList(run, limit));
  if (findings.length === 0) throw new BeginAnew('the ledger has lost the list');
  if (!held) throw new BeginAnew('the list of actions has changed in the ledger since everyone was judged');
  return findings;
}

async function ofList({ record, attemptOf }: SweepRun, limit: number) {
  if (!patched('listHeldToItsDigest')) {
    return { held: true, findings: await sweepActivities.nextActions(attemptOf, limit) };
  }
  const { listDigest: digest, actions: counts } = record;
  return sweepActivities.nextOfList(attemptOf, { digest, pending: counts.pending }, limit);
}

/** Acts on these users, a bounded number at a time, and keeps what became of each. */
async function act(run: SweepRun, step: 'canary' | 'actions', findings: readonly SweepFinding[]): Promise<void> {
  const queue = [...findings];
  const results: FindingOutcome[] = [];
  const work = async () => {
    for (let finding = queue.shift(); finding !== undefined; finding = queue.shift()) {
      if (run.halted) return;
      results.push(await actOn(run, finding));
    }
  };
  await run.mayGoOn();
  await Promise.all(Array.from({ length: run.spec.limits.inFlight }, work));
  const { actions: counts } = run.record;
  await run.insist(step, 'org2org', () => sweepActivities.recordOutcomes(run.attemptOf, results, run.spec.rules));
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  run.change({
    actions: {
      ...counts,
      pending: counts.pending - results.length,
      done: counts.done + count('done'),
      withdrawn: counts.withdrawn + count('withdrawn'),
      failed: counts.failed + count('failed'),
      notDone: counts.notDone + count('notDone'),
    },
  });
}

async function actOn(run: SweepRun, finding: SweepFinding): Promise<FindingOutcome> {
  const { action } = finding;
  if (action === 'none')
    return { spUserId: finding.spUserId, outcome: 'withdrawn', changed: false, transition: null, note: 'no action' };
  const first = await transition(run, finding, action, transitionOf[action], null);
  if (action !== 'suspendThenDeactivate' || first.outcome !== 'done') return first;
  const at = new Date(Date.now() + run.spec.rules.deactivateAfterDays * dayMs).toISOString();
  const promise = await transition(run, finding, action, 'offboard', at);
  return promise.outcome === 'done'
    ? { ...promise, changed: first.changed, note: `suspended; deactivated at ${at} unless the right comes back` }
    : promise;
}

/** Sends one command to the user's own workflow, which looks afresh, acts and reads back, and waits for its end. */
async function transition(
  run: SweepRun,
  finding: SweepFinding,
  action: SweepMandate['action'],
  kind: TransitionKind,
  at: string | null,
): Promise<FindingOutcome> {
  const { record, start } = run;
  const { spUserId, idpUserId, login, kind: found, evidence } = finding;
  const key = `sweep/${record.id}/${record.attempt}/${spUserId}/${kind}`;
  const command: TransitionCommand = {
    federationId: record.federationId,
    login,
    kind,
    profile: null,
    assignBy: null,
    dryRun: false,
    at,
    reason: record.spec.reason ?? `sweep ${record.id}: ${found}`,
    ticket: record.spec.ticket,
    mandate: {
      sweepId: record.id,
      spUserId,
      idpUserId,
      login,
      byName: evidence.externalId !== spUserId,
      kind: found,
      action,
      rules: run.rules,
    },
    actor: start.actor,
    idempotencyKey: key,
    fingerprint: key,
    waitSeconds,
  };
  for (let join = 1; ; join += 1) {
    const ran = await asked(command);
    const { changed } = ran;
    const outcome = outcomeOf(ran, at !== null);
    if (outcome !== null)
      return { spUserId, outcome, changed, transition: ran.transition.number || null, note: noteOf(ran) };
    if (join >= mostJoins)
      return { spUserId, outcome: 'notDone', changed, transition: ran.transition.number, note: 'still on its way' };
  }
}

async function asked(command: TransitionCommand): Promise<RanTransition> {
  try {
    return await runTransition(command);
  } catch (error) {
    const found = problemOf(error, 'org2org');
    if (found === null) throw error;
    const { code, message, fix } = found;
    return {
      transition: { number: 0, kind: command.kind, state: 'stopped', note: message },
      changed: false,
      problem: { code, message, fix },
    };
  }
}

/** Null while the transition is on its way. */
function outcomeOf({ transition: { state }, problem: found }: RanTransition, isPlanned: boolean): Outcome | null {
  switch (state) {
    case 'done':
      return 'done';
    case 'withdrawn':
    case 'superseded':
    case 'cancelled':
      return 'withdrawn';
    case 'stopped':
      return changedMeanwhile.some((code) => code === found?.code) ? 'withdrawn' : 'failed';
    case 'planned':
      return isPlanned ? 'done' : null;
    case 'gate':
      return 'notDone';
    default:
      return null;
  }
}

function noteOf({ transition: { note }, problem: found }: RanTransition): string | null {
  return (note ?? found?.message ?? null)?.slice(0, 500) ?? null;
}
