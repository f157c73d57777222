import { randomUUID } from 'node:crypto';
import { type Client, isGrpcDeadlineError, WorkflowFailedError } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import { diagnosisWorkflowId, federationAttribute, kindAttribute, workflowTaskQueue } from '../workflows/messages.js';
import type { userDiagnosis } from '../workflows/user-diagnosis.js';
import { temporalError } from './temporal-errors.js';
import { userKey } from './user-key.js';
import { priorities } from './users.js';

/** How long a diagnosis may take, in milliseconds. */
const deadlineMs = 25_000;

/** Starts diagnoses and waits for them. */
export class Diagnoses {
  constructor(private readonly client: Client) {}

  /**
   * Looks afresh into both orgs why this user cannot get in.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`,
   * `O2O_DIAGNOSIS_TOO_SLOW`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async diagnose(federationId: string, login: string): Promise<UserDiagnosis> {
    let started = false;
    try {
      return await this.client.withDeadline(Date.now() + deadlineMs, async () => {
        const handle = await this.client.workflow.start<typeof userDiagnosis>('userDiagnosis', {
          workflowId: diagnosisWorkflowId(federationId, userKey(federationId, login), randomUUID()),
          taskQueue: workflowTaskQueue,
          args: [{ federationId, login }],
          typedSearchAttributes: [
            { key: federationAttribute, value: federationId },
            { key: kindAttribute, value: 'diagnosis' },
          ],
          staticSummary: `Why can a user of federation ${federationId} not get in?`,
          workflowExecutionTimeout: deadlineMs,
          priority: { priorityKey: priorities.interactive },
        });
        started = true;
        return handle.result();
      });
    } catch (error) {
      throw started && isTooSlow(error)
        ? new Org2OrgError('O2O_DIAGNOSIS_TOO_SLOW', {}, { cause: error })
        : temporalError(error);
    }
  }
}

function isTooSlow(error: unknown): boolean {
  return isGrpcDeadlineError(error) || (error instanceof WorkflowFailedError && error.cause instanceof TimeoutFailure);
}
