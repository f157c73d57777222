import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transition } from '../../../src/domain/user-lifecycle.js';
import type { People } from '../../world/people.js';
import { provenTooEarly } from '../../world/proofs.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import type { World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

const logins = ['assigned', 'deactivated', 'deleted', 'suspended'].map((name) => `${name}@acme.example`);
const ids = new Map<string, { readonly idpId: string; readonly spId: string }>();

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld({
    provisioning: { features: { deactivate: false } },
    users: { whenPushFails: 'deactivate' },
  }));
  for (const login of logins) ids.set(login, await people.provisioned(login));
  await people.inIdp('new@acme.example');
  await people.connection('deactivate');
});
afterAll(() => world.stop());

function idsOf(login: string) {
  const found = ids.get(login);
  if (found === undefined) throw new Error(`${login} was not made`);
  return found;
}

async function expectGone(login: string, done: Transition): Promise<void> {
  expect(problemsOf(done)).toEqual([]);
  expect(done.proof?.statements.every(({ result }) => result === 'passed')).toBe(true);
  expect(provenTooEarly(done)).toEqual([]);
  expect((await people.find('sp', idsOf(login).spId))?.status).toBe('DEPROVISIONED');
}

describe('a leaver whom no push will deactivate, where the policy is to deactivate', () => {
  it('is deactivated in the SP org directly, after the assignment is gone', async () => {
    const login = 'assigned@acme.example';
    const { idpId, spId } = idsOf(login);
    const writes = people.watch(idpId, spId);
    await expectGone(login, await users.carryOut('offboard', login));
    expect(writes()).toEqual(['sp revokeUserSessions', 'idp unassignUserFromApplication', 'sp deactivateUser']);
  });

  it('is so although the IdP org has deactivated the user long ago', async () => {
    const login = 'deactivated@acme.example';
    await world.idpAdmin.post(`/api/v1/users/${idsOf(login).idpId}/lifecycle/deactivate`);
    await world.sandbox.idle();
    expect((await people.find('sp', idsOf(login).spId))?.status).toBe('ACTIVE');
    await expectGone(login, await users.carryOut('offboard', login));
  });

  it('is so although the IdP org has the user no more', async () => {
    const login = 'deleted@acme.example';
    for (const _twice of ['deactivated', 'deleted']) await world.idpAdmin.delete(`/api/v1/users/${idsOf(login).idpId}`);
    await world.sandbox.idle();
    const done = await users.carryOut('offboard', login);
    await expectGone(login, done);
    expect(done.proof?.user).toMatchObject({ login, idpUserId: null, spUserId: idsOf(login).spId });
  });
});

describe('while the connection is off', () => {
  it('an onboarding stops before it writes, and says that it is off', async () => {
    world.sandbox.requests.clear();
    const stopped = await users.carryOut('onboard', 'new@acme.example');
    expect(stopped.steps.find(({ problem }) => problem !== null)).toMatchObject({
      name: 'idpUser',
      problem: { code: 'O2O_CONNECTION_OFF' },
    });
    expect(world.writes()).toEqual([]);
  });

  it('a user is suspended and resumed, and keeps profile, groups and apps', async () => {
    const login = 'suspended@acme.example';
    const { spId } = idsOf(login);
    const seen = async () => ({
      profile: (await people.find('sp', spId))?.profile,
      groups: await world.spAdmin.get(`/api/v1/users/${spId}/groups`),
      apps: await world.spAdmin.get(`/api/v1/users/${spId}/appLinks`),
      assignment: await people.assignment(idsOf(login).idpId),
    });
    const before = await seen();
    expect(problemsOf(await users.carryOut('suspend', login))).toEqual([]);
    expect((await people.find('sp', spId))?.status).toBe('SUSPENDED');
    expect(problemsOf(await users.carryOut('resume', login))).toEqual([]);
    expect((await people.find('sp', spId))?.status).toBe('ACTIVE');
    expect(await seen()).toEqual(before);
  });
});
