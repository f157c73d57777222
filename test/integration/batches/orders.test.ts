import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { BatchAnswerSchema } from '../../../src/api/schemas/batch.js';
import { bearer, startApi } from '../../api/api.js';
import { BatchCaller, logins, ndjson } from '../../world/batches.js';
import { startWorld } from '../../world/start-world.js';
import { problemsOf, WorldUsers } from '../../world/users.js';
import { testUserPassword, type World, withoutPeople } from '../../world/world.js';

let world: World;
let app: FastifyInstance;
let caller: BatchCaller;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople());
});
afterAll(() => world.stop());
beforeEach(async () => {
  app = await startApi(world.client);
  caller = new BatchCaller(app);
});
afterEach(() => world.sandbox.faults.remove());

/** New people, also when a test gets one more try. */
async function people(name: string, count: number): Promise<string[]> {
  const made = logins(`${name}-${randomUUID().slice(0, 8)}`, count);
  for (const login of made) await world.idpAdmin.addUser(login, testUserPassword);
  return made;
}

const file = (people: readonly string[]) => ndjson(people.map((login) => ({ login })));

/** Makes every assignment take this long. */
function slowDown(delayMs: number): void {
  const operation = 'assignUserToApplication';
  world.sandbox.faults.add(FaultRequest.parse({ org: 'idp', operation, kind: 'slow', delayMs, count: null }));
}

describe('a running batch', () => {
  it('has as many users in flight as it may, and never more', async () => {
    slowDown(300);
    const batch = await caller.start(file(await people('flying', 9)), { query: { inFlight: '3' } });
    let most = 0;
    const ended = await caller.settled(batch, ({ counts, endedAt }) => {
      const assigning = world.sandbox
        .requestsTo('idp', { write: true })
        .filter(({ operation, status }) => operation === 'assignUserToApplication' && status === null);
      most = Math.max(most, assigning.length);
      expect(counts.running).toBeLessThanOrEqual(3);
      return endedAt !== null;
    });
    expect(ended).toMatchObject({ state: 'done', counts: { done: 9 } });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe('a paused batch', () => {
  it('begins no more rows until it is resumed, then carries out all of them', async () => {
    const batch = await caller.start(file(await people('paused', 12)), { query: { inFlight: '2' } });
    await caller.settled(batch, ({ counts }) => counts.done >= 1);
    const answer = await caller.order(batch, 'pause');
    expect(answer.json()).toMatchObject({ state: 'paused', orderedBy: 'operator@tests' });
    expect((await caller.order(batch, 'pause')).statusCode).toBe(200);

    const paused = await caller.settled(batch, ({ counts }) => counts.running === 0);
    expect(paused.state).toBe('paused');
    expect(paused.counts.pending).toBeGreaterThan(0);
    expect(paused.waitsFor).toContain('someone who resumes it; paused by operator@tests');

    expect((await caller.order(batch, 'resume')).json()).toMatchObject({ state: 'running' });
    expect(await caller.settled(batch)).toMatchObject({ state: 'done', counts: { done: 12 }, changed: 12 });
  });
});

describe('a cancelled batch', () => {
  it('begins no more rows, lets those under way end, and takes no further orders', async () => {
    const all = await people('cancelled', 12);
    const batch = await caller.start(file(all), { query: { inFlight: '2' } });
    await caller.settled(batch, ({ counts }) => counts.done >= 1);
    expect((await caller.order(batch, 'cancel')).json()).toMatchObject({ state: 'cancelled' });

    const ended = await caller.settled(batch);
    expect(ended.state).toBe('cancelled');
    expect(ended.counts.cancelled).toBeGreaterThan(0);
    expect(ended.counts).toMatchObject({ pending: 0, running: 0 });
    const rows = await caller.rows(ended);
    expect(rows.filter(({ state }) => state === 'cancelled').every(({ number }) => number === null)).toBe(true);
    for (const order of ['pause', 'resume', 'cancel'] as const) {
      expect((await caller.order(ended, order)).json()).toMatchObject({ status: 409, code: 'O2O_BATCH_STATE' });
    }
  });

  it('may be cancelled while it is paused', async () => {
    const batch = await caller.start(file(await people('undecided', 8)), { query: { inFlight: '1' } });
    await caller.order(batch, 'pause');
    await caller.order(batch, 'cancel');
    expect(await caller.settled(batch)).toMatchObject({ state: 'cancelled' });
  });
});

describe('a batch whose worker is stopped in the middle', () => {
  it('goes on with the next worker and carries out each row once', async () => {
    const all = await people('survivor', 10);
    world.sandbox.requests.clear();
    const batch = await caller.start(file(all), { query: { inFlight: '3' } });
    await caller.settled(batch, ({ counts }) => counts.done >= 1);
    await world.stopWorkers();
    await world.startWorkers();
    expect(await caller.settled(batch)).toMatchObject({ state: 'done', counts: { done: 10 }, changed: 10 });
    const assigned = world.writes().filter(({ operation }) => operation === 'assignUserToApplication');
    expect(assigned).toHaveLength(all.length);
    const rows = await caller.rows(batch);
    expect(rows.map(({ number }) => number)).toEqual(all.map(() => 1));
  }, 420_000);
});

describe('a single user', () => {
  it('who comes after a batch of 200 with 50 in flight is onboarded before it has ended', async () => {
    const [single = '', ...many] = await people('busy', 201);
    slowDown(300);
    const batch = await caller.start(file(many), { query: { inFlight: '50' } });
    await caller.settled(batch, ({ counts }) => counts.running > 0);
    const arrived = await new WorldUsers(world).carryOut('onboard', single);
    expect(problemsOf(arrived)).toEqual([]);
    const { counts } = BatchAnswerSchema.parse((await caller.get(batch.links.self)).json());
    expect(counts.pending + counts.running).toBeGreaterThan(0);
    await caller.order(batch, 'cancel');
    expect((await caller.settled(batch)).state).toBe('cancelled');
  });
});

describe('the events of a batch', () => {
  it('tell its progress as it comes and end with it', async () => {
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const followed = await people('followed', 6);
    slowDown(500);
    const batch = await caller.start(file(followed), { query: { inFlight: '2' } });
    const response = await fetch(address + batch.links.events, { headers: bearer('viewer') });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events: { event: string; data: unknown }[] = [];
    let text = '';
    for await (const part of response.body ?? []) text += Buffer.from(part).toString();
    for (const block of text.split('\n\n')) {
      const found = /^event: (\w+)\ndata: (.*)$/.exec(block);
      if (found !== null) events.push({ event: found[1] ?? '', data: JSON.parse(found[2] ?? '') });
    }
    expect(events.map(({ event }) => event)).toEqual([...events.slice(1).map(() => 'progress'), 'end']);
    expect(events.length).toBeGreaterThan(1);
    expect(BatchAnswerSchema.parse(events.at(-1)?.data)).toMatchObject({ state: 'done', counts: { done: 6 } });
  });
});
