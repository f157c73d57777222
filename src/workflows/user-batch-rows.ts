import {
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { FederationActivities, RanTransition } from '../activities/federation-activities.js';
import { problem } from '../domain/errors.js';
import type { BatchRow, CheckedRow, NewBatch, RowResult, RowState, RowsOrder } from '../domain/user-batch.js';
import type { TransitionState } from '../domain/user-lifecycle.js';
import { countRows, minus } from './batch-counts.js';
import { batchRowsDetails } from './batch-details.js';
import { batchTaskQueue, batchWorkflowId, rowResultsQuery, rowsOrderSignal, rowsProgressSignal } from './messages.js';
import { problemOf } from './problems.js';

export interface UserBatchRowsInput {
  readonly batch: Pick<NewBatch, 'id' | 'federationId' | 'options' | 'actor'>;
  readonly chunk: number;
  readonly rows: readonly CheckedRow[];
  readonly carried: { readonly results: readonly RowResult[]; readonly order: RowsOrder } | null;
}

/** How long one activity waits for the end of a transition, in seconds: a slot of the worker is held no longer. */
const waitSeconds = 25;

/** How often a row waits anew for a transition that takes its time: a quarter of an hour altogether. */
const mostJoins = 36;

/** Events of one run after which it hands on to the next. */
const mostEvents = 2_500;

/** How much of a text stays with a row. */
const mostCharacters = 500;

const { runTransition } = proxyActivities<FederationActivities>({
  taskQueue: batchTaskQueue,
  startToCloseTimeout: '60s',
  heartbeatTimeout: '30s',
  scheduleToCloseTimeout: '30m',
  retry: { maximumInterval: '30s' },
});

/** Null while the transition is on its way. */
const endsAs: Readonly<Record<TransitionState, RowState | null>> = {
  planned: 'planned',
  queued: null,
  running: null,
  waiting: null,
  gate: 'gate',
  done: 'done',
  stopped: 'stopped',
  superseded: 'superseded',
  withdrawn: 'superseded',
  cancelled: 'cancelled',
};

function short(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

function newResult(row: CheckedRow): RowResult {
  const common = { row: row.row, line: row.line, changed: false, number: null, note: null };
  if (!('issues' in row)) return { ...common, login: row.login, kind: row.kind, state: 'pending', problem: null };
  const reasons = row.issues.map(({ column, reason }) => (column === null ? reason : `${column} ${reason}`));
  const { code, fix } = problem('O2O_BATCH_ROWS_REFUSED');
  return {
    ...common,
    login: null,
    kind: null,
    state: 'refused',
    problem: { code, message: short(reasons.join('; ')), fix: row.issues[0]?.fix ?? fix },
  };
}

/**
 * Some rows of a batch: holds them until the batch says that they begin, then sends each to its user's workflow, a
 * bounded number at a time, and keeps what became of each. It answers for its rows after it has ended, too.
 */
export async function userBatchRows({ batch, chunk, rows, carried }: UserBatchRowsInput): Promise<void> {
  const results = [...(carried?.results ?? rows.map(newResult))];
  let order: RowsOrder = carried?.order ?? { order: 'hold', inFlight: 0 };
  let handsOn = false;
  const now = () => ({ counts: countRows(results), changed: results.filter(({ changed }) => changed).length });
  let told = now();

  setHandler(rowResultsQuery, () => results);
  setHandler(rowsOrderSignal, (given) => {
    order = given;
  });

  const parent = getExternalWorkflowHandle(batchWorkflowId(batch.federationId, batch.id));
  const tell = async (ended: boolean) => {
    const before = told;
    told = now();
    const progress = {
      chunk,
      counts: minus(told.counts, before.counts),
      changed: told.changed - before.changed,
      ended,
    };
    setCurrentDetails(batchRowsDetails(rows[0]?.row ?? 0, rows.at(-1)?.row ?? 0, told.counts));
    await parent.signal(rowsProgressSignal, progress).catch(() => {
      order = { ...order, order: 'cancel' };
    });
  };

  const tellEvery = Math.max(1, Math.floor(rows.length / 20));
  let endedSinceTold = 0;
  const change = (index: number, changes: Partial<RowResult>) => {
    const before = results[index];
    if (before !== undefined) results[index] = { ...before, ...changes };
  };
  const end = async (index: number, changes: Partial<RowResult>) => {
    change(index, changes);
    endedSinceTold += 1;
    if (endedSinceTold < tellEvery) return;
    endedSinceTold = 0;
    await tell(false);
  };

  const ask = async (row: BatchRow): Promise<RanTransition | RowResult['problem']> => {
    const idempotencyKey = `batch/${batch.id}/${row.row}`;
    try {
      return await runTransition({
        federationId: batch.federationId,
        login: row.login,
        kind: row.kind,
        profile: row.profile,
        assignBy: row.assignBy,
        dryRun: batch.options.dryRun,
        at: row.at,
        reason: row.reason,
        ticket: row.ticket,
        actor: batch.actor,
        idempotencyKey,
        fingerprint: idempotencyKey,
        waitSeconds,
      });
    } catch (error) {
      const { code, message, fix } = problemOf(error, 'org2org') ?? problem('O2O_INTERNAL');
      return { code, message: short(message), fix };
    }
  };

  const full = () => {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    handsOn ||= historyLength > mostEvents || continueAsNewSuggested;
    return handsOn;
  };

  const run = async (index: number, row: BatchRow) => {
    change(index, { state: 'running' });
    for (let join = 1; ; join++) {
      const answer = await ask(row);
      if (answer === null || !('transition' in answer)) return end(index, { state: 'stopped', problem: answer });
      const { transition, changed, problem: found } = answer;
      const state = endsAs[transition.state];
      change(index, {
        changed,
        number: transition.number === 0 ? null : transition.number,
        note: transition.note === null ? null : short(transition.note),
        problem: found && { code: found.code, message: short(found.message), fix: short(found.fix) },
      });
      if (state !== null) return end(index, { state });
      if (full()) return;
      if (join >= mostJoins || order.order === 'cancel') return end(index, { state: 'unfinished' });
    }
  };

  const mayGoOn = async () => {
    while (order.order === 'hold' && !handsOn) {
      if (!(await condition(() => order.order !== 'hold' || handsOn, '1 hour'))) await tell(false);
    }
    return order.order === 'run' && !full();
  };

  const waiting = results.flatMap(({ state }, index) => (state === 'pending' || state === 'running' ? [index] : []));
  const work = async () => {
    while (waiting.length > 0 && (await mayGoOn())) {
      const index = waiting.shift();
      const row = index === undefined ? undefined : rows[index];
      if (index !== undefined && row !== undefined && !('issues' in row)) await run(index, row);
    }
  };
  await mayGoOn();
  await Promise.all(Array.from({ length: Math.max(1, order.inFlight) }, work));

  if (handsOn && order.order !== 'cancel' && results.some(({ state }) => state === 'pending' || state === 'running')) {
    await tell(false);
    await continueAsNew<typeof userBatchRows>({ batch, chunk, rows, carried: { results, order } });
  }
  results.forEach(({ state }, index) => {
    if (state === 'pending') change(index, { state: 'cancelled' });
    if (state === 'running') change(index, { state: 'unfinished' });
  });
  await tell(true);
}
