import type { Client } from '@temporalio/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { SweepSchedules } from '../../../src/commands/sweep-schedules.js';
import { SweepSpec } from '../../../src/domain/sweep.js';
import { sweepScheduleId, workflowTaskQueue } from '../../../src/workflows/messages.js';
import { newNamespace, temporalClient } from '../../setup/temporal.js';

const spec = SweepSpec.parse({ mode: 'enforce', limits: { fuse: { users: 7 } }, reason: 'nightly' });

let client: Client;

beforeAll(async () => {
  client = await temporalClient(await newNamespace());
});

function schedule(federationId: string, args: unknown[]) {
  return client.schedule.create({
    scheduleId: sweepScheduleId(federationId),
    spec: { calendars: [{ hour: 3 }] },
    action: { type: 'startWorkflow', workflowType: 'deactivationSweep', taskQueue: workflowTaskQueue, args },
  });
}

describe('what a federation lets looks after events do', () => {
  it('is the specification of its sweep schedule', async () => {
    const actor = { name: 'jane', roles: ['operator'] };
    await schedule('acme', [{ federationId: 'acme', spec, trigger: 'schedule', actor, carried: null }]);
    expect(await new SweepSchedules(client).specInForce('acme')).toEqual(spec);
  });

  it('is nothing while the schedule is paused', async () => {
    const handle = await schedule('paused', [{ spec }]);
    await handle.pause();
    expect(await new SweepSchedules(client).specInForce('paused')).toBeNull();
    await handle.unpause();
    expect(await new SweepSchedules(client).specInForce('paused')).toEqual(spec);
  });

  it('is nothing without a schedule, and where what stands in it is not understood', async () => {
    await schedule('strange', [{ spec: { mode: 'everything' } }]);
    expect(await new SweepSchedules(client).specInForce('strange')).toBeNull();
    expect(await new SweepSchedules(client).specInForce('unscheduled')).toBeNull();
  });
});
