import type { SweepSpec } from '../domain/sweep.js';
import type { RunningWork, TeardownOptions } from '../domain/teardown.js';

/** What the end of a federation needs besides its orgs; on the queue of the workflows. */
export interface FederationEndActivities {
  /** The sweep of the federation that runs; null if none does. */
  runningSweep(federationId: string): Promise<string | null>;
  /** A batch or a rollout of the federation that runs; null if none does. */
  runningWork(federationId: string): Promise<RunningWork | null>;
  /** Removes every schedule of the federation; returns the ids of those that there were. */
  endSchedules(federationId: string): Promise<readonly string[]>;
  /** What the sweep is to do that deals with the users. */
  sweepOfTeardown(federationId: string, options: TeardownOptions): Promise<SweepSpec>;
}
