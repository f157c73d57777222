import type { AgreedInput, OperationStatus } from '../domain/federation.js';
import type { PauseOptions } from '../domain/pause.js';
import { Operation } from './operation.js';
import { Stopped } from './problems.js';
import { assessAndApply, resourceStep } from './resource-step.js';
import { pendingStep } from './setup-steps.js';

const names = ['provisioningConnection', 'provisioningFeatures'] as const;

/** Ends a pause: the connection is turned on, which tests its credentials, and the features are as agreed. */
export async function federationResume(input: AgreedInput<PauseOptions>): Promise<OperationStatus> {
  const operation = new Operation(input, names.map(pendingStep));
  try {
    for (const name of names) {
      await operation.run(name, () => assessAndApply(operation, resourceStep(operation, name)));
    }
  } catch (error) {
    if (error instanceof Stopped) return operation.end('stopped');
    throw error;
  }
  return operation.end('done');
}
