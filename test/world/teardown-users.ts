import { Org2OrgError } from '../../src/domain/errors.js';
import type { OperationStatus } from '../../src/domain/federation.js';
import type { SweepRecord } from '../../src/domain/sweep.js';
import type { AgreedOperations } from './agreed-operations.js';
import type { WorldSweeps } from './sweeps.js';

const usersSweep = ({ steps }: OperationStatus) =>
  steps.find(({ name, checks }) => name === 'users' && checks[0]?.name === 'usersSweep');

/** The sweep by which a teardown deals with the users, once it asks for approval or has ended. */
export async function askedForUsers(operations: AgreedOperations, sweeps: WorldSweeps): Promise<SweepRecord> {
  const status = await operations.settled('teardown', (each) => usersSweep(each) !== undefined);
  const id = /teardown-\w+/.exec(usersSweep(status)?.checks[0]?.statement ?? '')?.[0] ?? '';
  return sweeps.settled(id, ({ state }) => state === 'gate');
}

/** The id of the sweep by which a teardown deals with the users, once another person has approved its list. */
export async function approvedForUsers(operations: AgreedOperations, sweeps: WorldSweeps): Promise<string> {
  for (;;) {
    const { id, state, listDigest } = await askedForUsers(operations, sweeps);
    // An approval whose answer did not come in time may have been taken: then the sweep is at its gate no more.
    if (state !== 'gate') return id;
    try {
      await sweeps.decide(id, 'approve', listDigest);
      return id;
    } catch (error) {
      if (!(error instanceof Org2OrgError && error.code === 'O2O_TEMPORAL_UNAVAILABLE')) throw error;
    }
  }
}
