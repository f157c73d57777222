import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FederatedWorld } from '../../world/federated-world.js';
import { approver, told, WorldSweeps, wideOpen } from '../../world/sweeps.js';
import { operator } from '../../world/world.js';

const leaver = 'leaver@acme.example';
const stays = 'stays@acme.example';

describe('a sweep', () => {
  let at: FederatedWorld;
  let sweeps: WorldSweeps;

  beforeAll(async () => {
    at = await FederatedWorld.start();
    sweeps = new WorldSweeps(at.world);
    for (const login of [leaver, stays]) {
      await at.newcomer(login);
      await at.users.carryOut('onboard', login);
    }
  });
  afterAll(() => at.stop());

  /** Takes the assignment away without the deactivation that Okta's push would bring. */
  async function leftBehind(login: string): Promise<void> {
    const { org } = at.world.sandbox.idp;
    const app = org.apps.find(({ name }) => name === 'okta_org2org');
    const user = org.userIdsByLogin.get(login);
    org.appUsers.get(app?.id ?? '')?.delete(user ?? '');
  }

  it('finds nobody where everybody is entitled, and writes nothing', async () => {
    at.world.sandbox.requests.clear();
    const sweep = await sweeps.carryOut({ mode: 'report' });
    expect(sweep.steps.flatMap(({ problem }) => problem ?? [])).toEqual([]);
    expect(sweep).toMatchObject({ state: 'done', population: 4, source: 4, findings: { entitled: 4 } });
    expect(at.world.writes()).toEqual([]);
    expect(await sweeps.findings(sweep.id)).toEqual([]);
  });

  it('reports who was left behind, and leaves the user alone in the mode report', async () => {
    await leftBehind(leaver);
    const sweep = await sweeps.carryOut({ mode: 'report' });
    expect(told(await sweeps.findings(sweep.id))).toEqual([`${leaver} unassigned deactivate pending`]);
    expect(at.held(leaver).sp?.status).toBe('ACTIVE');
  });

  it('waits for another person where the fuse has blown, and takes no other list', async () => {
    const sweep = await sweeps.carryOut({ mode: 'enforce' });
    expect(sweep.state).toBe('gate');
    expect(sweep.reasons.join()).toContain('1 of 4 users');
    const decide = (digest: string | null, actor = approver) => sweeps.decide(sweep.id, 'approve', digest, actor);
    const own = { name: operator.name, roles: ['approver'] as const };
    await expect(decide(sweep.listDigest, own)).rejects.toMatchObject({ problem: { code: 'O2O_SWEEP_OWN_APPROVAL' } });
    await expect(decide('sha256:other')).rejects.toMatchObject({ problem: { code: 'O2O_SWEEP_OTHER_LIST' } });
    const colleague = { name: 'colleague', roles: ['operator'] as const };
    await expect(decide(sweep.listDigest, colleague)).rejects.toMatchObject({
      problem: { code: 'O2O_GATE_FORBIDDEN' },
    });
    expect(at.held(leaver).sp?.status).toBe('ACTIVE');

    await decide(sweep.listDigest);
    const ended = await sweeps.settled(sweep.id);
    expect(ended).toMatchObject({ state: 'done', actions: { listed: 1, done: 1, failed: 0 } });
    expect(at.held(leaver)).toMatchObject({ sp: { status: 'DEPROVISIONED' }, targetApp: false });
    expect(at.held(stays).sp?.status).toBe('ACTIVE');
    await expect(decide(sweep.listDigest)).rejects.toMatchObject({ problem: { code: 'O2O_SWEEP_STATE' } });
    const { transitions } = await at.users.get(leaver);
    expect(transitions.at(-1)?.proof?.statements.every(({ result }) => result === 'passed')).toBe(true);
  });

  it('changes nothing when it is carried out again', async () => {
    at.world.sandbox.requests.clear();
    const sweep = await sweeps.carryOut({ mode: 'enforce', limits: { fuse: wideOpen } });
    expect(sweep).toMatchObject({ state: 'done', population: 3, actions: { listed: 0 } });
    expect(at.world.writes()).toEqual([]);
  });
});
