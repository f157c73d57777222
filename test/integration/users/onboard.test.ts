import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transition, UserStepName } from '../../../src/domain/user-lifecycle.js';
import type { People } from '../../world/people.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import type { World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld());
});
afterAll(() => world.stop());

function step({ steps }: Transition, name: UserStepName) {
  return steps.find((each) => each.name === name);
}

/** Where and why a transition stopped. */
function stop({ state, steps }: Transition) {
  const found = steps.find(({ problem }) => problem !== null);
  return { state, step: found?.name, code: found?.problem?.code, message: found?.problem?.message };
}

const profile = { firstName: 'Nora', lastName: 'New', email: 'nora@acme.example', department: 'Research' };

describe('a user whom the IdP org does not know', () => {
  it.concurrent('is created with the profile of the command and arrives with it', async () => {
    const done = await users.carryOut('onboard', 'nora@acme.example', { profile });
    expect(problemsOf(done)).toEqual([]);
    expect(done.before).toEqual({ idp: null, assignment: null, sp: null });
    expect(done.after?.sp).toMatchObject({ login: 'nora@acme.example', status: 'ACTIVE', profile });
    expect(await people.find('idp', 'nora@acme.example')).toMatchObject({ status: 'PROVISIONED', profile });
  });

  it.concurrent('is not created without a profile', async () => {
    const stopped = await users.carryOut('onboard', 'nobody@acme.example');
    expect(stop(stopped)).toMatchObject({ state: 'stopped', step: 'idpUser', code: 'O2O_IDP_USER_MISSING' });
    expect(await people.find('idp', 'nobody@acme.example')).toBeNull();
  });

  it.concurrent('is not created from half a profile, and what is missing is named', async () => {
    const half = { firstName: 'Half', email: 'half@acme.example' };
    const stopped = await users.carryOut('onboard', 'half@acme.example', { profile: half });
    expect(stop(stopped)).toMatchObject({ step: 'idpUser', code: 'O2O_PROFILE_INCOMPLETE' });
    expect(stop(stopped).message).toContain('lastName');
    expect(await people.find('idp', 'half@acme.example')).toBeNull();
  });
});

it.concurrent('a user is assigned by the group of the specification where the command says so', async () => {
  const idpId = await people.inIdp('by-group@acme.example');
  const writes = people.watch(idpId);
  const done = await users.carryOut('onboard', 'by-group@acme.example', { assignBy: 'group' });
  expect(problemsOf(done)).toEqual([]);
  expect(done.after?.assignment?.scope).toBe('GROUP');
  expect(writes()).toEqual(['idp assignUserToGroup']);
});

it.concurrent('a user who has the app already is not assigned again', async () => {
  const { idpId, spId } = await people.provisioned('already@acme.example');
  const writes = people.watch(idpId, spId);
  const done = await users.carryOut('onboard', 'already@acme.example');
  expect(problemsOf(done)).toEqual([]);
  expect(writes()).toEqual([]);
});

describe('somebody in the SP org who has the login already', () => {
  it.concurrent('is linked where that is harmless: the same id, nobody is created', async () => {
    const login = 'harmless@acme.example';
    await people.inIdp(login);
    const spId = await people.inSp(login);
    const done = await users.carryOut('onboard', login);
    expect(problemsOf(done)).toEqual([]);
    expect(done.after?.sp?.id).toBe(spId);
    expect(done.after?.assignment?.externalId).toBe(spId);
  });

  it.concurrent.each([
    ['holds an administrator role', 'admin', (spId: string) => people.role(spId, 'HELP_DESK_ADMIN'), 'HELP_DESK_ADMIN'],
    ['belongs to another identity provider', 'other', (spId: string) => people.linkElsewhere(spId), '0oa'],
  ])('is never linked who %s: neither org is written', async (_what, name, prepare, says) => {
    const login = `${name}-there@acme.example`;
    const idpId = await people.inIdp(login);
    const spId = await people.inSp(login);
    await prepare(spId);
    const writes = people.watch(idpId, spId);
    const stopped = await users.carryOut('onboard', login);
    expect(stop(stopped)).toMatchObject({ state: 'stopped', step: 'spUser', code: 'O2O_SP_USER_NEVER_LINKED' });
    expect(stop(stopped).message).toContain(says);
    expect(writes()).toEqual([]);
    expect(await people.assignment(idpId)).toBeNull();
  });

  it.concurrent.each(['ACTIVE_DIRECTORY', 'LDAP'] as const)(
    'is never linked whom %s masters: neither org is written',
    async (type) => {
      const login = `${type.toLowerCase()}@acme.example`;
      const idpId = await people.inIdp(login);
      const spId = await people.inSp(login);
      people.masterBy(type, spId);
      const writes = people.watch(idpId, spId);
      const stopped = await users.carryOut('onboard', login);
      expect(stop(stopped)).toMatchObject({ state: 'stopped', step: 'spUser', code: 'O2O_SP_USER_NEVER_LINKED' });
      expect(stop(stopped).message).toContain(type);
      expect(writes()).toEqual([]);
    },
  );

  it.concurrent('stops at once who was deactivated there by hand, and returns after an offboarding', async () => {
    const login = 'by-hand@acme.example';
    const { idpId, spId } = await people.provisioned(login);
    await world.spAdmin.post(`/api/v1/users/${spId}/lifecycle/deactivate`);
    await world.sandbox.idle();
    const writes = people.watch(idpId, spId);
    for (const kind of ['onboard', 'reactivate'] as const) {
      const stopped = await users.carryOut(kind, login);
      expect(stop(stopped)).toMatchObject({ step: 'spUser', code: 'O2O_SP_USER_DEACTIVATED_THERE' });
    }
    expect(writes()).toEqual([]);
    expect(problemsOf(await users.carryOut('offboard', login))).toEqual([]);
    const back = await users.carryOut('onboard', login);
    expect(problemsOf(back)).toEqual([]);
    expect(back.after?.sp).toMatchObject({ id: spId, status: 'PROVISIONED' });
  });

  it.concurrent('is not brought back from a suspension by an onboarding', async () => {
    const { spId } = await people.provisioned('on-leave@acme.example');
    await world.spAdmin.post(`/api/v1/users/${spId}/lifecycle/suspend`);
    const stopped = await users.carryOut('onboard', 'on-leave@acme.example');
    expect(stop(stopped)).toMatchObject({ step: 'spUser', code: 'O2O_SP_USER_STATUS' });
    expect((await people.find('sp', spId))?.status).toBe('SUSPENDED');
  });
});

describe('a user of the IdP org who is not active', () => {
  it.concurrent.each([
    ['STAGED', 'activate=false', null],
    ['SUSPENDED', 'activate=true', 'suspend'],
    ['DEPROVISIONED', 'activate=true', 'deactivate'],
  ])('stops the onboarding: %s', async (status, query, lifecycle) => {
    const login = `${status.toLowerCase()}@acme.example`;
    const person = { login, email: login, firstName: 'Not', lastName: 'Active' };
    await world.idpAdmin.post(`/api/v1/users?${query}`, {
      profile: person,
      credentials: { password: { value: 'Planted-Password-4711' } },
    });
    const idpId = (await people.find('idp', login))?.id ?? '';
    if (lifecycle !== null) await world.idpAdmin.post(`/api/v1/users/${idpId}/lifecycle/${lifecycle}`);
    const writes = people.watch(idpId);
    const stopped = await users.carryOut('onboard', login);
    expect(stop(stopped)).toMatchObject({ state: 'stopped', step: 'idpUser', code: 'O2O_IDP_USER_NOT_ACTIVE' });
    expect(stop(stopped).message).toContain(status);
    expect(writes()).toEqual([]);
  });
});

it.concurrent('the report says of every step what was decided, and what Okta answered with its request id', async () => {
  const login = 'reported@acme.example';
  await people.inIdp(login);
  const done = await users.carryOut('onboard', login, { reason: 'joins the project', ticket: 'HR-7' });
  expect(done).toMatchObject({ reason: 'joins the project', ticket: 'HR-7', requestedBy: 'test-operator' });
  expect(done.steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'federation done',
    'idpUser done',
    'spUser done',
    'assignment done',
    'provisioned done',
    'access done',
    'signOn done',
  ]);
  for (const { decided } of done.steps) expect(decided).not.toBeNull();
  const evidence = done.steps.flatMap((each) => each.evidence);
  expect(evidence.length).toBeGreaterThan(5);
  for (const entry of evidence) expect(entry).toMatchObject({ requestId: expect.stringMatching(/.+/) });
  expect(step(done, 'provisioned')?.checks.map(({ name, result }) => `${name} ${result}`)).toEqual([
    'sameUser passed',
    'attributes passed',
  ]);
});

it('a user who has no access to the target app in the end, or whose sign-on would fail, is not called onboarded', async () => {
  const [app, group, provider] = (['targetAppId', 'accessGroupId', 'identityProviderId'] as const).map((name) =>
    people.known(name),
  );
  await world.spAdmin.post(`/api/v1/idps/${provider}/lifecycle/deactivate`);
  await world.spAdmin.delete(`/api/v1/apps/${app}/groups/${group}`);
  await people.inIdp('no-access@acme.example');
  const without = await users.carryOut('onboard', 'no-access@acme.example');
  expect(stop(without)).toMatchObject({ state: 'stopped', step: 'access', code: 'O2O_NOT_ARRIVED' });
  expect(stop(without).message).toContain('the target app is not assigned');
  expect(step(without, 'access')?.checks).toMatchObject([{ result: 'failed', fix: expect.stringContaining('PUT') }]);

  await world.spAdmin.put(`/api/v1/apps/${app}/groups/${group}`, {});
  await people.inIdp('no-sign-on@acme.example');
  const closed = await users.carryOut('onboard', 'no-sign-on@acme.example');
  expect(stop(closed)).toMatchObject({ state: 'stopped', step: 'signOn', code: 'O2O_SIGN_ON_FAILED' });
  const failed = step(closed, 'signOn')?.checks.filter(({ result }) => result === 'failed');
  expect(failed).toMatchObject([{ name: 'identityProviderActive', fix: expect.any(String) }]);
  await world.spAdmin.post(`/api/v1/idps/${provider}/lifecycle/activate`);
});
