import { createHash, randomUUID } from 'node:crypto';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  defaultPayloadConverter,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { Actor } from '../domain/gate.js';
import type { AddRows, BatchOrder, BatchRecord, BatchState, NewBatch, RowResult } from '../domain/user-batch.js';
import {
  addRowsUpdate,
  batchOrderUpdate,
  batchRowsWorkflowId,
  batchStatusQuery,
  batchWorkflowId,
  federationAttribute,
  kindAttribute,
  priorities,
  rowResultsQuery,
  sealUpdate,
  stateAttribute,
  workflowTaskQueue,
} from '../workflows/messages.js';
import type { userBatch } from '../workflows/user-batch.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer a question, and to take rows from a file, in milliseconds. */
const deadlineMs = { question: 5_000, rows: 30_000 };

/** Id of a batch: the same for the same key in the same federation, new where there is no key. */
export function batchIdOf(federationId: string, idempotencyKey: string | null): string {
  const named = idempotencyKey === null ? randomUUID() : JSON.stringify([federationId, idempotencyKey]);
  return createHash('sha256').update(named).digest('hex').slice(0, 24);
}

/** One page of a list of batches. */
export interface BatchPage {
  readonly batches: readonly {
    readonly id: string;
    readonly state: BatchState;
    readonly startedAt: string | null;
    readonly endedAt: string | null;
  }[];
  /** Temporal's position in the list; empty after the last page. */
  readonly position: Uint8Array;
}

/** Starts, commands and asks the workflows of batches: the one place that knows their ids. */
export class UserBatches {
  constructor(private readonly client: Client) {}

  /** A way to hand over the rows of a file. Nothing is started before the first rows. */
  upload(batch: NewBatch): BatchUpload {
    return new BatchUpload(this.client, this, batch);
  }

  /** @throws Org2OrgError `O2O_BATCH_NOT_FOUND`, `O2O_TEMPORAL_UNAVAILABLE` */
  get(federationId: string, id: string): Promise<BatchRecord> {
    return asking(this.client, deadlineMs.question, async () => {
      try {
        return await this.client.workflow.getHandle(batchWorkflowId(federationId, id)).query(batchStatusQuery);
      } catch (error) {
        throw error instanceof WorkflowNotFoundError ? notFound(federationId, id) : error;
      }
    });
  }

  /**
   * Pauses, resumes or cancels a batch; what has been ordered already stays as it is.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_BATCH_STATE`, `O2O_BATCH_NOT_FOUND`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async order(federationId: string, id: string, order: BatchOrder, actor: Actor): Promise<BatchRecord> {
    const handle = this.client.workflow.getHandle(batchWorkflowId(federationId, id));
    try {
      return await asking(this.client, deadlineMs.question, () =>
        handle.executeUpdate(batchOrderUpdate, { args: [order, actor] }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const { state } = await this.get(federationId, id);
      throw new Org2OrgError('O2O_BATCH_STATE', { state, order });
    }
  }

  /** The rows of a batch and what became of each, in the order of the file. Holds those of one workflow at a time. */
  async *rows({ federationId, id, chunks }: BatchRecord): AsyncGenerator<RowResult> {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const handle = this.client.workflow.getHandle(batchRowsWorkflowId(federationId, id, chunk));
      yield* await asking(this.client, deadlineMs.question, () => handle.query(rowResultsQuery)).catch((error) => {
        throw error instanceof WorkflowNotFoundError ? notFound(federationId, id) : error;
      });
    }
  }

  /** Visibility's query for the batches of a federation. */
  listQuery(federationId: string, state: BatchState | undefined): string {
    return [
      `${kindAttribute.name} = 'batch'`,
      `${federationAttribute.name} = '${federationId}'`,
      ...(state === undefined ? [] : [`${stateAttribute.name} = '${state}'`]),
      `ExecutionStatus != 'ContinuedAsNew'`,
    ].join(' AND ');
  }

  /** One page of batches, from Temporal's visibility store: a new one may be missing for a moment. */
  list(query: string, pageSize: number, position: Uint8Array): Promise<BatchPage> {
    return asking(this.client, deadlineMs.question, async () => {
      const { namespace } = this.client.options;
      const page = await this.client.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize,
        nextPageToken: position,
      });
      const batches = page.executions.map(({ execution, searchAttributes, startTime, closeTime }) => {
        const payload = searchAttributes?.indexedFields?.[stateAttribute.name];
        const state: BatchState = payload ? defaultPayloadConverter.fromPayload(payload) : 'receiving';
        const id = (execution?.workflowId ?? '').split('/').at(-1) ?? '';
        return { id, state, startedAt: isoTime(startTime), endedAt: isoTime(closeTime) };
      });
      return { batches, position: page.nextPageToken };
    });
  }
}

/**
 * Rows of one file on their way into a batch. A file that is sent again under the same id joins the batch that it has
 * made: rows that are there already are passed over, other rows are refused.
 */
export class BatchUpload {
  private end: { chunks: number; digest: string };
  /** The batch as it had ended before; nothing is handed over then, only compared. */
  private before: BatchRecord | null = null;

  constructor(
    private readonly client: Client,
    private readonly batches: UserBatches,
    private readonly batch: NewBatch,
  ) {
    this.end = { chunks: 0, digest: '' };
  }

  /**
   * Hands rows over; the first ones make the batch.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_IDEMPOTENCY_KEY_REUSED`, `O2O_BATCH_STATE`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async add(lot: AddRows): Promise<void> {
    this.end = { chunks: lot.chunk + 1, digest: lot.digest };
    if (this.before !== null) return;
    try {
      await this.send(lot, 'REJECT_DUPLICATE');
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError))
        throw error;
      const record = await this.batches.get(this.batch.federationId, this.batch.id);
      const nothingDone = record.state === 'refused' || record.state === 'abandoned';
      if (!nothingDone) this.before = record;
      else if (lot.chunk === 0) await this.send(lot, 'ALLOW_DUPLICATE');
      else throw new Org2OrgError('O2O_BATCH_STATE', { state: record.state, order: 'take more rows' });
    }
  }

  /** Says that the file is complete. `started` is false if the same file had begun under this id before. */
  async seal(): Promise<{ readonly record: BatchRecord; readonly started: boolean }> {
    let started = false;
    if (this.before === null) {
      try {
        started = await asking(this.client, deadlineMs.rows, () =>
          this.handle().executeUpdate(sealUpdate, { args: [this.end] }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
    const record = await this.batches.get(this.batch.federationId, this.batch.id);
    if (record.chunks !== this.end.chunks || record.digest !== this.end.digest) {
      throw new Org2OrgError('O2O_IDEMPOTENCY_KEY_REUSED');
    }
    return { record, started };
  }

  /** Drops what was handed over, if anything was; a batch that has begun before under this id stays as it is. */
  async refuse(): Promise<void> {
    if (this.end.chunks === 0 || this.before !== null) return;
    const { federationId, id, actor } = this.batch;
    await this.batches.order(federationId, id, 'refuse', actor).catch(() => {});
  }

  private send(lot: AddRows, reuse: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE'): Promise<void> {
    const { federationId, id } = this.batch;
    return asking(this.client, deadlineMs.rows, () =>
      lot.chunk > 0
        ? this.handle().executeUpdate(addRowsUpdate, { args: [lot] })
        : this.client.workflow.executeUpdateWithStart(addRowsUpdate, {
            args: [lot],
            startWorkflowOperation: new WithStartWorkflowOperation<typeof userBatch>('userBatch', {
              workflowId: batchWorkflowId(federationId, id),
              taskQueue: workflowTaskQueue,
              workflowIdConflictPolicy: 'USE_EXISTING',
              workflowIdReusePolicy: reuse,
              args: [{ batch: this.batch, carried: null }],
              typedSearchAttributes: [
                { key: federationAttribute, value: federationId },
                { key: kindAttribute, value: 'batch' },
                { key: stateAttribute, value: 'receiving' },
              ],
              staticSummary: `Batch of federation ${federationId}`,
              priority: { priorityKey: priorities.batch },
            }),
          }),
    );
  }

  private handle() {
    return this.client.workflow.getHandle(batchWorkflowId(this.batch.federationId, this.batch.id));
  }
}

function notFound(federation: string, batch: string): Org2OrgError {
  return new Org2OrgError('O2O_BATCH_NOT_FOUND', { federation, batch });
}

function isoTime(time: { readonly seconds?: unknown } | null | undefined): string | null {
  return time?.seconds == null ? null : new Date(Number(time.seconds) * 1000).toISOString();
}

async function asking<Result>(client: Client, limitMs: number, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await client.withDeadline(Date.now() + limitMs, ask);
  } catch (error) {
    throw temporalError(error);
  }
}
