import type { Client } from '@temporalio/client';
import { type CountedActions, countActions } from '../users/actions.js';

/** What the runs of one workflow left behind. */
export interface Histories {
  /** Events of each run, in their order. */
  readonly events: readonly number[];
  /** Temporal actions of all runs together. */
  readonly actions: CountedActions;
}

/** Reads the histories of a workflow from its first run on, through all that it continued as. */
export async function readHistories(client: Client, workflowId: string): Promise<Histories> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const runs = [];
  for (let runId = raw.workflowExecutionInfo?.firstRunId; runId; ) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push(events ?? []);
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return { events: runs.map(({ length }) => length), actions: countActions(runs.flat()) };
}
