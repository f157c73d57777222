import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { rolloutWorkflowId } from '../../../src/workflows/messages.js';
import { WorldRollouts, whyNot } from '../../world/rollouts.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, type World, withoutPeople } from '../../world/world.js';

let world: World;
let rollouts: WorldRollouts;
let appId: string;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople({ assignments: {}, users: { pushWithinMinutes: 1 } }));
  rollouts = new WorldRollouts(world);
  appId = (await world.federations.get(federationId)).known.org2orgAppId ?? '';
});
afterAll(() => world.stop());

/** Assigned so that Okta's push fails. */
async function stuck(userId: string): Promise<void> {
  const profile = { initialStatus: 'no_such_status' };
  await world.idpAdmin.post(`/api/v1/apps/${appId}/users`, { id: userId, scope: 'USER', profile });
  await world.sandbox.idle();
}

describe('a member who leaves', () => {
  it('between the look and the write is followed: the rollout goes on, and reads back that the leaver is gone', async () => {
    const { groupId, ids } = await rollouts.group('hasty', 3);
    const slow = { org: 'sp', operation: 'assignUserToGroup', kind: 'slow', delayMs: 2_000, count: 1 };
    const fault = world.sandbox.faults.add(FaultRequest.parse(slow));
    await rollouts.start({ id: groupId });
    await expect.poll(() => fault.hits, { timeout: 60_000 }).toBe(1);
    for (const id of ids.slice(0, 2)) await rollouts.leaves(groupId, id);
    await world.sandbox.idle();
    const done = await rollouts.settled(groupId);
    expect(whyNot(done)).toEqual([]);
    expect(done.counts).toMatchObject({ members: 1, provisioned: 1, withAccess: 1, left: 2, deprovisioned: 2 });
  });

  it('and stays in the SP org is waited for by one pass only, and named', async () => {
    const { groupId, ids } = await rollouts.group('lingering', 2);
    await rollouts.start({ id: groupId });
    await rollouts.settled(groupId);
    const push = {
      org: 'sp',
      operation: 'deactivateUser',
      from: 'provisioning',
      kind: 'status',
      status: 503,
      count: null,
    };
    const fault = world.sandbox.faults.add(FaultRequest.parse(push));
    const stopped = await rollouts.person('held-back');
    await rollouts.joins(groupId, stopped);
    await stuck(stopped);
    await rollouts.start({ id: groupId });
    await rollouts.settled(groupId);
    await rollouts.leaves(groupId, ids[0] ?? '');
    await rollouts.answer(groupId, await rollouts.get(groupId), 'accept');
    await rollouts.settled(groupId, ({ leaversStillThere }) => leaversStillThere.count === 1);
    await rollouts.joins(groupId, await rollouts.person('latecomer'));
    const done = await rollouts.settled(groupId);
    world.sandbox.faults.remove(fault.id);
    expect(whyNot(done)).toEqual([]);
    expect(done).toMatchObject({ pass: 2, leaversStillThere: { count: 1, ids: [ids[0]] }, counts: { withAccess: 2 } });
    expect(await looksAtLeaversOfLastPass(groupId)).toBe(1);
  });
});

/** How often the last pass has read back who left. */
async function looksAtLeaversOfLastPass(groupId: string): Promise<number> {
  const { events } = await world.client.workflow.getHandle(rolloutWorkflowId(federationId, groupId)).fetchHistory();
  const called = (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  const lastAccess = called.lastIndexOf('giveRolloutAccess');
  return called.slice(lastAccess).filter((name) => name === 'checkRolloutLeavers').length;
}

describe('a person who is content with those who have not arrived', () => {
  it('is asked about anybody else who does not arrive', async () => {
    const { groupId, ids } = await rollouts.group('content', 2);
    const [first = ''] = ids;
    await stuck(first);
    await rollouts.start({ id: groupId });
    const asked = await rollouts.settled(groupId);
    expect(asked.explained).toMatchObject({ count: 1, issues: [{ id: first }] });

    await world.idpAdmin.post(`/api/v1/apps/${appId}/users/${first}`, {
      profile: { initialStatus: 'active_with_pass' },
    });
    await rollouts.leaves(groupId, first);
    const newcomer = await rollouts.person('content-too');
    await stuck(newcomer);
    await rollouts.joins(groupId, newcomer);
    await rollouts.answer(groupId, asked, 'accept');
    const again = await rollouts.settled(groupId, ({ endedAt, steps }) => {
      const gate = steps.find(({ gate }) => gate?.state === 'open')?.gate;
      return endedAt !== null || gate?.evidence[newcomer] !== undefined;
    });
    expect(again).toMatchObject({ state: 'gate', explained: { count: 1, issues: [{ id: newcomer }] } });

    await rollouts.answer(groupId, again, 'accept');
    const done = await rollouts.settled(groupId);
    expect(whyNot(done)).toEqual([]);
    expect(done.explained).toMatchObject({ count: 1, issues: [{ id: newcomer }] });
    expect(done.counts).toMatchObject({ members: 2, provisioned: 1, withAccess: 1 });
  });
});
