import { afterAll, beforeAll, expect, it } from 'vitest';
import { userKey } from '../../../src/commands/user-key.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import { startApi } from '../../api/api.js';
import { BatchCaller } from '../../world/batches.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { enforce } from '../../world/swept-federation.js';
import { SweptPeople } from '../../world/swept-people.js';
import { federationId } from '../../world/world.js';

let at: FederatedWorld;
let caller: BatchCaller;

beforeAll(async () => {
  at = await FederatedWorld.start();
});
afterAll(() => at.stop());

/** Priorities of the activities that the latest run of a user's workflow has called in the orgs. */
async function priorities(login: string): Promise<readonly (number | null | undefined)[]> {
  const workflowId = userWorkflowId(federationId, userKey(federationId, login));
  const { events } = await at.world.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.taskQueue?.name?.startsWith('okta/') ? [scheduled.priority?.priorityKey] : [],
  );
}

it('is that of who asks: a single user goes before batches and sweeps also where those have begun', async () => {
  caller = new BatchCaller(await startApi(at.world.client));
  const nextMonth = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString();
  const listed = 'listed@acme.example';
  await at.newcomer(listed);
  const row = (kind: string, when: string) => `login,transition,at\n${listed},${kind},${when}\n`;
  await caller.settled(await caller.start(row('onboard', ''), { csv: true }));
  expect(new Set(await priorities(listed))).toEqual(new Set([4]));
  await caller.settled(await caller.start(row('offboard', nextMonth), { csv: true }));
  await at.users.carryOut('suspend', listed);
  expect(new Set(await priorities(listed))).toEqual(new Set([2]));

  const people = await SweptPeople.of(at.world);
  const suspendedLater = await people.someone('promised', 'idpUserSuspended');
  const rules = { idpUserSuspended: 'suspendThenDeactivate' };
  const sweeps = new WorldSweeps(at.world);
  expect(await sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done' });
  expect(await sweeps.carryOut({ ...enforce, rules })).toMatchObject({ state: 'done', actions: { done: 1 } });
  people.idpStatus(suspendedLater, 'ACTIVE');
  await at.users.carryOut('resume', suspendedLater);
  expect(new Set(await priorities(suspendedLater))).toEqual(new Set([2]));
});
