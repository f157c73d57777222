import { sleep } from '@temporalio/workflow';
import type { OperationInput, OperationStatus } from '../../src/domain/federation.js';
import { federationSetup as unaltered } from '../../src/workflows/federation-setup.js';

export { federation } from '../../src/workflows/federation.js';

/** The setup with a wait that no setup on record has had. */
export async function federationSetup(input: OperationInput): Promise<OperationStatus> {
  const status = await unaltered(input);
  await sleep(1_000);
  return status;
}
