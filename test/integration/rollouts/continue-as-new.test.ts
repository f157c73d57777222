import { afterAll, beforeAll, expect, it } from 'vitest';
import { inConsole } from '../../../sandbox/control/console.js';
import { rolloutWorkflowId } from '../../../src/workflows/messages.js';
import { WorldRollouts, whyNot } from '../../world/rollouts.js';
import { ownServer, type ShortHistories, startShortHistories } from '../../world/short-histories.js';
import { federationId, withoutPeople } from '../../world/world.js';

/** So few that a rollout goes on in a new run amid each pass. */
const events = 40;

let at: ShortHistories;

beforeAll(async () => {
  if (!ownServer) return;
  at = await startShortHistories(events);
  await at.world.setUp(withoutPeople({ assignments: {} }));
});
afterAll(async () => {
  if (ownServer) await at.stop();
});

it.skipIf(!ownServer)('a rollout that continues as new amid a pass loses nobody and writes nothing twice', async () => {
  const rollouts = new WorldRollouts(at.world);
  const { idpAdmin, sandbox } = at.world;
  const { groupId, ids } = await rollouts.group('long', 6);
  const [stuck = '', leaver = ''] = ids;
  const appId = (await at.world.federations.get(federationId)).known.org2orgAppId ?? '';
  const profile = { initialStatus: 'no_such_status' };
  await idpAdmin.post(`/api/v1/apps/${appId}/users`, { id: stuck, scope: 'USER', profile });
  await sandbox.idle();
  sandbox.requests.clear();
  await rollouts.start({ id: groupId });
  const asked = await rollouts.settled(groupId);
  expect(asked.explained).toMatchObject({ count: 1, issues: [{ id: stuck }] });

  await rollouts.leaves(groupId, leaver);
  await idpAdmin.post(`/api/v1/apps/${appId}/users/${stuck}`, { profile: { initialStatus: 'active_with_pass' } });
  await inConsole(sandbox, { action: 'retryProvisioning', org: 'idp', appId, userId: stuck });
  await rollouts.answer(groupId, asked, 'retry');
  const done = await rollouts.settled(groupId, ({ endedAt }) => endedAt !== null);
  expect(whyNot(done)).toEqual([]);
  expect(done.counts).toMatchObject({ members: 5, provisioned: 5, withAccess: 5, left: 1, deprovisioned: 1 });
  expect(done.writes).toBe(6);
  const writes = at.world.writes().map(({ operation }) => operation);
  expect(writes.filter((operation) => operation === 'assignGroupToApplication')).toHaveLength(1);
  expect(writes.filter((operation) => operation === 'assignUserToGroup')).toHaveLength(5);
  expect(await at.runsOf(rolloutWorkflowId(federationId, groupId))).toBeGreaterThan(1);
});
