import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps } from '../../world/sweeps.js';

describe('a sweep that loses something on its way', () => {
  let at: FederatedWorld;
  let sweeps: WorldSweeps;

  beforeAll(async () => {
    at = await FederatedWorld.start();
    sweeps = new WorldSweeps(at.world);
    for (const login of ['one@acme.example', 'two@acme.example']) {
      await at.newcomer(login);
      await at.users.carryOut('onboard', login);
      const { org } = at.world.sandbox.idp;
      const app = org.apps.find(({ name }) => name === 'okta_org2org');
      org.appUsers.get(app?.id ?? '')?.delete(org.userIdsByLogin.get(login) ?? '');
    }
  });
  afterAll(() => at.stop());

  it('reads again and asks anew if it was the ledger: an approval counts for no other list', async () => {
    const sweep = await sweeps.carryOut({ mode: 'enforce' });
    expect(sweep).toMatchObject({ state: 'gate', attempt: 1, actions: { listed: 2 } });
    for (const table of ['findings', 'sweeps', 'sweep_entries', 'sweep_pages'] as const) {
      await at.world.ledger.ask((database) => database.deleteFrom(table).execute());
    }
    await sweeps.decide(sweep.id, 'approve', sweep.listDigest);
    const again = await sweeps.settled(sweep.id, ({ attempt, state }) => attempt === 2 && state === 'gate');
    expect(again).toMatchObject({ state: 'gate', actions: { listed: 2, done: 0 } });
    expect(at.held('one@acme.example').sp?.status).toBe('ACTIVE');
    await sweeps.decide(sweep.id, 'reject', again.listDigest);
    expect(await sweeps.settled(sweep.id)).toMatchObject({ state: 'rejected' });
  });

  it('goes on with the next worker if it was the worker, and stays paused until it is resumed', async () => {
    const sweep = await sweeps.carryOut({ mode: 'enforce' });
    await sweeps.order(sweep.id, 'pause');
    await at.world.stopWorkers();
    await at.world.startWorkers();
    await sweeps.decide(sweep.id, 'approve', sweep.listDigest);
    const paused = await sweeps.settled(sweep.id, ({ state }) => state === 'paused');
    expect(paused).toMatchObject({ state: 'paused', actions: { done: 0 } });
    await sweeps.order(sweep.id, 'resume');
    expect(await sweeps.settled(sweep.id)).toMatchObject({ state: 'done', actions: { done: 2, failed: 0 } });
    expect(at.held('one@acme.example').sp?.status).toBe('DEPROVISIONED');
    expect(at.held('two@acme.example').sp?.status).toBe('DEPROVISIONED');
  });

  it('does not begin while another one of the same federation runs', async () => {
    const login = 'three@acme.example';
    await at.newcomer(login);
    await at.users.carryOut('onboard', login);
    const { org } = at.world.sandbox.idp;
    const app = org.apps.find(({ name }) => name === 'okta_org2org');
    org.appUsers.get(app?.id ?? '')?.delete(org.userIdsByLogin.get(login) ?? '');
    const first = await sweeps.carryOut({ mode: 'enforce' });
    expect(first.state).toBe('gate');
    const second = await sweeps.carryOut({ mode: 'report' });
    expect(second.state).toBe('stopped');
    expect(second.steps.find(({ problem }) => problem !== null)?.problem?.code).toBe('O2O_SWEEP_RUNNING');
    await at.world.client.workflow.getHandle(`sweep/acme-to-partner/${first.id}`).terminate('ended from outside');
    expect((await sweeps.carryOut({ mode: 'report' })).state).toBe('done');
  });
});
