import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { startTemporal, type TemporalServer } from '../../scripts/temporal/start-temporal.js';
import { FederatedWorld } from '../world/federated-world.js';
import { newLedger } from '../world/new-ledger.js';
import { WorldSweeps, wideOpen } from '../world/sweeps.js';
import { SweptPeople } from '../world/swept-people.js';
import { openWorld } from '../world/world.js';

const why = process.env.TEMPORAL_ADDRESS === undefined ? null : 'the server is not ours to be killed';

describe.skipIf(why !== null)(`a Temporal server that dies under a sweep${why === null ? '' : `: ${why}`}`, () => {
  let directory: string;
  let server: TemporalServer;
  let connection: Connection;
  let workers: NativeConnection;
  let at: FederatedWorld;
  let people: SweptPeople;
  let sweeps: WorldSweeps;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'org2org-temporal-'));
    server = await startTemporal({ database: join(directory, 'temporal.db') });
    const { address } = server;
    connection = await Connection.connect({ address });
    workers = await NativeConnection.connect({ address });
    const world = await openWorld({
      client: new Client({ connection, namespace: server.namespace }),
      connection: workers,
      workflowBundle: inject('workflowBundle'),
      ledger: await newLedger(),
    });
    await world.startWorkers();
    at = await FederatedWorld.in(world);
    people = await SweptPeople.of(world);
    sweeps = new WorldSweeps(world);
  });
  afterAll(async () => {
    await at?.stop();
    await connection?.close();
    await workers?.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Kills the server on the spot and starts another one at the same address with what it has left. */
  async function die(): Promise<void> {
    const port = Number(server.address.split(':').at(-1));
    await server.stop();
    server = await startTemporal({ database: join(directory, 'temporal.db'), port });
  }

  /** The server dies while an org takes its time over an answer to the sweep. */
  async function dieAt(operation: string): Promise<() => Promise<void>> {
    const { faults } = at.world.sandbox;
    const slow = faults.add(FaultRequest.parse({ org: 'sp', operation, kind: 'slow', delayMs: 3_000 }));
    return async () => {
      await expect.poll(() => slow.hits, { timeout: 60_000 }).toBe(1);
      await die();
      faults.remove(slow.id);
    };
  }

  it('while it reads, at its gate and while it acts, costs time only', async () => {
    const name = randomUUID().slice(0, 8);
    const stays = await people.someone(`stays-${name}`, 'entitled');
    const leaves = [await people.someone(`a-${name}`, 'unassigned'), await people.someone(`b-${name}`, 'unassigned')];
    expect(await sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done' });
    const others = at.everybodyBut(...leaves);

    const reading = await dieAt('listUsersWithRoleAssignments');
    const limits = { fuse: { ...wideOpen, users: 1 }, listShrink: 0.95 };
    const { id } = await sweeps.start({ mode: 'enforce', limits });
    await reading();
    const { state, listDigest } = await sweeps.settled(id, (sweep) => sweep.state === 'gate');
    expect(state).toBe('gate');
    await die();
    expect(await sweeps.get(id)).toMatchObject({ state: 'gate', attempt: 1, actions: { listed: 2 } });

    const acting = await dieAt('revokeUserSessions');
    await sweeps.decide(id, 'approve', listDigest);
    await acting();
    expect(await sweeps.settled(id)).toMatchObject({
      state: 'done',
      attempt: 1,
      actions: { listed: 2, done: 2, failed: 0, notDone: 0 },
    });
    expect(leaves.map((login) => at.held(login).sp?.status)).toEqual(['DEPROVISIONED', 'DEPROVISIONED']);
    expect(at.held(stays).sp?.status).toBe('ACTIVE');
    expect(at.everybodyBut(...leaves)).toEqual(others);
    expect(await sweeps.carryOut({ mode: 'enforce', limits })).toMatchObject({ state: 'done', actions: { listed: 0 } });
  });
});
