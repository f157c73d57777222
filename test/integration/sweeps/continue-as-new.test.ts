import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { sweepWorkflowId } from '../../../src/workflows/messages.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { newLedger } from '../../world/new-ledger.js';
import { ownServer, type ShortHistories, startShortHistories } from '../../world/short-histories.js';
import { WorldSweeps, wideOpen } from '../../world/sweeps.js';
import { federationId } from '../../world/world.js';

/** A server of one's own suggests to continue as new after so few events that every step of a sweep may be cut. */
const events = 25;

const leavers = Array.from({ length: 8 }, (_, index) => `leaver-${index}@acme.example`);
const enforce = { mode: 'enforce', limits: { fuse: wideOpen, listShrink: 0.95, inFlight: 1, canary: 2 } };

let short: ShortHistories;
let at: FederatedWorld;
let sweeps: WorldSweeps;

beforeAll(async () => {
  if (!ownServer) return;
  short = await startShortHistories(events, await newLedger());
  const { world } = short;
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
  if (ownServer) await short.stop();
});

const gone = () => leavers.filter((login) => at.held(login).sp?.status === 'DEPROVISIONED').length;

it.runIf(ownServer)(
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

it.runIf(ownServer)('a sweep that continues as new goes on where it was, up to the end of its list', async () => {
  const left = leavers.length - gone();
  const { id } = await sweeps.start(enforce);
  const ended = await sweeps.settled(id);
  expect(ended).toMatchObject({ state: 'done', attempt: 1, actions: { listed: left, done: left, failed: 0 } });
  expect(gone()).toBe(leavers.length);
  expect(await short.runsOf(sweepWorkflowId(federationId, id))).toBeGreaterThan(1);
});
