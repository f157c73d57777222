import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Preflight } from '../domain/preflight.js';
import type { PreflightInput } from '../domain/preflight-facts.js';
import { preflightWorkflowId } from '../workflows/messages.js';
import { answeredWithinMs, askWorkflow } from './asked-workflow.js';

/** Starts preflights and waits for them. */
export class Preflights {
  constructor(private readonly client: Client) {}

  /**
   * Whether these two orgs can be federated so. Writes nothing in either.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_LOOK_TOO_SLOW`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  preflight(input: PreflightInput): Promise<Preflight> {
    const { idp, sp } = input.orgs;
    return askWorkflow<PreflightInput, Preflight>(this.client, {
      name: 'federationPreflight',
      workflowId: preflightWorkflowId(idp.name, sp.name, randomUUID()),
      input,
      kind: 'preflight',
      federationId: null,
      summary: `Can ${idp.name} and ${sp.name} be federated?`,
      withinMs: answeredWithinMs,
      tooSlow: 'O2O_LOOK_TOO_SLOW',
    });
  }
}
