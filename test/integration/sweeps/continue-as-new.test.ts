import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { newNamespace } from '../../../scripts/temporal/new-namespace.js';
import { startTemporal, type TemporalServer } from '../../../scripts/temporal/start-temporal.js';
import { sweepWorkflowId } from '../../../src/workflows/messages.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../../world/sweeps.js';
import { federationId, openWorld } from '../../world/world.js';

/** A server of one's own suggests to continue as new after so few events that every step of a sweep may be cut. */
const events = 25;

const leavers = Array.from({ length: 8 }, (_, index) => `leaver-${index}@acme.example`);
const enforce = { mode: 'enforce', limits: { fuse: wideOpen, listShrink: 0.95, inFlight: 1, canary: 2 } };

const skipped = process.env.TEMPORAL_ADDRESS !== undefined;

let server: TemporalServer;
let connection: Connection;
let native: NativeConnection;
let at: FederatedWorld;
let sweeps: WorldSweeps;

beforeAll(async () => {
  if (skipped) return;
  server = await startTemporal({ settings: { 'limit.historyCount.suggestContinueAsNew': String(events) } });
  connection = await Connection.connect({ address: server.address });
  native = await NativeConnection.connect({ address: server.address });
  const client = new Client({ connection, namespace: await newNamespace(connection) });
  const world = await openWorld({ client, connection: native, workflowBundle: inject('workflowBundle') });
  await world.startWorkers();
  at = await FederatedWorld.in(world);
  sweeps = new WorldSweeps(world);
  for (const login of leavers) {
    await at.newcomer(login);
    await at.users.carryOut('onboard', login);
  }
  await sweeps.carryOut({ mode: 'report' });
  const { apps, appUsers, userIdsByLogin } = world.sandbox.idp.org;
  const assignments = appUsers.get(apps.find(({ name }) => name === 'okta_org2org')?.id ?? '');
  for (const login of leavers) assignments?.delete(userIdsByLogin.get(login) ?? '');
});
afterAll(async () => {
  if (skipped) return;
  await at.stop();
  await connection.close();
  await native.close();
  await server.stop();
});

const gone = () => leavers.filter((login) => at.held(login).sp?.status === 'DEPROVISIONED').length;

it.skipIf(skipped)(
  'a sweep that is cancelled where it would continue as new ends, and leaves the rest alone',
  async () => {
    const slow = { org: 'sp', operation: 'revokeUserSessions', kind: 'slow', delayMs: 500, count: null };
    at.world.sandbox.faults.add(FaultRequest.parse(slow));
    const { id } = await sweeps.start(enforce);
    await expect.poll(gone, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
    await sweeps.order(id, 'cancel');
    const ended = await sweeps.settled(id);
    at.world.sandbox.faults.remove();
    expect(ended.state).toBe('cancelled');
    expect(ended.actions.done).toBe(gone());
    expect(gone()).toBeLessThan(leavers.length);
  },
);

it.skipIf(skipped)('a sweep that continues as new goes on where it was, up to the end of its list', async () => {
  const left = leavers.length - gone();
  const { id } = await sweeps.start(enforce);
  const handle = at.world.client.workflow.getHandle(sweepWorkflowId(federationId, id));
  const ended = await sweeps.settled(id);
  expect(ended).toMatchObject({ state: 'done', attempt: 1, actions: { listed: left, done: left, failed: 0 } });
  expect(gone()).toBe(leavers.length);
  const { raw, runId } = await handle.describe();
  expect(raw.workflowExecutionInfo?.firstRunId).toBeTruthy();
  expect(runId).not.toBe(raw.workflowExecutionInfo?.firstRunId);
});
