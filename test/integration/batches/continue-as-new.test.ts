import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { batchRowsWorkflowId, batchWorkflowId } from '../../../src/workflows/messages.js';
import { startApi } from '../../api/api.js';
import { BatchCaller, logins, ndjson } from '../../world/batches.js';
import { ownServer, type ShortHistories, startShortHistories } from '../../world/short-histories.js';
import { WorldUsers } from '../../world/users.js';
import { federationId, testUserPassword, withoutPeople } from '../../world/world.js';

/** So few that a batch of ten rows, and what holds them, go on in new runs several times. */
const events = 40;

let at: ShortHistories;
let caller: BatchCaller;

beforeAll(async () => {
  if (!ownServer) return;
  at = await startShortHistories(events);
  await at.world.setUp(withoutPeople());
});
afterAll(async () => {
  if (ownServer) await at.stop();
});
beforeEach(async () => {
  caller = new BatchCaller(await startApi(at.world.client));
});

async function people(name: string, count: number): Promise<string[]> {
  const made = logins(`${name}-${randomUUID().slice(0, 8)}`, count);
  for (const login of made) await at.world.idpAdmin.addUser(login, testUserPassword);
  return made;
}

const file = (people: readonly string[]) => ndjson(people.map((login) => ({ login })));

/** How often a user was assigned to the Org2Org app. */
function assignments(): number {
  const writes = at.world.sandbox.requestsTo('idp', { write: true });
  return writes.filter(({ operation }) => operation === 'assignUserToApplication').length;
}

it.skipIf(!ownServer)('a batch whose workflows continue as new carries out every row once', async () => {
  const all = await people('long', 10);
  at.world.sandbox.requests.clear();
  const batch = await caller.start(file(all), { query: { inFlight: '2' } });
  const ended = await caller.settled(batch);
  expect(ended).toMatchObject({ state: 'done', rows: 10, changed: 10, counts: { done: 10, pending: 0, running: 0 } });
  expect(assignments()).toBe(10);

  const users = new WorldUsers(at.world);
  for (const row of await caller.rows(ended)) {
    expect(row).toMatchObject({ state: 'done', number: 1, problem: null });
    expect((await users.get(row.login ?? '')).transitions).toHaveLength(1);
  }
  expect(await at.runsOf(batchWorkflowId(federationId, batch.id))).toBeGreaterThan(1);
  expect(await at.runsOf(batchRowsWorkflowId(federationId, batch.id, 0))).toBeGreaterThan(1);
});

it.skipIf(!ownServer)('a batch that is paused and cancelled in a later run obeys, and forgets no row', async () => {
  const all = await people('ordered', 24);
  const slow = { org: 'idp', operation: 'assignUserToApplication', kind: 'slow', delayMs: 300, count: null };
  const fault = at.world.sandbox.faults.add(FaultRequest.parse(slow));
  const batch = await caller.start(file(all), { query: { inFlight: '2' } });
  const runs = () => at.runsOf(batchRowsWorkflowId(federationId, batch.id, 0));
  await expect.poll(runs, { timeout: 60_000, interval: 50 }).toBeGreaterThan(1);
  await caller.order(batch, 'pause');
  const paused = await caller.settled(batch, ({ counts }) => counts.running === 0);
  expect(paused.counts.pending).toBeGreaterThan(0);

  await caller.order(batch, 'resume');
  await caller.settled(batch, ({ counts }) => counts.done > paused.counts.done);
  await caller.order(batch, 'cancel');
  const ended = await caller.settled(batch);
  at.world.sandbox.faults.remove(fault.id);
  const { done, cancelled } = ended.counts;
  expect(ended.state).toBe('cancelled');
  expect(done + cancelled).toBe(24);
  const held = await Promise.all(all.map((login) => at.world.spAdmin.get(`/api/v1/users/${login}`).catch(() => null)));
  expect(held.filter((user) => user !== null)).toHaveLength(done);
});
