import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { FederationOrgs, KnownValues } from '../domain/assessment.js';
import type { FederationRecord } from '../domain/federation.js';
import { operationStatusQuery } from '../workflows/messages.js';
import { FederationRecords } from './federation-records.js';
import { failedPrecondition, grpcCode } from './temporal-errors.js';

/** Objects that belong to one federation at a time: the two ends of its connection. */
export type OwnedObjects = Pick<KnownValues, 'org2orgAppId' | 'identityProviderId'>;

/** Knows which federation has which Org2Org app and identity provider: the last one that was set up with them. */
export class PairOwners {
  readonly #records: FederationRecords;

  constructor(private readonly client: Client) {
    this.#records = new FederationRecords(client);
  }

  /**
   * The federation that has one of these objects, besides the one that asks; null if none has. One that was torn down has
   * nothing. A federation that was made a moment ago may be missed.
   *
   * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
   */
  async ownerOf(asking: string | null, orgs: FederationOrgs, objects: OwnedObjects): Promise<string | null> {
    const records = await this.#records.all();
    const others = records.filter(
      (record) => record.id !== asking && record.orgs.idp.url === orgs.idp.url && record.orgs.sp.url === orgs.sp.url,
    );
    for (const record of others) {
      if (has(record.known, objects) || has(await this.learning(record), objects)) return record.id;
    }
    return null;
  }

  /** What its running operation has learned so far; a plan takes nothing. */
  private async learning({ current }: FederationRecord): Promise<KnownValues> {
    if (current === null || current.kind === 'plan') return {};
    try {
      return (await this.client.workflow.getHandle(current.workflowId).query(operationStatusQuery)).known;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || grpcCode(error) === failedPrecondition) return {};
      throw error;
    }
  }
}

function has(known: KnownValues, { org2orgAppId, identityProviderId }: OwnedObjects): boolean {
  return (
    (org2orgAppId !== undefined && known.org2orgAppId === org2orgAppId) ||
    (identityProviderId !== undefined && known.identityProviderId === identityProviderId)
  );
}
