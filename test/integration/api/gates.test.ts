import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/domain/gate.js';
import { bearer, startApi } from '../../api/api.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, type World } from '../../world/world.js';

let world: World;
let app: FastifyInstance;

beforeEach(async () => {
  world = await startWorld();
  await world.send('setup');
  await world.settled(({ gates }) => gates.length > 0);
  await world.completeTargetAppConsole();
});

afterEach(() => world.stop());

const done = { choice: 'done', why: 'entered in the console' };

async function answer(payload: object, { role = 'operator', key }: { role?: Role; key?: string } = {}) {
  app = await startApi(world.client);
  return app.inject({
    method: 'POST',
    url: `/v1/federations/${federationId}/gates/targetAppConsole`,
    headers: { ...bearer(role), ...(key === undefined ? {} : { 'idempotency-key': key }) },
    payload,
  });
}

describe('POST /v1/federations/{id}/gates/{gate}', () => {
  it('records who answered what and why', async () => {
    const answered = await answer(done);
    expect(answered.statusCode).toBe(200);
    expect(answered.json()).toMatchObject({ state: 'answered', answer: { ...done, by: 'operator@tests' } });
  });

  it('takes one answer only', async () => {
    await answer(done);
    const second = await answer(done);
    expect(second.statusCode).toBe(409);
    expect(second.json()).toMatchObject({ code: 'O2O_GATE_ALREADY_ANSWERED' });
    expect(second.json().detail).toContain('operator@tests');
  });

  it('gives the same answer to the same command with the same Idempotency-Key', async () => {
    const first = await answer(done, { key: 'k1' });
    const second = await answer(done, { key: 'k1' });
    expect(second.statusCode).toBe(200);
    expect(second.json()).toEqual(first.json());
  });

  it('tells who answered also after the setup has ended', async () => {
    await answer(done);
    await world.settled();
    const late = await answer(done);
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({ code: 'O2O_GATE_ALREADY_ANSWERED' });
  });

  it('is forbidden without the role of the gate', async () => {
    const refused = await answer(done, { role: 'viewer' });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'O2O_GATE_FORBIDDEN' });
  });

  it('refuses a choice that the gate does not offer', async () => {
    const refused = await answer({ ...done, choice: 'perhaps' });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ code: 'O2O_GATE_CHOICE_UNKNOWN' });
  });
});

it('GET shows the open gate, and after its answer a federation that is ready', async () => {
  app = await startApi(world.client);
  const get = () => app.inject({ url: `/v1/federations/${federationId}`, headers: bearer('viewer') });
  const open = await get();
  expect(open.json()).toMatchObject({ state: 'gate', gates: [{ name: 'targetAppConsole', role: 'operator' }] });
  await answer(done);
  await world.settled();
  const ready = await get();
  expect(ready.statusCode).toBe(200);
  expect(ready.json()).toMatchObject({ state: 'ready', gates: [], operation: { outcome: 'done' } });
});
