import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sweeps } from '../../../src/commands/sweeps.js';
import { SweepSpec } from '../../../src/domain/sweep.js';
import { sweepScheduleId, workflowTaskQueue } from '../../../src/workflows/messages.js';
import { type RegisteredHook, registerHook } from '../../world/event-hook.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../../world/sweeps.js';
import { federationId, operator, type World } from '../../world/world.js';

const leaver = 'grace@acme.example';
const colleague = 'ada@acme.example';

let federated: FederatedWorld;
let hook: RegisteredHook;

beforeAll(async () => {
  federated = await FederatedWorld.start();
  hook = await registerHook(federated.world);
  await hook.verify();
});
afterAll(async () => {
  await hook.stop();
  await federated.stop();
});

/** Lets sweeps act; the schedule itself comes at no time of the test. */
async function schedule(): Promise<void> {
  const spec = SweepSpec.parse({ mode: 'enforce' });
  await federated.world.client.schedule.create({
    scheduleId: sweepScheduleId(federationId),
    spec: { calendars: [{ year: 2099 }] },
    action: {
      type: 'startWorkflow',
      workflowType: 'deactivationSweep',
      taskQueue: workflowTaskQueue,
      args: [{ federationId, spec, trigger: 'schedule', actor: operator, carried: null }],
    },
  });
}

async function connection(write: 'activate' | 'deactivate'): Promise<void> {
  const { idpAdmin, sandbox } = federated.world;
  const app = sandbox.idp.org.apps.find(({ name }) => name === 'okta_org2org');
  await idpAdmin.post(`/api/v1/apps/${app?.id}/connections/default/lifecycle/${write}`);
}

/** The sweeps that the ledger knows. */
async function sweepsOf({ client, ledger }: World): Promise<readonly string[]> {
  const all = await new Sweeps(client, ledger).list(federationId, null, 100);
  return all.map(({ id }) => id).sort();
}

describe('a user whose deactivation was never pushed', () => {
  it('is deactivated in the SP org by the event alone, and nobody else is touched', async () => {
    await schedule();
    expect(federated.held(leaver).sp?.status).toBe('ACTIVE');
    await connection('deactivate');
    await federated.inConsole('idp', leaver, { status: 'deactivate' });
    await connection('activate');
    await federated.world.sandbox.idle();
    const before = federated.everybodyBut(leaver);
    await expect.poll(() => federated.held(leaver).sp?.status, { timeout: 120_000 }).toBe('DEPROVISIONED');
    expect(federated.everybodyBut(leaver)).toEqual(before);
    expect(federated.held(colleague).sp?.status).toBe('ACTIVE');
  });

  it('is found by the next sweep where the event was lost, too', async () => {
    const { world } = federated;
    const login = `lost-${randomUUID().slice(0, 8)}@acme.example`;
    await federated.newcomer(login);
    await federated.users.carryOut('onboard', login);
    const sweeps = new WorldSweeps(world);
    expect(await sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done' });
    const begun = await sweepsOf(world);

    const { faults } = world.sandbox.idp.eventHooks;
    faults.lose = 100;
    await connection('deactivate');
    await federated.inConsole('idp', login, { status: 'deactivate' });
    await connection('activate');
    await world.sandbox.idle();
    expect(faults.lose).toBeLessThan(100);
    faults.lose = 0;
    expect(await sweepsOf(world)).toEqual(begun);
    expect(federated.held(login).sp?.status).toBe('ACTIVE');

    const before = federated.everybodyBut(login);
    const sweep = await sweeps.carryOut({ mode: 'enforce', limits: { fuse: wideOpen } });
    expect(sweep).toMatchObject({ state: 'done', actions: { listed: 1, done: 1 } });
    expect(federated.held(login).sp?.status).toBe('DEPROVISIONED');
    expect(federated.everybodyBut(login)).toEqual(before);
  });
});
