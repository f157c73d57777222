import type { Client } from '@temporalio/client';
import type { RunningWork } from '../domain/teardown.js';
import { federationAttribute, kindAttribute } from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;

/**
 * A batch or a rollout of a federation that runs, also one that is paused or stands at a gate; null if none does. From
 * Temporal's visibility store: one that began a moment ago may be missing.
 *
 * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
 */
export async function runningWork(client: Client, federationId: string): Promise<RunningWork | null> {
  const of = (kind: RunningWork['kind']) =>
    [
      `${kindAttribute.name} = '${kind}'`,
      `${federationAttribute.name} = '${federationId}'`,
      `ExecutionStatus = 'Running'`,
    ].join(' AND ');
  for (const kind of ['batch', 'rollout'] as const) {
    const found = await listed(client, of(kind));
    if (found !== null) return { kind, id: found.split('/').at(-1) ?? found };
  }
  return null;
}

async function listed(client: Client, query: string): Promise<string | null> {
  try {
    const { executions } = await client.withDeadline(Date.now() + deadlineMs, () =>
      client.workflowService.listWorkflowExecutions({ namespace: client.options.namespace, query, pageSize: 1 }),
    );
    return executions[0]?.execution?.workflowId ?? null;
  } catch (error) {
    throw temporalError(error);
  }
}
