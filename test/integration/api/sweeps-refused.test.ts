import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { apiTokens, bearer } from '../../api/api.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, type World } from '../../world/world.js';

let world: World;
let app: FastifyInstance;

beforeAll(async () => {
  world = await startWorld();
  const { client: temporal, ledger } = world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
  await world.send('setup');
  await world.settled(({ gates }) => gates.length > 0);
});
afterAll(async () => {
  await app.close();
  await world.stop();
});

const of = (federation: string) => `/v1/federations/${federation}`;
const start = (federation: string, payload: object = { mode: 'enforce' }) =>
  app.inject({ method: 'POST', url: `${of(federation)}/sweeps`, payload, headers: bearer('operator') });
const sweeps = async (federation: string) =>
  (await app.inject({ url: `${of(federation)}/sweeps`, headers: bearer('viewer') })).json().sweeps;

describe('a sweep', () => {
  it('is refused for a federation that nobody knows, and for one whose setup has not come to its end', async () => {
    const unknown = await start('nobody-knows-it');
    expect([unknown.statusCode, unknown.json().code]).toEqual([404, 'O2O_FEDERATION_NOT_FOUND']);
    const early = await start(federationId);
    expect([early.statusCode, early.json().code]).toEqual([409, 'O2O_FEDERATION_NOT_READY']);
    expect([await sweeps('nobody-knows-it'), await sweeps(federationId)]).toEqual([[], []]);
  });

  it('is refused to who may only look', async () => {
    const url = `${of(federationId)}/sweeps`;
    const refused = await app.inject({ method: 'POST', url, payload: {}, headers: bearer('viewer') });
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'O2O_FORBIDDEN']);
  });

  it.each([
    ['a mode that is not known', { mode: 'destroy' }, '/mode'],
    ['a list that may shrink to nothing', { limits: { listShrink: 1 } }, '/limits/listShrink'],
    ['no canary', { limits: { canary: 0 } }, '/limits/canary'],
    ['an approval that is waited for for ever', { limits: { approveWithinHours: 10_000 } }, '/approveWithinHours'],
    ['an inactivity of no days', { rules: { inactive: { days: 0, action: 'deactivate' } } }, '/rules/inactive/days'],
    ['an action that is not known', { rules: { unassigned: 'delete' } }, '/rules/unassigned'],
    ['limits beside the limits', { fuse: { users: 3 } }, ''],
  ])('is refused with %s, which the answer names', async (_what, payload, pointer) => {
    const refused = await start(federationId, payload);
    expect(refused.statusCode).toBe(400);
    const pointers = refused.json().errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.join()).toContain(pointer);
  });
});
