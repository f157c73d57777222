import { afterEach, describe, expect, it } from 'vitest';
import type { Org } from '../../../sandbox/core/org.js';
import type { OperationStatus } from '../../../src/domain/federation.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { objectCounts } from '../../world/object-counts.js';
import { problems } from '../../world/problems.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { federationId, withoutPeople } from '../../world/world.js';

let at: FederatedWorld;

afterEach(() => at.stop());

/** A federation with a local user of the SP org in the access group and an IdP user without the app besides its own. */
async function start(): Promise<AgreedOperations> {
  at = await FederatedWorld.start();
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

/** The id of the sweep that deals with the users, once it asks for approval. */
async function approved(operations: AgreedOperations, sweeps: WorldSweeps): Promise<string> {
  const status = await operations.settled('teardown', ({ steps }) =>
    steps.some(({ checks }) => checks[0]?.name === 'usersSweep'),
  );
  const id =
    /teardown-\w+/.exec(status.steps.find(({ name }) => name === 'users')?.checks[0]?.statement ?? '')?.[0] ?? '';
  const { listDigest } = await sweeps.settled(id, ({ state }) => state === 'gate');
  await sweeps.decide(id, 'approve', listDigest);
  return id;
}

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
    const operations = await start();
    const { world } = at;
    const sweeps = new WorldSweeps(world);
    await operations.start('teardown', { users: 'deactivate', why: 'the contract has ended' });
    const id = await approved(operations, sweeps);
    const status = await operations.settled('teardown');
    expect(stops(status)).toEqual([]);
    await world.sandbox.idle();
    expect(statuses(world.sandbox.sp.org)).toMatchObject({
      'ada@acme.example': 'DEPROVISIONED',
      'grace@acme.example': 'DEPROVISIONED',
      'local@partner.example': 'ACTIVE',
      'admin@sp.example': 'ACTIVE',
    });
    expect(new Set(Object.values(statuses(world.sandbox.idp.org)))).toEqual(new Set(['ACTIVE']));
    expect(at.countOf('ada@acme.example')).toEqual({ idp: 1, sp: 1 });
    expect((await sweeps.get(id)).actions).toMatchObject({ listed: 2, done: 2 });
  });

  it('goes on with the same command after the list was rejected; suspended users keep their groups', async () => {
    const operations = await start();
    const { world } = at;
    const sweeps = new WorldSweeps(world);
    const options = { users: 'suspend', why: 'the contract rests' };
    await operations.start('teardown', options);
    const running = await operations.settled('teardown', ({ steps }) =>
      steps.some(({ checks }) => checks[0]?.name === 'usersSweep'),
    );
    const id =
      /teardown-\w+/.exec(running.steps.find(({ name }) => name === 'users')?.checks[0]?.statement ?? '')?.[0] ?? '';
    const { listDigest } = await sweeps.settled(id, ({ state }) => state === 'gate');
    await sweeps.decide(id, 'reject', listDigest);
    expect(stops(await operations.settled('teardown'))).toEqual(['users: O2O_TEARDOWN_USERS']);
    expect((await world.federations.get(federationId)).state).toBe('ending');
    expect(statuses(world.sandbox.sp.org)).toMatchObject({ 'ada@acme.example': 'ACTIVE' });
    await operations.start('teardown', options);
    await approved(operations, sweeps);
    expect(stops(await operations.settled('teardown', ({ outcome }) => outcome === 'done'))).toEqual([]);
    expect(statuses(world.sandbox.sp.org)).toMatchObject({
      'ada@acme.example': 'SUSPENDED',
      'grace@acme.example': 'SUSPENDED',
      'local@partner.example': 'ACTIVE',
    });
    expect(at.held('ada@acme.example')).toMatchObject({ inAccessGroup: true });
  });

  it('waits for a sweep: it does not begin its work while one runs', async () => {
    const operations = await start();
    const sweeps = new WorldSweeps(at.world);
    await at.newcomer('leaver@acme.example');
    await at.users.carryOut('onboard', 'leaver@acme.example');
    const { org } = at.world.sandbox.idp;
    const app = org.apps.find(({ name }) => name === 'okta_org2org')?.id ?? '';
    org.appUsers.get(app)?.delete(org.userIdsByLogin.get('leaver@acme.example') ?? '');
    const { id } = await sweeps.carryOut({ mode: 'enforce' });
    at.world.sandbox.requests.clear();
    const options = { users: 'keep', why: 'the contract has ended' };
    expect(stops(await operations.carryOut('teardown', options))).toEqual(['otherWork: O2O_SWEEP_RUNNING']);
    expect(at.world.writes()).toEqual([]);
    await sweeps.order(id, 'cancel');
    await sweeps.settled(id);
    expect(stops(await operations.carryOut('teardown', options))).toEqual([]);
  });
});
