import { inject } from 'vitest';
import type { SandboxOptions } from '../../sandbox/sandbox.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { nativeConnection, newNamespace, temporalClient } from '../setup/temporal.js';
import { newLedger } from './new-ledger.js';
import { checkEvents, checkExchange } from './openapi-check.js';
import { openWorld, type World } from './world.js';

/**
 * A world without workers, in a namespace of its own on the Temporal server of the test run.
 *
 * @param ledger an empty one, which the world closes at its end; one that no other world uses where none is given.
 */
export async function startWorldWithoutWorkers(options: SandboxOptions = {}, ledger?: Ledger): Promise<World> {
  const client = await temporalClient(await newNamespace());
  const connection = await nativeConnection();
  const world = await openWorld(
    { client, connection, workflowBundle: inject('workflowBundle'), ledger: ledger ?? (await newLedger()) },
    { ...options, onExchange: checkExchange },
  );
  checkEvents(world.sandbox.idp.org);
  checkEvents(world.sandbox.sp.org);
  return world;
}

/** A world with workers in this process. */
export async function startWorld(options: SandboxOptions = {}, ledger?: Ledger): Promise<World> {
  const world = await startWorldWithoutWorkers(options, ledger);
  await world.startWorkers();
  return world;
}
