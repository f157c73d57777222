import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { buildApi } from '../../../src/api/app.js';
import { apiTokens, bearer } from '../../api/api.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { federationId } from '../../world/world.js';

let at: FederatedWorld;
let sweeps: WorldSweeps;
let app: FastifyInstance;
let address: string;

beforeAll(async () => {
  at = await FederatedWorld.start();
  sweeps = new WorldSweeps(at.world);
  const { client: temporal, ledger } = at.world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
  address = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await app.close();
  await at.stop();
});

const eventsOf = (id: string) => `${address}/v1/federations/${federationId}/sweeps/${id}/events`;

type Event = { readonly name: string; readonly data: Record<string, unknown> };

/** Follows a sweep to its end. */
async function follow(id: string): Promise<readonly Event[]> {
  const response = await fetch(eventsOf(id), { headers: bearer('viewer') });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  return (await response.text()).split('\n\n').flatMap((block) => {
    const found = /^event: (\w+)\ndata: (.*)$/.exec(block);
    return found === null ? [] : [{ name: found[1] ?? '', data: JSON.parse(found[2] ?? '') }];
  });
}

/** A sweep of which one list is slow. */
async function slowed(operation: string): Promise<readonly Event[]> {
  const slow = { org: 'sp', operation, kind: 'slow', delayMs: 1_500, count: null };
  const { id: fault } = at.world.sandbox.faults.add(FaultRequest.parse(slow));
  try {
    return await follow((await sweeps.start({ mode: 'report' })).id);
  } finally {
    at.world.sandbox.faults.remove(fault);
  }
}

describe('the events of a sweep', () => {
  it('tell how far it is and end with it', async () => {
    const events = await slowed('listGroupUsers');
    expect(events.length).toBeGreaterThan(1);
    expect(events.map(({ name }) => name)).toEqual([...events.slice(1).map(() => 'progress'), 'end']);
    expect(events[0]?.data).toMatchObject({ state: 'running', endedAt: null });
    const end = events.at(-1)?.data;
    expect(end).toMatchObject({ state: 'done', waitingFor: null, population: 2, rate: { expectedEnd: null } });
    expect(end?.pages).toBeGreaterThanOrEqual(4);
    expect(end?.users).toBeGreaterThanOrEqual(4);
    expect(end).not.toHaveProperty('steps');
  });

  it('tell when reading will have ended, once a sweep before has shown how much there is to read', async () => {
    const { state, endedAt } = await sweeps.carryOut({ mode: 'report' });
    expect(state).toBe('done');
    const Reading = z.object({
      lists: z.array(z.unknown()).min(1),
      pages: z.int().min(1),
      users: z.int().min(1),
      rate: z.object({ usersPerSecond: z.number().positive(), expectedEnd: z.iso.datetime() }),
    });
    const reading = (await slowed('listUsersWithRoleAssignments')).flatMap(({ name, data }) => {
      const found = Reading.safeParse(data);
      return name === 'progress' && found.success ? [found.data] : [];
    });
    expect(reading.length).toBeGreaterThan(0);
    for (const { rate } of reading) expect(Date.parse(rate.expectedEnd)).toBeGreaterThan(Date.parse(endedAt ?? ''));
  });

  it('are not there for a sweep that nobody knows', async () => {
    const response = await fetch(eventsOf('none'), { headers: bearer('viewer') });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'O2O_SWEEP_NOT_FOUND' });
  });
});
