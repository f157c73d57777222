import { afterEach, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import type { Org } from '../../../sandbox/core/org.js';
import { OperationSchedules } from '../../../src/commands/operation-schedules.js';
import type { OperationStatus } from '../../../src/domain/federation.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { objectCounts } from '../../world/object-counts.js';
import { problems } from '../../world/problems.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { SweptPeople } from '../../world/swept-people.js';
import { approvedForUsers, askedForUsers } from '../../world/teardown-users.js';
import { federationId, operator, withoutPeople } from '../../world/world.js';

let at: FederatedWorld;

afterEach(() => at.stop());

/** A federation with a local user of the SP org in the access group and an IdP user without the app besides its own. */
async function start(overrides: Record<string, unknown> = {}): Promise<AgreedOperations> {
  at = await FederatedWorld.start(overrides);
  const { spAdmin, sandbox } = at.world;
  const local = await spAdmin.addUser('local@partner.example', 'Planted-Secret-4711');
  const group = sandbox.sp.org.groups.find(({ profile }) => profile.name === 'Federated from acme')?.id ?? '';
  await spAdmin.put(`/api/v1/groups/${group}/users/${local}`);
  await sandbox.idle();
  return new AgreedOperations(at.world);
}

const statuses = (org: Org) =>
  Object.fromEntries(org.users.filter(() => true).map(({ profile, status }) => [String(profile.login), status]));

const leftovers = ({ steps }: OperationStatus) =>
  steps.find(({ name }) => name === 'leftovers')?.checks.map(({ name }) => name);

describe('a federation that is torn down', () => {
  it('keeps every user as it is, leaves what others need, tells so, and can be set up anew', async () => {
    const operations = await start();
    const { world } = at;
    const before = [statuses(world.sandbox.idp.org), statuses(world.sandbox.sp.org)];
    const status = await operations.carryOut('teardown', { users: 'keep', why: 'the contract has ended' });
    expect(stops(status)).toEqual([]);
    await world.sandbox.idle();
    expect([statuses(world.sandbox.idp.org), statuses(world.sandbox.sp.org)]).toEqual(before);
    expect(await objectCounts(world)).toMatchObject({
      org2orgApps: 0,
      identityProviders: 0,
      trustedCertificates: 0,
      serviceClients: 0,
      accessGroups: 1,
      targetApps: 1,
    });
    expect(leftovers(status)).toEqual(['accessGroup', 'targetApp', 'assignedGroup']);
    expect((await world.federations.get(federationId)).state).toBe('ended');
    await expect(operations.start('teardown', { users: 'keep', why: 'again' })).rejects.toMatchObject({
      code: 'O2O_OPERATION_STATE',
    });
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('deactivates all of its users and nobody else, once another person has approved the list', async () => {
    const operations = await start({ users: { exempt: ['exempt@acme.example'] } });
    const { world } = at;
    const people = await SweptPeople.of(world);
    const situations = ['suspendedByHand', 'unassigned', 'duplicate', 'foreign'] as const;
    for (const situation of situations) await people.someone(situation.toLowerCase(), situation);
    for (const name of ['exempt', 'administrator']) await people.someone(name, 'entitled');
    await at.inConsole('sp', 'administrator@acme.example', { role: 'HELP_DESK_ADMIN' });
    const before = statuses(world.sandbox.sp.org);
    expect(before).toMatchObject({ 'suspendedbyhand@acme.example': 'SUSPENDED' });
    const sweeps = new WorldSweeps(world);
    await operations.start('teardown', { users: 'deactivate', why: 'the contract has ended' });
    const id = await approvedForUsers(operations, sweeps);
    const status = await operations.settled('teardown');
    expect(stops(status)).toEqual([]);
    await world.sandbox.idle();
    const itsOwn = ['ada', 'grace', 'suspendedbyhand', 'first-duplicate'].map((name) => `${name}@acme.example`);
    expect(statuses(world.sandbox.sp.org)).toEqual({
      ...before,
      ...Object.fromEntries(itsOwn.map((login) => [login, 'DEPROVISIONED'])),
    });
    expect(Object.entries(before).filter(([login]) => !itsOwn.includes(login))).toEqual(
      expect.arrayContaining([
        ['exempt@acme.example', 'ACTIVE'],
        ['administrator@acme.example', 'ACTIVE'],
        ['duplicate@acme.example', 'ACTIVE'],
        ['unassigned@acme.example', 'ACTIVE'],
        ['foreign@acme.example', 'ACTIVE'],
        ['local@partner.example', 'ACTIVE'],
        ['admin@sp.example', 'ACTIVE'],
      ]),
    );
    expect(new Set(Object.values(statuses(world.sandbox.idp.org)))).toEqual(new Set(['ACTIVE']));
    expect(at.countOf('ada@acme.example')).toEqual({ idp: 1, sp: 1 });
    expect((await sweeps.get(id)).actions).toMatchObject({ listed: 4, done: 4 });
    expect(status.steps.find(({ name }) => name === 'users')?.checks[0]?.detail).toContain(
      '2 protected, left alone; 1 unmanaged, left alone; 1 duplicate, left alone; 1 in the access group only, left alone',
    );
    expect((await world.federations.get(federationId)).state).toBe('ended');
  });

  it('asks another person although its users are few among many and a complete sweep went before', async () => {
    const operations = await start();
    const { world } = at;
    const people = await SweptPeople.of(world);
    for (let nth = 1; nth <= 60; nth += 1) await people.someone(`local-${nth}`, 'unmanaged');
    await people.someone('entitled', 'entitled');
    const sweeps = new WorldSweeps(world);
    const report = await sweeps.carryOut({ mode: 'report' });
    expect([report.state, report.reasons]).toEqual(['done', []]);
    const before = statuses(world.sandbox.sp.org);
    world.sandbox.requests.clear();
    await operations.start('teardown', { users: 'deactivate', why: 'the contract has ended' });
    const { id, state, reasons, listDigest, actions } = await askedForUsers(operations, sweeps);
    expect([state, reasons, actions.listed]).toEqual([
      'gate',
      ['the federation ends: all of its 3 users would be acted on'],
      3,
    ]);
    expect(statuses(world.sandbox.sp.org)).toEqual(before);
    await expect(sweeps.decide(id, 'approve', listDigest, operator)).rejects.toMatchObject({
      code: 'O2O_SWEEP_OWN_APPROVAL',
    });
    await sweeps.decide(id, 'approve', listDigest);
    expect(stops(await operations.settled('teardown'))).toEqual([]);
    expect(statuses(world.sandbox.sp.org)).toMatchObject({ 'entitled@acme.example': 'DEPROVISIONED' });
  });

  it('goes on with the same command after the list was rejected; suspended users keep their groups', async () => {
    const operations = await start();
    const { world } = at;
    const sweeps = new WorldSweeps(world);
    const options = { users: 'suspend', why: 'the contract rests' };
    await operations.start('teardown', options);
    const { id, listDigest } = await askedForUsers(operations, sweeps);
    await sweeps.decide(id, 'reject', listDigest);
    expect(stops(await operations.settled('teardown'))).toEqual(['users: O2O_TEARDOWN_USERS']);
    expect((await world.federations.get(federationId)).state).toBe('ending');
    expect(statuses(world.sandbox.sp.org)).toMatchObject({ 'ada@acme.example': 'ACTIVE' });
    await operations.start('teardown', options);
    await approvedForUsers(operations, sweeps);
    expect(stops(await operations.settled('teardown', ({ outcome }) => outcome === 'done'))).toEqual([]);
    expect(statuses(world.sandbox.sp.org)).toMatchObject({
      'ada@acme.example': 'SUSPENDED',
      'grace@acme.example': 'SUSPENDED',
      'local@partner.example': 'ACTIVE',
    });
    expect(at.held('ada@acme.example')).toMatchObject({ inAccessGroup: true });
  });

  it('does not begin while a sweep runs: nothing is ended, and the federation is as it was', async () => {
    const operations = await start();
    const { world } = at;
    const sweeps = new WorldSweeps(world);
    const schedules = new OperationSchedules(world.client, 'drift');
    const schedule = { cron: '0 0 1 1 *', timeZone: 'UTC', paused: false, options: { policy: 'report', ignore: [] } };
    await schedules.put(federationId, schedule, operator);
    await (await SweptPeople.of(world)).someone('leaver', 'unassigned');
    const { id } = await sweeps.carryOut({ mode: 'enforce' });
    const options = { users: 'keep', why: 'the contract has ended' };
    const refused = async () => {
      world.sandbox.requests.clear();
      const stopped = stops(await operations.carryOut('teardown', options));
      const { state } = await world.federations.get(federationId);
      return { stopped, state, writes: world.writes(), cron: (await schedules.get(federationId)).cron };
    };
    const asBefore = { stopped: ['otherWork: O2O_SWEEP_RUNNING'], writes: [], cron: schedule.cron };
    expect(await refused()).toEqual({ ...asBefore, state: 'ready' });
    expect(stops(await operations.carryOut('pause', { why: 'the contract rests' }))).toEqual([]);
    expect(await refused()).toEqual({ ...asBefore, state: 'paused' });
    await sweeps.order(id, 'cancel');
    await sweeps.settled(id);
    expect(stops(await operations.carryOut('teardown', options))).toEqual([]);
    expect((await world.federations.get(federationId)).state).toBe('ended');
    await expect(schedules.get(federationId)).rejects.toMatchObject({ code: 'O2O_SCHEDULE_NOT_FOUND' });
  });

  it('stays on its way to the end where Okta refuses a removal; the same command goes on once that is mended', async () => {
    const operations = await start();
    const { world } = at;
    const options = { users: 'keep', why: 'the contract has ended' };
    const fault = { org: 'sp', operation: 'deleteIdentityProvider', kind: 'status', status: 403, count: null };
    world.sandbox.faults.add(FaultRequest.parse({ ...fault, errorCode: 'E0000006' }));
    expect(stops(await operations.carryOut('teardown', options))).toEqual([
      'identityProviderRemoval: O2O_OKTA_PERMISSION_MISSING',
    ]);
    expect((await world.federations.get(federationId)).state).toBe('ending');
    expect(await objectCounts(world)).toMatchObject({ org2orgApps: 0, identityProviders: 1, trustedCertificates: 1 });
    world.sandbox.faults.remove();
    await operations.start('teardown', options);
    expect(stops(await operations.settled('teardown', ({ outcome }) => outcome === 'done'))).toEqual([]);
    expect((await world.federations.get(federationId)).state).toBe('ended');
    expect(await objectCounts(world)).toMatchObject({ org2orgApps: 0, identityProviders: 0, trustedCertificates: 0 });
  });
});
