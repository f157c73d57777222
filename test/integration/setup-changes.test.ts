import { afterEach, describe, expect, it } from 'vitest';
import { id, objects } from '../world/okta-admin.js';
import { problems } from '../world/problems.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

function written(): string[] {
  return world.writes().map(({ org, operation }) => `${org} ${operation}`);
}

describe('a federation that is set up', () => {
  it.each([
    ['another subject match', { identityProvider: { subjectMatch: 'EMAIL' } }, ['sp replaceIdentityProvider']],
    [
      'a subject filter',
      { identityProvider: { subjectFilter: '(\\S+@acme\\.example)' } },
      ['sp replaceIdentityProvider'],
    ],
    ['no JIT', { identityProvider: { jit: false } }, ['sp replaceIdentityProvider']],
    ['no deactivation', { provisioning: { features: { deactivate: false } } }, ['idp updateFeatureForApplication']],
    [
      'an API token in place of OAuth 2.0',
      { provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } },
      ['idp updateDefaultProvisioningConnectionForApplication'],
    ],
    [
      'another access group',
      { access: { group: 'Others' } },
      ['sp addGroup', 'sp assignGroupToApplication', 'sp assignUserToGroup', 'sp assignUserToGroup'],
    ],
  ])('takes %s by a PUT that writes this alone', async (_, change, writes) => {
    world = await startWorld();
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    world.sandbox.requests.clear();
    expect(problems(await world.setUp(withoutPeople(change)))).toEqual([]);
    expect(written()).toEqual(writes);
  });

  it('is mended where someone changed it by hand', async () => {
    world = await startWorld();
    const { known } = await world.setUp(withoutPeople());
    await world.spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    await world.idpAdmin.post(`/api/v1/apps/${known.org2orgAppId}/connections/default/lifecycle/deactivate`);
    world.sandbox.requests.clear();
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    expect(written()).toEqual([
      'sp activateIdentityProvider',
      'idp activateDefaultProvisioningConnectionForApplication',
    ]);
  });

  it('is made anew where someone deleted a part of it', async () => {
    world = await startWorld();
    const { known } = await world.setUp(withoutPeople());
    await world.spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    await world.spAdmin.delete(`/api/v1/idps/${known.identityProviderId}`);
    world.sandbox.requests.clear();
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    expect(written()).toEqual(['sp createIdentityProvider', 'idp replaceApplication']);
  });
});

describe('people', () => {
  it('who are named one by one are assigned, arrive and get the target app', async () => {
    world = await startWorld();
    const login = "o'brien+new@acme.example";
    await world.idpAdmin.addUser(login, 'Planted-Secret-4711');
    expect(problems(await world.setUp(withoutPeople({ assignments: { users: [login] } })))).toEqual([]);
    const arrived = objects(
      await world.spAdmin.get(`/api/v1/users?filter=${encodeURIComponent(`profile.login eq "${login}"`)}`),
    );
    expect(arrived).toEqual([expect.objectContaining({ status: 'ACTIVE' })]);
    expect(objects(await world.spAdmin.get(`/api/v1/users/${id(arrived[0])}/appLinks`))).toHaveLength(1);
  });

  it('who are not there stop the setup without being named', async () => {
    world = await startWorld();
    const stopped = await world.setUp(withoutPeople({ assignments: { users: ['nobody@acme.example'] } }));
    const step = stopped.steps.find(({ name }) => name === 'assignments');
    expect(step?.problem?.code).toBe('O2O_USER_MISSING');
    expect(JSON.stringify(step)).not.toContain('nobody@acme.example');
  });

  it('of a group of more than one page all arrive and get the target app', async () => {
    world = await startWorld();
    const people = Array.from({ length: 620 }, (_, index) => `person-${index}@acme.example`);
    const ids: string[] = [];
    for (const login of people) ids.push(await world.idpAdmin.addUser(login, 'Planted-Secret-4711'));
    await world.idpAdmin.addGroup('Many', ids);
    const answer = await world.setUp(withoutPeople({ assignments: { groups: ['Many'] } }));
    expect(problems(answer)).toEqual([]);
    const members = objects(await world.spAdmin.get(`/api/v1/groups/${answer.known.accessGroupId}/users?limit=1000`));
    expect(members).toHaveLength(people.length);
  });
});

describe('a target app', () => {
  it('that exists is adopted, whatever its kind', async () => {
    world = await startWorld();
    const appId = id(
      await world.spAdmin.post('/api/v1/apps', {
        name: 'bookmark',
        label: 'Wiki',
        signOnMode: 'BOOKMARK',
        settings: { app: { requestIntegration: false, url: 'https://wiki.example.com' } },
      }),
    );
    const answer = await world.setUp(
      withoutPeople({ targetApp: { mode: 'adopt', label: 'Wiki', consoleWork: false } }),
    );
    expect(problems(answer)).toEqual([]);
    expect(answer.known.targetAppId).toBe(appId);
  });

  it('that shall be adopted and is not there stops the setup', async () => {
    world = await startWorld();
    const stopped = await world.setUp(
      withoutPeople({ targetApp: { mode: 'adopt', label: 'Wiki', consoleWork: false } }),
    );
    expect(stopped.steps.find(({ name }) => name === 'targetApp')?.problem?.code).toBe('O2O_TARGET_APP_MISSING');
    expect(world.writes()).toEqual([]);
  });
});
