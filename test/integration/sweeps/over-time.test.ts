import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import type { SweepRecord } from '../../../src/domain/sweep.js';
import { timeSkippingEnvironment } from '../../setup/time-skipping.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../../world/sweeps.js';
import { SweptPeople } from '../../world/swept-people.js';
import { openWorld } from '../../world/world.js';

let environment: TestWorkflowEnvironment;
let at: FederatedWorld;
let people: SweptPeople;
let sweeps: WorldSweeps;

beforeAll(async () => {
  environment = await timeSkippingEnvironment();
  const { client, nativeConnection: connection } = environment;
  const world = await openWorld({ client, connection, workflowBundle: inject('workflowBundle') });
  await world.startWorkers();
  at = await FederatedWorld.in(world);
  people = await SweptPeople.of(at.world);
  sweeps = new WorldSweeps(world);
  expect(await sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done' });
});
afterAll(async () => {
  await at.stop();
  await environment.teardown();
});

const rules = { idpUserSuspended: 'suspendThenDeactivate', unassigned: 'report', deactivateAfterDays: 30 };
const enforce = { mode: 'enforce', rules, limits: { fuse: wideOpen, listShrink: 0.95 } };

const spStatus = (login: string) => at.held(login).sp?.status;

/** A sweep that suspends the person and promises to deactivate later. */
async function suspendedNow(login: string): Promise<void> {
  expect(await sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { listed: 1, done: 1 } });
  expect(spStatus(login)).toBe('SUSPENDED');
}

describe('a suspension with a promise to deactivate in thirty days', () => {
  it('is followed by the deactivation at its time, and not before', async () => {
    const login = await people.someone('goes', 'idpUserSuspended');
    await suspendedNow(login);
    await environment.sleep('29 days');
    expect(spStatus(login)).toBe('SUSPENDED');
    await environment.sleep('2 days');
    const promised = (await at.users.get(login)).transitions.at(-1)?.number ?? 0;
    expect(await at.users.settled(login, promised)).toMatchObject({ kind: 'offboard', state: 'done' });
    expect(spStatus(login)).toBe('DEPROVISIONED');
  });

  it('ends without a deactivation if the right has come back by then', async () => {
    const login = await people.someone('stays', 'idpUserSuspended');
    await suspendedNow(login);
    people.idpStatus(login, 'ACTIVE');
    await environment.sleep('31 days');
    const promised = (await at.users.get(login)).transitions.at(-1)?.number ?? 0;
    const ended = await at.users.settled(login, promised, ({ state }) => state === 'withdrawn');
    expect(ended).toMatchObject({ kind: 'offboard', state: 'withdrawn' });
    expect(spStatus(login)).toBe('SUSPENDED');
    await sweeps.carryOut(enforce);
    expect(spStatus(login)).toBe('ACTIVE');
  });

  it('is withdrawn by the sweep that gives the right back: who leaves again has thirty days again', async () => {
    const login = await people.someone('leaves-twice', 'idpUserSuspended');
    await suspendedNow(login);
    await environment.sleep('10 days');
    people.idpStatus(login, 'ACTIVE');
    await sweeps.carryOut(enforce);
    expect(spStatus(login)).toBe('ACTIVE');
    await environment.sleep('10 days');
    people.idpStatus(login, 'SUSPENDED');
    await suspendedNow(login);
    await environment.sleep('29 days');
    expect(spStatus(login)).toBe('SUSPENDED');
    await environment.sleep('2 days');
    await expect.poll(() => spStatus(login), { timeout: 60_000 }).toBe('DEPROVISIONED');
  });
});

describe('a sweep of which two lists cannot be read', () => {
  it('reads the others, and tells that it waits until the last of the two can be read again', async () => {
    const { faults } = at.world.sandbox;
    const broken = (operation: string) =>
      faults.add(FaultRequest.parse({ org: 'sp', operation, kind: 'status', status: 503, count: null }));
    const linked = broken('listIdentityProviderApplicationUsers');
    const members = broken('listGroupUsers');
    const { id } = await sweeps.start({ mode: 'report' });
    const hasRead = ({ lists }: SweepRecord, list: string) => lists.some((read) => read.list === list && read.ended);
    const later = async (settles: (record: SweepRecord) => boolean) => {
      for (;;) {
        const record = await sweeps.get(id);
        if (record.endedAt !== null || settles(record)) return record;
        await environment.sleep('10 seconds');
      }
    };
    await later(
      (record) => record.state === 'waiting' && hasRead(record, 'administrators') && hasRead(record, 'assignments'),
    );
    await later(() => linked.hits >= 14 && members.hits >= 14);
    faults.remove(members.id);
    const halfMended = await later((record) => hasRead(record, 'accessGroupMembers'));
    expect(halfMended).toMatchObject({ state: 'waiting', waitingFor: expect.stringContaining('503') });
    faults.remove(linked.id);
    expect(await later(({ state }) => state === 'done')).toMatchObject({ state: 'done', waitingFor: null });
  });
});

describe('a sweep that is paused for days while it reads', () => {
  it('reads again what it had read before, and judges by that alone', async () => {
    const login = await people.someone('back-meanwhile', 'unassigned');
    const { faults } = at.world.sandbox;
    const slow = faults.add(
      FaultRequest.parse({ org: 'sp', operation: 'listUsersWithRoleAssignments', kind: 'slow', delayMs: 2_000 }),
    );
    const { id } = await sweeps.start({ ...enforce, rules: { unassigned: 'deactivate' } });
    await expect.poll(() => slow.hits, { timeout: 30_000 }).toBe(1);
    await sweeps.order(id, 'pause');
    await sweeps.settled(id, ({ state, waitingFor }) => state === 'paused' && waitingFor !== null);
    await environment.sleep('3 days');
    expect(await sweeps.get(id)).toMatchObject({ state: 'paused', attempt: 1 });
    await people.assign(login);
    await sweeps.order(id, 'resume');
    const ended = await sweeps.settled(id);
    expect(ended).toMatchObject({ state: 'done', attempt: 2, actions: { listed: 0 } });
    expect(spStatus(login)).toBe('ACTIVE');
  });
});

describe('a sweep that is paused for days while it acts', () => {
  const acting = {
    mode: 'enforce',
    limits: { fuse: { ...wideOpen, users: 1 }, listShrink: 0.95, canary: 1, inFlight: 1 },
  };

  it('looks at everybody afresh once it is resumed: nobody is taken by what it has seen before', async () => {
    const name = randomUUID().slice(0, 8);
    const logins: string[] = [];
    for (const each of ['one', 'two', 'three', 'four']) {
      logins.push(await people.someone(`${each}-${name}`, 'unassigned'));
    }
    const { id, listDigest } = await sweeps.carryOut(acting);
    const slow = at.world.sandbox.faults.add(
      FaultRequest.parse({ org: 'sp', operation: 'deactivateUser', kind: 'slow', delayMs: 2_000 }),
    );
    await sweeps.decide(id, 'approve', listDigest);
    await expect.poll(() => slow.hits, { timeout: 30_000 }).toBe(1);
    await sweeps.order(id, 'pause');
    const paused = await sweeps.settled(id, ({ state, waitingFor }) => state === 'paused' && waitingFor !== null);
    expect(paused).toMatchObject({ state: 'paused', actions: { listed: 4, done: 1, pending: 3 } });

    await environment.sleep('5 days');
    expect(await sweeps.get(id)).toMatchObject({ state: 'paused', actions: { done: 1, pending: 3 } });
    const left = logins.filter((login) => spStatus(login) === 'ACTIVE');
    expect(left).toHaveLength(3);
    const [returned = '', administrator = '', leaver = ''] = left;
    await people.assign(returned);
    await at.inConsole('sp', administrator, { role: 'USER_ADMIN' });
    const before = at.everybodyBut(leaver);

    at.world.sandbox.requests.clear();
    await sweeps.order(id, 'resume');
    const ended = await sweeps.settled(id);
    expect(ended).toMatchObject({ state: 'done', attempt: 1, actions: { done: 2, withdrawn: 2, failed: 0 } });
    expect(left.map(spStatus)).toEqual(['ACTIVE', 'ACTIVE', 'DEPROVISIONED']);
    expect(at.everybodyBut(leaver)).toEqual(before);
    for (const [org, operation] of [
      ['idp', 'getUser'],
      ['sp', 'listAssignedRolesForUser'],
    ] as const) {
      const looks = at.world.sandbox.requestsTo(org).filter((request) => request.operation === operation);
      expect(looks.length).toBeGreaterThanOrEqual(left.length);
    }
    await at.withoutRoles(administrator);
    await people.assign(administrator);
  });
});

describe('an approval', () => {
  const asking = { mode: 'enforce', limits: { fuse: { ...wideOpen, share: 0.01 }, listShrink: 0.95 } };

  async function asked(name: string): Promise<SweepRecord & { readonly login: string }> {
    const login = await people.someone(name, 'unassigned');
    const sweep = await sweeps.carryOut(asking);
    expect(sweep.state).toBe('gate');
    return { ...sweep, login };
  }

  it('is waited for until it expires; then nothing is done, and it comes too late', async () => {
    const { id, listDigest, login } = await asked('unapproved');
    await environment.sleep('71 hours');
    expect(await sweeps.get(id)).toMatchObject({ state: 'gate' });
    await environment.sleep('2 hours');
    const ended = await sweeps.settled(id);
    expect(ended).toMatchObject({ state: 'rejected', actions: { done: 0, pending: 1 } });
    expect(ended.steps.find(({ name }) => name === 'fuse')).toMatchObject({
      gate: { state: 'expired' },
      problem: { code: 'O2O_SWEEP_APPROVAL_EXPIRED' },
    });
    await expect(sweeps.decide(id, 'approve', listDigest)).rejects.toMatchObject({
      problem: { code: 'O2O_SWEEP_APPROVAL_EXPIRED' },
    });
    expect(spStatus(login)).toBe('ACTIVE');
    people.idpStatus(login, 'DEPROVISIONED');
    await sweeps.carryOut({ ...asking, limits: enforce.limits });
  });
});
