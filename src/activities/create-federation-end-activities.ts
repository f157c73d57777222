import type { Client } from '@temporalio/client';
import { endSchedules } from '../commands/federation-schedules.js';
import { runningWork } from '../commands/running-work.js';
import { Sweeps } from '../commands/sweeps.js';
import { sweepOfTeardown } from '../domain/teardown.js';
import type { Ledger } from '../ledger/ledger.js';
import type { FederationEndActivities } from './federation-end-activities.js';

/** What a worker does for the end of a federation besides its orgs. */
export function createFederationEndActivities(client: Client, ledger: Ledger): FederationEndActivities {
  const sweeps = new Sweeps(client, ledger);
  return {
    runningSweep: (federationId) => sweeps.running(federationId),
    runningWork: (federationId) => runningWork(client, federationId),
    endSchedules: (federationId) => endSchedules(client, federationId),
    sweepOfTeardown: async (federationId, options) => sweepOfTeardown(federationId, options),
  };
}
