import type { AgreedInput, OperationStatus } from '../domain/federation.js';
import type { RotationOptions } from '../domain/rotation.js';
import { rotateCertificate } from './certificate-rotation.js';
import { rotateClientKey, tokenToOauth } from './connection-rotation.js';
import { Operation } from './operation.js';
import { Stopped } from './problems.js';
import { RotationOrders } from './rotation-orders.js';
import { pendingRotationSteps } from './rotation-steps.js';

/**
 * Rolls over what a federation signs or connects with, without a moment in which nobody can sign in or be provisioned.
 *
 * @returns its final status; `stopped` where a step failed or somebody took it back: then it is as it was before.
 */
export async function keyRotation(input: AgreedInput<RotationOptions>): Promise<OperationStatus> {
  const { options } = input;
  const operation = new Operation(input, pendingRotationSteps(options.what));
  const orders = new RotationOrders(operation);
  try {
    if (options.what === 'certificate') await rotateCertificate(operation, orders, options);
    else if (options.what === 'clientKey') await rotateClientKey(operation, orders);
    else await tokenToOauth(operation, orders);
  } catch (error) {
    if (error instanceof Stopped) return operation.end('stopped');
    throw error;
  }
  return operation.end('done');
}
