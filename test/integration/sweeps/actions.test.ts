import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FederatedWorld } from '../../world/federated-world.js';
import { told, WorldSweeps, wideOpen } from '../../world/sweeps.js';

const enforce = { mode: 'enforce', limits: { fuse: wideOpen } };

describe('what a sweep does to users', () => {
  let at: FederatedWorld;
  let sweeps: WorldSweeps;

  beforeAll(async () => {
    at = await FederatedWorld.start();
    sweeps = new WorldSweeps(at.world);
    for (const login of ['rests@acme.example', 'boss@acme.example', 'leaves@acme.example', 'late@acme.example']) {
      await at.newcomer(login);
      await at.users.carryOut('onboard', login);
    }
    await sweeps.carryOut({ mode: 'report' });
  });
  afterAll(() => at.stop());

  function unassigned(login: string): void {
    const { org } = at.world.sandbox.idp;
    const app = org.apps.find(({ name }) => name === 'okta_org2org');
    org.appUsers.get(app?.id ?? '')?.delete(org.userIdsByLogin.get(login) ?? '');
  }

  function idpStatus(login: string, status: 'ACTIVE' | 'SUSPENDED'): void {
    const { users, userIdsByLogin } = at.world.sandbox.idp.org;
    const user = users.get(userIdsByLogin.get(login) ?? '');
    if (user === undefined) throw new Error('no such user');
    user.status = status;
  }

  it('suspends who is suspended, gives it back with the right, and never what somebody else took', async () => {
    const login = 'rests@acme.example';
    idpStatus(login, 'SUSPENDED');
    const first = await sweeps.carryOut(enforce);
    expect(told(await sweeps.findings(first.id))).toEqual([`${login} idpUserSuspended suspend done`]);
    expect(at.held(login).sp?.status).toBe('SUSPENDED');
    expect((await sweeps.carryOut(enforce)).actions.listed).toBe(0);

    idpStatus(login, 'ACTIVE');
    const back = await sweeps.carryOut(enforce);
    expect(told(await sweeps.findings(back.id))).toEqual([`${login} entitled resume done`]);
    expect(at.held(login).sp?.status).toBe('ACTIVE');

    await at.inConsole('sp', login, { status: 'suspend' });
    expect((await sweeps.carryOut(enforce)).actions.listed).toBe(0);
    expect(at.held(login).sp?.status).toBe('SUSPENDED');
  });

  it('leaves administrators alone and says so', async () => {
    const login = 'boss@acme.example';
    unassigned(login);
    await at.inConsole('sp', login, { role: 'USER_ADMIN' });
    const sweep = await sweeps.carryOut(enforce);
    expect(told(await sweeps.findings(sweep.id))).toContain(`${login} protected none null`);
    expect(at.held(login).sp?.status).toBe('ACTIVE');
  });

  it('withdraws where the right came back between the list and the act', async () => {
    const login = 'leaves@acme.example';
    unassigned(login);
    const sweep = await sweeps.carryOut({ mode: 'enforce' });
    expect(sweep.state).toBe('gate');
    await at.inConsole('idp', login, { org2org: 'assign' });
    await sweeps.decide(sweep.id, 'approve', sweep.listDigest);
    const ended = await sweeps.settled(sweep.id);
    expect(ended).toMatchObject({ state: 'done', actions: { listed: 1, done: 0, withdrawn: 1 } });
    const [finding] = (await sweeps.findings(sweep.id)).filter((one) => one.login === login);
    expect(finding).toMatchObject({ outcome: 'withdrawn', note: expect.stringContaining('entitled now') });
    expect(at.held(login).sp?.status).toBe('ACTIVE');
  });

  it('suspends now and deactivates later, unless the right comes back by then', async () => {
    const login = 'late@acme.example';
    unassigned(login);
    const rules = { unassigned: 'suspendThenDeactivate', deactivateAfterDays: 30 };
    const sweep = await sweeps.carryOut({ ...enforce, rules });
    expect(sweep).toMatchObject({ state: 'done', actions: { done: 1, failed: 0 } });
    expect(at.held(login).sp?.status).toBe('SUSPENDED');
    const { transitions } = await at.users.get(login);
    expect(transitions.at(-1)).toMatchObject({ kind: 'offboard', state: 'planned' });
    expect((await sweeps.carryOut({ ...enforce, rules })).actions.listed).toBe(0);
  });

  it('does nothing once the list was rejected, and a cancelled sweep ends without a gate', async () => {
    unassigned('leaves@acme.example');
    const rejected = await sweeps.carryOut({ mode: 'enforce' });
    await sweeps.decide(rejected.id, 'reject', rejected.listDigest);
    expect(await sweeps.settled(rejected.id)).toMatchObject({ state: 'rejected', actions: { done: 0 } });

    const cancelled = await sweeps.carryOut({ mode: 'enforce' });
    await sweeps.order(cancelled.id, 'cancel');
    const { state, steps } = await sweeps.settled(cancelled.id);
    expect(state).toBe('cancelled');
    expect(steps.filter(({ gate }) => gate?.state === 'open')).toEqual([]);
    expect(at.held('leaves@acme.example').sp?.status).toBe('ACTIVE');
  });
});
