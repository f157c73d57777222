import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Erased } from '../domain/erasure.js';
import {
  auditEntriesWorkflowId,
  erasureWorkflowId,
  federationAttribute,
  kindAttribute,
  priorities,
  userWorkflowId,
  workflowTaskQueue,
} from '../workflows/messages.js';
import type { userErasure } from '../workflows/user-erasure.js';
import { temporalError } from './temporal-errors.js';
import { userKey } from './user-key.js';

/** How long both looks and the erasure may take, in milliseconds. */
const erasedWithinMs = 25_000;

/** Starts erasures and waits for them. */
export class Erasures {
  constructor(private readonly client: Client) {}

  /**
   * Erases the personal data of a user who is in neither org any more, after a look at both.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_ERASURE_PRESENT`, `O2O_ERASURE_BUSY`, `O2O_FEDERATION_NOT_FOUND`,
   * `O2O_LEDGER_UNAVAILABLE`, `O2O_TEMPORAL_UNAVAILABLE`, and what an org that cannot be read answers with
   */
  async erase(federationId: string, login: string): Promise<Erased> {
    try {
      return await this.client.withDeadline(Date.now() + erasedWithinMs, () =>
        this.client.workflow.execute<typeof userErasure>('userErasure', {
          workflowId: erasureWorkflowId(federationId, userKey(federationId, login), randomUUID()),
          taskQueue: workflowTaskQueue,
          args: [{ federationId, login }],
          typedSearchAttributes: [
            { key: federationAttribute, value: federationId },
            { key: kindAttribute, value: 'erasure' },
          ],
          staticSummary: `Erasure of a user's personal data, federation ${federationId}`,
          workflowExecutionTimeout: erasedWithinMs,
          priority: { priorityKey: priorities.interactive },
        }),
      );
    } catch (error) {
      throw temporalError(error);
    }
  }
}

/** What may still write about the user into the ledger; null if nothing does. */
export async function openWorkOn(client: Client, federationId: string, login: string): Promise<string | null> {
  if (await isOpen(client, userWorkflowId(federationId, userKey(federationId, login)))) {
    return 'a transition of the user runs or is planned, or its proof is on its way to the ledger';
  }
  const query = `${kindAttribute.name} = 'audit' AND ExecutionStatus = 'Running'`;
  const waits = (await isOpen(client, auditEntriesWorkflowId)) || (await client.workflow.count(query)).count > 0;
  return waits ? 'rows of the audit are on their way to the ledger' : null;
}

async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
