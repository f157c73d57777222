import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Actor } from '../domain/gate.js';
import type {
  AddRows,
  BatchOrder,
  BatchRecord,
  BatchState,
  NewBatch,
  RowsOrder,
  RowsProgress,
  SealBatch,
} from '../domain/user-batch.js';
import { noRows, plus } from './batch-counts.js';
import { batchDetails } from './batch-details.js';
import {
  addRowsUpdate,
  batchOrderUpdate,
  batchRowsWorkflowId,
  batchStatusQuery,
  federationAttribute,
  kindAttribute,
  rowsOrderSignal,
  rowsProgressSignal,
  sealUpdate,
  stateAttribute,
} from './messages.js';
import { refusal } from './problems.js';
import { userBatchRows } from './user-batch-rows.js';

/** A workflow that holds rows and was told to begin or to end; `told` is null until it knows the latest order. */
interface LiveRows {
  readonly chunk: number;
  readonly told: RowsOrder['order'] | null;
}

/** What the batch is started with, or what it hands on when it continues as new. */
export interface UserBatchInput {
  readonly batch: NewBatch;
  readonly carried: {
    readonly record: BatchRecord;
    readonly next: number;
    readonly live: readonly LiveRows[];
  } | null;
}

/** How many workflows that hold rows run at the same time; they share the users in flight. */
const mostRunning = 2;

/** How many are told at the same time that their rows do not begin. */
const mostEnding = 10;

/** After this time without news the batch tells again what it wants: a workflow ended from outside gives no news. */
const silence = '10 minutes';

/** Events of one run after which it hands on to the next. */
const mostEvents = 2_500;

/** From which states an order is taken, and the state that it leads to. */
const orders: Readonly<Record<BatchOrder, { readonly from: readonly BatchState[]; readonly to: BatchState }>> = {
  pause: { from: ['running', 'paused'], to: 'paused' },
  resume: { from: ['paused', 'running'], to: 'running' },
  cancel: { from: ['receiving', 'running', 'paused', 'cancelled'], to: 'cancelled' },
  refuse: { from: ['receiving', 'refused'], to: 'refused' },
};

function newRecord({ id, federationId, options, actor }: NewBatch): BatchRecord {
  return {
    id,
    federationId,
    state: 'receiving',
    options,
    startedBy: actor.name,
    startedAt: new Date().toISOString(),
    endedAt: null,
    orderedBy: null,
    chunks: 0,
    digest: '',
    rows: 0,
    counts: noRows,
    changed: 0,
  };
}

function orderOf(state: BatchState): RowsOrder['order'] {
  if (state === 'running') return 'run';
  return state === 'paused' || state === 'receiving' ? 'hold' : 'cancel';
}

/**
 * A batch of users: receives rows and hands each lot to a workflow of its own, which holds them; once the file is
 * complete it lets a few of these run at a time. Keeps counters only, so that its size does not grow with the file.
 */
export async function userBatch({ batch, carried }: UserBatchInput): Promise<BatchRecord> {
  let record = carried?.record ?? newRecord(batch);
  let next = carried?.next ?? 0;
  let live: readonly LiveRows[] = carried?.live ?? [];
  let news = 0;

  const change = (changes: Partial<BatchRecord>) => {
    const { state } = record;
    record = { ...record, ...changes };
    if (record.state !== state) upsertSearchAttributes([{ key: stateAttribute, value: record.state }]);
    setCurrentDetails(batchDetails(record));
  };

  const refuseRows = ({ chunk, digest }: AddRows) => {
    if (chunk < record.chunks - 1) return;
    if (chunk === record.chunks - 1) {
      if (digest !== record.digest) throw refusal('O2O_IDEMPOTENCY_KEY_REUSED');
    } else if (record.state === 'running' || record.state === 'paused') {
      throw refusal('O2O_IDEMPOTENCY_KEY_REUSED');
    } else if (record.state !== 'receiving' || chunk > record.chunks) {
      throw refusal('O2O_BATCH_STATE', { state: record.state, order: 'take more rows' });
    }
  };

  const addRows = async ({ chunk, digest, rows }: AddRows): Promise<void> => {
    if (chunk < record.chunks) return;
    const before = record;
    const refused = rows.filter((row) => 'issues' in row).length;
    change({
      chunks: record.chunks + 1,
      digest,
      rows: record.rows + rows.length,
      counts: plus(record.counts, { refused, pending: rows.length - refused }),
    });
    news += 1;
    const { id, federationId, options, actor } = batch;
    await startChild(userBatchRows, {
      workflowId: batchRowsWorkflowId(federationId, id, chunk),
      args: [{ batch: { id, federationId, options, actor }, chunk, rows, carried: null }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: [
        { key: federationAttribute, value: federationId },
        { key: kindAttribute, value: 'batchRows' },
      ],
      staticSummary: `Rows ${rows[0]?.row} to ${rows.at(-1)?.row} of batch ${id}`,
    }).catch(() => {
      record = before;
      throw refusal('O2O_BATCH_STATE', { state: 'not cleared away yet', order: 'take rows' });
    });
  };

  const seal = () => {
    if (record.state !== 'receiving') return false;
    change({ state: 'running' });
    return true;
  };

  const refuseSeal = ({ chunks, digest }: SealBatch) => {
    if (chunks !== record.chunks || digest !== record.digest) throw refusal('O2O_IDEMPOTENCY_KEY_REUSED');
  };

  const obey = (order: BatchOrder, actor: Actor) => {
    const { to } = orders[order];
    if (record.state !== to) change({ state: to, orderedBy: actor.name });
    return record;
  };

  const refuseOrder = (order: BatchOrder, _actor: Actor) => {
    const { state } = record;
    if (!orders[order].from.includes(state)) throw refusal('O2O_BATCH_STATE', { state, order });
  };

  setHandler(batchStatusQuery, () => record);
  setHandler(addRowsUpdate, addRows, { validator: refuseRows });
  setHandler(sealUpdate, seal, { validator: refuseSeal });
  setHandler(batchOrderUpdate, obey, { validator: refuseOrder });
  setHandler(rowsProgressSignal, ({ chunk, counts, changed, ended }: RowsProgress) => {
    news += 1;
    change({ counts: plus(record.counts, counts), changed: record.changed + changed });
    if (ended) live = live.filter((rows) => rows.chunk !== chunk);
  });

  const share = () => Math.max(1, Math.floor(batch.options.inFlight / Math.min(mostRunning, record.chunks)));
  const room = () => {
    const order = orderOf(record.state);
    const most = order === 'hold' ? 0 : order === 'run' ? Math.min(mostRunning, batch.options.inFlight) : mostEnding;
    return next < record.chunks && live.length < most;
  };
  const untold = () => live.find((rows) => rows.told !== orderOf(record.state));
  const tell = async ({ chunk }: LiveRows) => {
    const order = orderOf(record.state);
    live = live.map((rows) => (rows.chunk === chunk ? { chunk, told: order } : rows));
    const workflow = getExternalWorkflowHandle(batchRowsWorkflowId(batch.federationId, batch.id, chunk));
    await workflow.signal(rowsOrderSignal, { order, inFlight: share() }).catch(() => {
      live = live.filter((rows) => rows.chunk !== chunk);
    });
  };
  const ended = () => record.state !== 'receiving' && next >= record.chunks && live.length === 0;
  const full = () => workflowInfo().historyLength > mostEvents || workflowInfo().continueAsNewSuggested;

  change({});
  while (!ended()) {
    while (room()) {
      live = [...live, { chunk: next, told: null }];
      next += 1;
    }
    const rows = untold();
    if (rows !== undefined) {
      await tell(rows);
      continue;
    }
    if (full() && allHandlersFinished()) {
      await continueAsNew<typeof userBatch>({ batch, carried: { record, next, live } });
    }
    const before = news;
    const moved = () => news !== before || room() || untold() !== undefined || ended() || full();
    const patience = record.state === 'receiving' ? batch.abandonAfterMs : silence;
    const stillThere = await condition(() => moved() && (!full() || allHandlersFinished()), patience);
    if (stillThere) continue;
    if (record.state === 'receiving') change({ state: 'abandoned' });
    else live = live.map(({ chunk }) => ({ chunk, told: null }));
  }

  await condition(allHandlersFinished);
  const { pending, running } = record.counts;
  change({
    ...(record.state === 'running' || record.state === 'paused' ? { state: 'done' } : {}),
    counts: plus(record.counts, { pending: -pending, running: -running, unfinished: pending + running }),
    endedAt: new Date().toISOString(),
  });
  return record;
}
