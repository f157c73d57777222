import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SweepSpec } from '../../../src/domain/sweep.js';
import { sweepScheduleId, workflowTaskQueue } from '../../../src/workflows/messages.js';
import { type RegisteredHook, registerHook } from '../../world/event-hook.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { federationId, operator } from '../../world/world.js';

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
});
