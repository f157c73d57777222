import { proxyActivities } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { ExportedSpec } from '../domain/exported-spec.js';
import type { FindFederation } from '../domain/found-federation.js';
import { foundSides } from './federation-adoption.js';
import { endedBy } from './problems.js';

const { concludeExport } = proxyActivities<Pick<FederationActivities, 'concludeExport'>>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

/** The specification of a federation as both orgs hold it now. Writes nothing. */
export async function federationExport(input: FindFederation): Promise<ExportedSpec> {
  const [idp, sp] = await foundSides(input);
  return concludeExport(input, idp, sp).catch((error: unknown) => {
    throw endedBy(error, 'org2org');
  });
}
