import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { newNamespace } from '../../scripts/temporal/new-namespace.js';
import { startTemporal } from '../../scripts/temporal/start-temporal.js';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';
import { openWorld, type World } from './world.js';

/** A Temporal server for programs outside the test run, and worlds on it. */
export interface OwnTemporal {
  /** Starts a world, with workers, in a namespace of its own. */
  startWorld(): Promise<World>;
  stop(): Promise<void>;
}

/** Starts a Temporal server and bundles the workflows as their source is now. */
export async function startOwnTemporal(): Promise<OwnTemporal> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startTemporal();
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  const workflowBundle = await bundleWorkflows();
  return {
    async startWorld() {
      const client = new Client({ connection, namespace: await newNamespace(connection) });
      const world = await openWorld({ client, connection: native, workflowBundle });
      await world.startWorkers();
      return world;
    },
    async stop() {
      await connection.close();
      await native.close();
      await server.stop();
    },
  };
}
