import type { AgreedInput, OperationStatus } from '../domain/federation.js';
import type { PauseOptions } from '../domain/pause.js';
import { Operation } from './operation.js';
import { connectionOff, pendingConnectionOff } from './pause-steps.js';
import { Stopped } from './problems.js';

/** Pauses a federation: the connection is turned off, never the app, which would take assignments away. */
export async function federationPause(input: AgreedInput<PauseOptions>): Promise<OperationStatus> {
  const operation = new Operation(input, [pendingConnectionOff('Pause')]);
  try {
    await connectionOff(operation);
  } catch (error) {
    if (error instanceof Stopped) return operation.end('stopped');
    throw error;
  }
  return operation.end('done');
}
