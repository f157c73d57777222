import { type Client, WorkflowFailedError } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { type ErrorCode, Org2OrgError } from '../domain/errors.js';
import { federationAttribute, kindAttribute, priorities, workflowTaskQueue } from '../workflows/messages.js';
import { grpcCode, temporalError } from './temporal-errors.js';

/** How long Temporal may take to start it, in milliseconds. */
const startWithinMs = 3_000;

/** How long somebody waits for the answer, in milliseconds. */
export const answeredWithinMs = 25_000;

/** gRPC code of a call that had no answer by its deadline: number of the gRPC standard. */
const deadlineExceeded = 4;

/** A workflow that looks into both orgs for somebody who waits for its result. */
export interface AskedWorkflow<Input> {
  readonly name: string;
  readonly workflowId: string;
  readonly input: Input;
  readonly kind: string;
  /** Null where it is about no federation. */
  readonly federationId: string | null;
  readonly summary: string;
  readonly withinMs: number;
  /** What is thrown where it does not answer in time. */
  readonly tooSlow: ErrorCode;
}

/**
 * Starts the workflow and waits for its result.
 *
 * @throws Org2OrgError | WorkflowRefusal `O2O_TEMPORAL_UNAVAILABLE`, the error that says too slow, and what it ends with.
 */
export async function askWorkflow<Input, Answer>(
  client: Client,
  { name, workflowId, input, kind, federationId, summary, withinMs, tooSlow }: AskedWorkflow<Input>,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  const start = () =>
    client.workflow.start<(input: Input) => Promise<Answer>>(name, {
      workflowId,
      taskQueue: workflowTaskQueue,
      args: [input],
      typedSearchAttributes: [
        ...(federationId === null ? [] : [{ key: federationAttribute, value: federationId }]),
        { key: kindAttribute, value: kind },
      ],
      staticSummary: summary,
      workflowExecutionTimeout: withinMs,
      priority: { priorityKey: priorities.interactive },
    });
  try {
    const handle = await client.withDeadline(Date.now() + startWithinMs, start);
    return await client
      .withDeadline(deadline, () => handle.result())
      .catch((error) => {
        throw isTooSlow(error) ? new Org2OrgError(tooSlow) : error;
      });
  } catch (error) {
    throw temporalError(error);
  }
}

function isTooSlow(error: unknown): boolean {
  if (error instanceof WorkflowFailedError) return error.cause instanceof TimeoutFailure;
  return grpcCode(error) === deadlineExceeded;
}
