import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Adoption } from '../domain/adoption.js';
import type { ExportedSpec } from '../domain/exported-spec.js';
import type { FindFederation } from '../domain/found-federation.js';
import { adoptionWorkflowId, exportWorkflowId } from '../workflows/messages.js';
import { answeredWithinMs, askWorkflow } from './asked-workflow.js';

/** Asks what is federated in both orgs, whoever has done it. Nothing here writes in either. */
export class FoundFederations {
  constructor(private readonly client: Client) {}

  /**
   * The pairs of Org2Org app and identity provider between two orgs, each with the specification that describes it.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_LOOK_TOO_SLOW`, `O2O_TEMPORAL_UNAVAILABLE`, and what keeps an org from
   * being read
   */
  pairs(input: Omit<FindFederation, 'known'>): Promise<Adoption> {
    const { idp, sp } = input.orgs;
    return askWorkflow<FindFederation, Adoption>(this.client, {
      name: 'federationAdoption',
      workflowId: adoptionWorkflowId(idp.name, sp.name, randomUUID()),
      input: { ...input, known: {} },
      kind: 'adoption',
      federationId: null,
      summary: `What is federated between ${idp.name} and ${sp.name}?`,
      withinMs: answeredWithinMs,
      tooSlow: 'O2O_LOOK_TOO_SLOW',
    });
  }

  /**
   * The specification of a federation as both orgs hold it.
   *
   * @throws Org2OrgError | WorkflowRefusal as `pairs`, and `O2O_OKTA_NOT_FOUND` if one of the two ends is gone
   */
  spec(federationId: string, input: FindFederation): Promise<ExportedSpec> {
    return askWorkflow<FindFederation, ExportedSpec>(this.client, {
      name: 'federationExport',
      workflowId: exportWorkflowId(federationId, randomUUID()),
      input,
      kind: 'export',
      federationId,
      summary: `How do both orgs hold the federation ${federationId}?`,
      withinMs: answeredWithinMs,
      tooSlow: 'O2O_LOOK_TOO_SLOW',
    });
  }
}
