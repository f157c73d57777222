import { afterEach, describe, expect, it } from 'vitest';
import { inConsole } from '../../sandbox/control/console.js';
import { FaultRequest } from '../../sandbox/control/faults.js';
import type { FederationAnswer } from '../../src/api/schemas/federation.js';
import { id } from '../world/okta-admin.js';
import { problems } from '../world/problems.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

function notDone({ steps }: FederationAnswer) {
  const step = steps.find(({ state }) => state !== 'done');
  return { step: step?.name, state: step?.state, code: step?.problem?.code, org: step?.problem?.org };
}

describe('a setup stops, names org and fix, and goes on after mending with the same PUT, where', () => {
  it('the credentials of an org are refused', async () => {
    world = await startWorld();
    world.secrets.set('env:PARTNER_TOKEN', 'not-a-token');
    expect(notDone(await world.setUp(withoutPeople()))).toEqual({
      step: 'targetApp',
      state: 'stopped',
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
      org: 'partner',
    });
    world.secrets.set('env:PARTNER_TOKEN', world.sandbox.sp.token);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('the role of the credentials does not suffice', async () => {
    world = await startWorld();
    const reader = await world.spAdmin.addUser('reader@partner.example', 'Only-Looks-4711');
    await world.spAdmin.post(`/api/v1/users/${reader}/roles`, { type: 'READ_ONLY_ADMIN' });
    const { token } = await inConsole(world.sandbox, {
      action: 'createApiToken',
      org: 'sp',
      owner: 'reader@partner.example',
      name: 'reader',
    });
    world.secrets.set('env:PARTNER_TOKEN', String(token));
    const stopped = await world.setUp(withoutPeople());
    expect(notDone(stopped)).toEqual({
      step: 'targetApp',
      state: 'stopped',
      code: 'O2O_OKTA_PERMISSION_MISSING',
      org: 'partner',
    });
    expect(stopped.steps.find(({ name }) => name === 'targetApp')?.problem?.fix).toContain('okta.apps.manage');
    world.secrets.set('env:PARTNER_TOKEN', world.sandbox.sp.token);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('a secret is missing', async () => {
    world = await startWorld();
    const token = world.secrets.get('env:ACME_TOKEN') ?? '';
    world.secrets.delete('env:ACME_TOKEN');
    expect(notDone(await world.setUp(withoutPeople()))).toEqual({
      step: 'orgs',
      state: 'stopped',
      code: 'O2O_SECRET_MISSING',
      org: 'acme',
    });
    world.secrets.set('env:ACME_TOKEN', token);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('a group does not exist', async () => {
    world = await startWorld();
    const document = withoutPeople({ assignments: { groups: ['Nobody yet'] } });
    expect(notDone(await world.setUp(document))).toEqual({
      step: 'assignments',
      state: 'stopped',
      code: 'O2O_GROUP_MISSING',
      org: 'acme',
    });
    await world.idpAdmin.addGroup('Nobody yet', []);
    expect(problems(await world.setUp(document))).toEqual([]);
  });

  it('users were assigned before provisioning was on', async () => {
    world = await startWorld();
    const app = id(
      await world.idpAdmin.post('/api/v1/apps', {
        name: 'okta_org2org',
        label: 'By hand',
        signOnMode: 'SAML_2_0',
        settings: { app: { baseUrl: world.sandbox.sp.url } },
      }),
    );
    const early = await world.idpAdmin.addUser('early@acme.example', 'Before-It-4711');
    await world.idpAdmin.post(`/api/v1/apps/${app}/users`, {
      id: early,
      scope: 'USER',
      credentials: { userName: 'early@acme.example' },
    });
    expect(notDone(await world.setUp(withoutPeople()))).toEqual({
      step: 'provisionedUsers',
      state: 'stopped',
      code: 'O2O_USER_NOT_PROVISIONED',
      org: 'acme',
    });
    await world.idpAdmin.delete(`/api/v1/apps/${app}/users/${early}`);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });
});

describe('a setup stops and says why where', () => {
  it('the IdP org is a free developer org without Org2Org', async () => {
    world = await startWorld({ idp: { plan: 'integrator' } });
    const stopped = await world.setUp(withoutPeople());
    expect(notDone(stopped)).toEqual({
      step: 'org2orgApp',
      state: 'stopped',
      code: 'O2O_ORG2ORG_UNAVAILABLE',
      org: 'acme',
    });
    expect(stopped.steps.find(({ name }) => name === 'org2orgApp')?.problem?.fix).toContain('developer');
  });
});

describe('a setup waits, shows why, and goes on by itself where', () => {
  it('an org does not answer', async () => {
    world = await startWorld();
    world.sandbox.faults.add(FaultRequest.parse({ org: 'sp', kind: 'resetBefore', count: null }));
    await world.send('setup', withoutPeople());
    const waiting = await world.settled(
      ({ state, steps }) => state === 'waiting' && steps.some((step) => step.state === 'waiting'),
    );
    expect(notDone(waiting)).toEqual({ step: 'orgs', state: 'waiting', code: 'O2O_OKTA_UNREACHABLE', org: 'partner' });
    world.sandbox.faults.remove();
    expect((await world.send('setup', withoutPeople())).started).toBe(false);
    expect((await world.settled()).state).toBe('ready');
  });
});
