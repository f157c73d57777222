import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { apiTokens, bearer } from '../../api/api.js';
import { startWorld } from '../../world/start-world.js';
import { startUserWorld, type UserWorld } from '../../world/user-world.js';
import { federationId, type World, withoutPeople } from '../../world/world.js';

function apiOf({ client: temporal, ledger }: World): Promise<FastifyInstance> {
  return buildApi({ temporal, ledger, temporalUiUrl: 'http://127.0.0.1:8233', orgs: {}, apiTokens });
}

const users = `/v1/federations/${federationId}/users`;
const login = 'somebody@acme.example';
const inAYear = new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString();

describe('a federation that was planned and never set up', () => {
  let world: World;
  let app: FastifyInstance;

  beforeAll(async () => {
    world = await startWorld();
    app = await apiOf(world);
    await world.send('plan', withoutPeople());
    await world.settled();
  });
  afterAll(async () => {
    await app.close();
    await world.stop();
  });

  it.each([
    ['an onboarding', users, { login }],
    ['a user who is named by id', users, { id: '00uNobodyHasThisId12' }],
    ['an offboarding', `${users}/${login}/transitions`, { transition: 'offboard' }],
    ['a dry run', `${users}/${login}/transitions`, { transition: 'onboard', dryRun: true }],
    ['a plan for next year', `${users}/${login}/transitions`, { transition: 'suspend', at: inAYear }],
  ])('takes no users: %s is a conflict', async (_, url, payload) => {
    const answer = await app.inject({ method: 'POST', url, headers: bearer('operator'), payload });
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('O2O_FEDERATION_NOT_READY');
    const user = await app.inject({ url: `${users}/${login}`, headers: bearer('viewer') });
    expect(user.statusCode).toBe(404);
  });
});

describe('a federation that is set up', () => {
  let at: UserWorld;
  let app: FastifyInstance;

  beforeAll(async () => {
    at = await startUserWorld();
    app = await apiOf(at.world);
    await at.people.inIdp('known@acme.example');
    await at.users.carryOut('onboard', 'known@acme.example');
  });
  afterAll(async () => {
    await app.close();
    await at.world.stop();
  });

  it.each([
    ['a user of whom nothing was asked', `${users}/${login}`, 'O2O_USER_UNKNOWN_HERE'],
    ['a report of such a user', `${users}/${login}/transitions/1`, 'O2O_USER_UNKNOWN_HERE'],
    ['the proof of such a user', `${users}/${login}/proof`, 'O2O_USER_UNKNOWN_HERE'],
    ['a transition that never was', `${users}/known@acme.example/transitions/2`, 'O2O_TRANSITION_NOT_FOUND'],
    ['the proof of a user who has not left', `${users}/known@acme.example/proof`, 'O2O_PROOF_NOT_FOUND'],
    ['a user of an unknown federation', `/v1/federations/unknown/users/${login}`, 'O2O_USER_UNKNOWN_HERE'],
  ])('knows nothing of %s', async (_, url, code) => {
    const answer = await app.inject({ url, headers: bearer('viewer') });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe(code);
  });

  it.each(['PATCH', 'DELETE'] as const)('%s changes no plan of a transition that has ended', async (method) => {
    const answer = await app.inject({
      method,
      url: `${users}/known@acme.example/transitions/1`,
      headers: bearer('operator'),
      ...(method === 'PATCH' ? { payload: { at: inAYear } } : {}),
    });
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('O2O_TRANSITION_NOT_PLANNED');
  });

  it.each([
    ['a login of 101 characters in the address', `${users}/${'x'.repeat(101)}/transitions`, { transition: 'onboard' }],
    ['a transition that is none', `${users}/${login}/transitions`, { transition: 'delete' }],
    [
      'attributes that a suspension would change',
      `${users}/${login}/transitions`,
      { transition: 'suspend', profile: { a: 1 } },
    ],
    [
      'a time more than five years ahead',
      users,
      { login, at: new Date(Date.now() + 6 * 365.25 * 864e5).toISOString() },
    ],
    ['a date without a time', users, { login, at: '2031-01-01' }],
    [
      'more than 100 attributes',
      users,
      { login, profile: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n}`, n])) },
    ],
  ])('refuses %s', async (_, url, payload) => {
    const answer = await app.inject({ method: 'POST', url, headers: bearer('operator'), payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('O2O_REQUEST_INVALID');
    expect(answer.json().errors).not.toEqual([]);
  });

  it.each<[string, string, object, number, string]>([
    ['a group that nobody has', federationId, { group: 'Nobody has it' }, 404, 'O2O_ROLLOUT_GROUP_MISSING'],
    ['a federation that nobody knows', 'unknown', { group: 'Everyone' }, 404, 'O2O_FEDERATION_NOT_FOUND'],
    ['a group without a name', federationId, { group: '' }, 400, 'O2O_REQUEST_INVALID'],
    ['a group that is neither name nor id', federationId, { group: { label: 'x' } }, 400, 'O2O_REQUEST_INVALID'],
    ['a field that is none', federationId, { group: 'Everyone', speed: 1 }, 400, 'O2O_REQUEST_INVALID'],
  ])('begins no rollout of %s', async (_, id, payload, status, code) => {
    at.world.sandbox.requests.clear();
    const url = `/v1/federations/${id}/rollouts`;
    const answer = await app.inject({ method: 'POST', url, headers: bearer('operator'), payload });
    expect(answer.json()).toMatchObject({ status, code, fix: expect.any(String) });
    const begun = await app.inject({ url: `/v1/federations/${federationId}/rollouts`, headers: bearer('viewer') });
    expect(begun.json()).toMatchObject({ rollouts: [] });
    expect(at.world.writes()).toEqual([]);
  });

  it('lists only those whose state and transition are asked for', async () => {
    const listed = async (query: string): Promise<string[]> => {
      const answer = await app.inject({ url: `${users}?${query}`, headers: bearer('viewer') });
      return answer.json().users.map((user: { login: string }) => user.login);
    };
    await at.users.send('offboard', 'known@acme.example', { at: inAYear });
    await at.people.inIdp('other@acme.example');
    await at.users.carryOut('suspend', 'other@acme.example');
    await expect.poll(() => listed('state=stopped'), { timeout: 20_000 }).toEqual(['other@acme.example']);
    await expect.poll(() => listed('state=planned'), { timeout: 20_000 }).toEqual(['known@acme.example']);
    expect(await listed('transition=suspend')).toEqual(['other@acme.example']);
    expect(await listed('state=planned&transition=suspend')).toEqual([]);
    const unknown = await app.inject({ url: `${users}?state=asleep`, headers: bearer('viewer') });
    expect(unknown.statusCode).toBe(400);
  });
});
