import { randomUUID } from 'node:crypto';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import {
  diagnosisWorkflowId,
  federationAttribute,
  kindAttribute,
  priorities,
  workflowTaskQueue,
} from '../workflows/messages.js';
import type { userDiagnosis } from '../workflows/user-diagnosis.js';
import { grpcCode, temporalError } from './temporal-errors.js';
import { userKey } from './user-key.js';

/** How long Temporal may take to start a diagnosis, in milliseconds. */
const startWithinMs = 3_000;

/** How long a diagnosis may take, in milliseconds. */
const diagnosedWithinMs = 25_000;

/** gRPC code of a call that had no answer by its deadline: number of the gRPC standard. */
const deadlineExceeded = 4;

/** Starts diagnoses and waits for them. */
export class Diagnoses {
  constructor(
    private readonly client: Client,
    private readonly withinMs = diagnosedWithinMs,
  ) {}

  /**
   * Looks afresh into both orgs why this user cannot get in.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`,
   * `O2O_DIAGNOSIS_TOO_SLOW`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async diagnose(federationId: string, login: string): Promise<UserDiagnosis> {
    const deadline = Date.now() + this.withinMs;
    try {
      const handle = await this.client.withDeadline(Date.now() + startWithinMs, () => this.start(federationId, login));
      return await this.client
        .withDeadline(deadline, () => handle.result())
        .catch((error) => {
          throw isTooSlow(error) ? new Org2OrgError('O2O_DIAGNOSIS_TOO_SLOW') : error;
        });
    } catch (error) {
      throw temporalError(error);
    }
  }

  private start(federationId: string, login: string) {
    return this.client.workflow.start<typeof userDiagnosis>('userDiagnosis', {
      workflowId: diagnosisWorkflowId(federationId, userKey(federationId, login), randomUUID()),
      taskQueue: workflowTaskQueue,
      args: [{ federationId, login }],
      typedSearchAttributes: [
        { key: federationAttribute, value: federationId },
        { key: kindAttribute, value: 'diagnosis' },
      ],
      staticSummary: `Why can a user of federation ${federationId} not get in?`,
      workflowExecutionTimeout: this.withinMs,
      priority: { priorityKey: priorities.interactive },
    });
  }
}

function isTooSlow(error: unknown): boolean {
  if (error instanceof WorkflowFailedError) return error.cause instanceof TimeoutFailure;
  return grpcCode(error) === deadlineExceeded;
}
