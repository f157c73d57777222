import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import { diagnosisWorkflowId } from '../workflows/messages.js';
import type { DiagnosisRequest } from '../workflows/user-diagnosis.js';
import { answeredWithinMs, askWorkflow } from './asked-workflow.js';
import { userKey } from './user-key.js';

/** Starts diagnoses and waits for them. */
export class Diagnoses {
  constructor(
    private readonly client: Client,
    private readonly withinMs = answeredWithinMs,
  ) {}

  /**
   * Looks afresh into both orgs why this user cannot get in.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`,
   * `O2O_DIAGNOSIS_TOO_SLOW`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  diagnose(federationId: string, login: string): Promise<UserDiagnosis> {
    return askWorkflow<DiagnosisRequest, UserDiagnosis>(this.client, {
      name: 'userDiagnosis',
      workflowId: diagnosisWorkflowId(federationId, userKey(federationId, login), randomUUID()),
      input: { federationId, login },
      kind: 'diagnosis',
      federationId,
      summary: `Why can a user of federation ${federationId} not get in?`,
      withinMs: this.withinMs,
      tooSlow: 'O2O_DIAGNOSIS_TOO_SLOW',
    });
  }
}
