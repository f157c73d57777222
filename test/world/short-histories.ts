import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';
import { newNamespace } from '../../scripts/temporal/new-namespace.js';
import { startTemporal } from '../../scripts/temporal/start-temporal.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { openWorld, type World } from './world.js';

/** A server of one's own can be had: not where all tests use one that was started for them. */
export const ownServer = process.env.TEMPORAL_ADDRESS === undefined;

/** A world with workers on a server of its own. */
export interface ShortHistories {
  readonly world: World;
  /** How often the workflow has gone on in a new run. */
  runsOf(workflowId: string): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts a world on a server that suggests to continue as new after so few events.
 *
 * @param ledger an empty one, which the world closes at its end; embedded where none is given.
 */
export async function startShortHistories(events: number, ledger?: Ledger): Promise<ShortHistories> {
  const server = await startTemporal({ settings: { 'limit.historyCount.suggestContinueAsNew': String(events) } });
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  const client = new Client({ connection, namespace: await newNamespace(connection) });
  const where = { client, connection: native, workflowBundle: inject('workflowBundle') };
  const world = await openWorld(ledger === undefined ? where : { ...where, ledger });
  await world.startWorkers();
  return {
    world,
    async runsOf(workflowId) {
      let runs = 0;
      let runId: string | undefined = (await client.workflow.getHandle(workflowId).describe()).runId;
      while (runId) {
        runs += 1;
        const { events: seen } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
        runId = seen?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
      }
      return runs;
    },
    async stop() {
      await world.stop();
      await connection.close();
      await native.close();
      await server.stop();
    },
  };
}
