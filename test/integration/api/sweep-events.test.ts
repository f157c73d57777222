import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('the events of a sweep', () => {
  it('tell how far it is and end with it', async () => {
    const slow = { org: 'sp', operation: 'listGroupUsers', kind: 'slow', delayMs: 1_500, count: null };
    at.world.sandbox.faults.add(FaultRequest.parse(slow));
    const { id } = await sweeps.start({ mode: 'report' });
    const response = await fetch(eventsOf(id), { headers: bearer('viewer') });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events: { name: string; data: Record<string, unknown> }[] = [];
    for (const block of (await response.text()).split('\n\n')) {
      const found = /^event: (\w+)\ndata: (.*)$/.exec(block);
      if (found !== null) events.push({ name: found[1] ?? '', data: JSON.parse(found[2] ?? '') });
    }
    at.world.sandbox.faults.remove();
    expect(events.length).toBeGreaterThan(1);
    expect(events.map(({ name }) => name)).toEqual([...events.slice(1).map(() => 'progress'), 'end']);
    expect(events[0]?.data).toMatchObject({ state: 'running', endedAt: null });
    const end = events.at(-1)?.data;
    expect(end).toMatchObject({ state: 'done', waitingFor: null, population: 2, rate: { expectedEnd: null } });
    expect(end?.pages).toBeGreaterThanOrEqual(4);
    expect(end?.users).toBeGreaterThanOrEqual(4);
    expect(end).not.toHaveProperty('steps');
  });

  it('are not there for a sweep that nobody knows', async () => {
    const response = await fetch(eventsOf('none'), { headers: bearer('viewer') });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'O2O_SWEEP_NOT_FOUND' });
  });
});
