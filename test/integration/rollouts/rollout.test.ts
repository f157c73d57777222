import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inConsole } from '../../../sandbox/control/console.js';
import type { RolloutRecord } from '../../../src/domain/group-rollout.js';
import { WorldRollouts, whyNot } from '../../world/rollouts.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, testUserPassword, type World, withoutPeople } from '../../world/world.js';

let world: World;
let rollouts: WorldRollouts;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople({ assignments: {} }));
  rollouts = new WorldRollouts(world);
});
afterAll(() => world.stop());

const start: WorldRollouts['start'] = (...said) => rollouts.start(...said);
const settled = (groupId: string) => rollouts.settled(groupId);
const group = (name: string, people: number) => rollouts.group(name, people);
const answer = (groupId: string, record: RolloutRecord, choice: string) => rollouts.answer(groupId, record, choice);

describe('the rollout of a group', () => {
  it('brings every member into the SP org with the target app; again it writes nothing', async () => {
    const { groupId } = await group('engineers', 12);
    await start({ name: 'engineers' });
    const first = await settled(groupId);
    expect(whyNot(first)).toEqual([]);
    expect(first.counts).toMatchObject({ members: 12, provisioned: 12, queued: 0, unassigned: 0, withAccess: 12 });
    expect(first.writes).toBe(13);

    await world.sandbox.idle();
    world.sandbox.requests.clear();
    await start({ id: groupId });
    const second = await settled(groupId);
    expect(whyNot(second)).toEqual([]);
    expect(second.writes).toBe(0);
    expect(world.writes()).toEqual([]);
  });

  it('with the same Idempotency-Key is not started again', async () => {
    const { groupId } = await group('keyed', 1);
    expect(await start({ id: groupId }, { idempotencyKey: 'k' })).toMatchObject({ started: true });
    await settled(groupId);
    expect(await start({ id: groupId }, { idempotencyKey: 'k' })).toMatchObject({ started: false });
    await expect(start({ id: groupId }, { idempotencyKey: 'k', dryRun: true })).rejects.toMatchObject({
      code: 'O2O_IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('as a dry run says what would happen and writes nothing', async () => {
    const { groupId } = await group('planned', 3);
    world.sandbox.requests.clear();
    await start({ id: groupId }, { dryRun: true });
    const planned = await settled(groupId);
    expect(whyNot(planned)).toEqual([]);
    expect(planned.counts).toMatchObject({ members: 3, unassigned: 3 });
    expect(world.writes()).toEqual([]);
  });

  it('assigns nothing while a member has a counterpart that must not be linked', async () => {
    const { groupId, ids } = await group('admins', 3);
    const spAdmin = await world.spAdmin.addUser('admins1@acme.example', testUserPassword);
    await world.spAdmin.post(`/api/v1/users/${spAdmin}/roles`, { type: 'USER_ADMIN' });
    world.sandbox.requests.clear();
    await start({ id: groupId });
    const asked = await settled(groupId);
    expect(asked).toMatchObject({ state: 'gate', neverLinked: { count: 1, ids: [ids[1]] } });
    expect(world.writes()).toEqual([]);

    await world.idpAdmin.delete(`/api/v1/groups/${groupId}/users/${ids[1]}`);
    await answer(groupId, asked, 'again');
    const done = await settled(groupId);
    expect(whyNot(done)).toEqual([]);
    expect(done.counts).toMatchObject({ members: 2, withAccess: 2 });
  });

  it('explains who does not arrive, and goes on when that was mended', async () => {
    const { groupId, ids } = await group('stuck', 2);
    const [stuckId = ''] = ids;
    const { known } = await world.federations.get(federationId);
    const appId = known.org2orgAppId ?? '';
    await world.idpAdmin.post(`/api/v1/apps/${appId}/users`, {
      id: stuckId,
      scope: 'USER',
      profile: { initialStatus: 'no_such_status' },
    });
    await world.sandbox.idle();
    await start({ id: groupId });
    const asked = await settled(groupId);
    expect(asked.state).toBe('gate');
    expect(asked.explained).toMatchObject({ count: 1, issues: [{ id: stuckId, state: 'queued' }] });

    await world.idpAdmin.post(`/api/v1/apps/${appId}/users/${stuckId}`, {
      profile: { initialStatus: 'active_with_pass' },
    });
    await inConsole(world.sandbox, { action: 'retryProvisioning', org: 'idp', appId, userId: stuckId });
    await answer(groupId, asked, 'retry');
    const done = await settled(groupId);
    expect(whyNot(done)).toEqual([]);
    expect(done.counts).toMatchObject({ members: 2, provisioned: 2, withAccess: 2 });
  });

  it('reads back that who was taken out of the group meanwhile is deactivated, and lists who never arrived', async () => {
    const { groupId, ids } = await group('leaving', 3);
    const { known } = await world.federations.get(federationId);
    const profile = { initialStatus: 'no_such_status' };
    await world.idpAdmin.post(`/api/v1/apps/${known.org2orgAppId}/users`, { id: ids[0], scope: 'USER', profile });
    await start({ id: groupId });
    const asked = await settled(groupId);
    expect(asked).toMatchObject({ state: 'gate', counts: { members: 3, provisioned: 2 } });
    await world.idpAdmin.delete(`/api/v1/groups/${groupId}/users/${ids[2]}`);
    await answer(groupId, asked, 'accept');
    const done = await settled(groupId);
    expect(whyNot(done)).toEqual([]);
    expect(done.counts).toMatchObject({ members: 2, provisioned: 1, withAccess: 1, left: 1, deprovisioned: 1 });
    expect(done.explained).toMatchObject({ count: 1, issues: [{ id: ids[0] }] });
  });

  it('follows who joins and who leaves while it stands at a gate', async () => {
    const { groupId, ids } = await group('moving', 3);
    const spAdmin = await world.spAdmin.addUser('moving2@acme.example', testUserPassword);
    await world.spAdmin.post(`/api/v1/users/${spAdmin}/roles`, { type: 'USER_ADMIN' });
    await start({ id: groupId });
    const asked = await settled(groupId);
    const joiner = await world.idpAdmin.addUser('joiner@acme.example', testUserPassword);
    await world.idpAdmin.put(`/api/v1/groups/${groupId}/users/${joiner}`);
    await world.idpAdmin.delete(`/api/v1/groups/${groupId}/users/${ids[2]}`);
    await answer(groupId, asked, 'again');
    const done = await settled(groupId);
    expect(whyNot(done)).toEqual([]);
    expect(done.counts).toMatchObject({ members: 3, provisioned: 3, withAccess: 3 });
  });

  it('of a group that is unknown or empty gets a clear answer, and nothing is assigned', async () => {
    await expect(start({ name: 'nobody has this name' })).rejects.toMatchObject({ code: 'O2O_ROLLOUT_GROUP_MISSING' });
    const { groupId } = await group('empty', 0);
    world.sandbox.requests.clear();
    await start({ id: groupId });
    expect(whyNot(await settled(groupId)).join()).toContain('has no members');
    expect(world.writes()).toEqual([]);
  });
});
