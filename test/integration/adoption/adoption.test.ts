import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { federateByHand, HandMadeFederation } from '../../../sandbox/control/hand-made-federation.js';
import { applyAs, documentOf, exported, pairsOf } from '../../world/adoptions.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, patiently, type World, withoutPeople } from '../../world/world.js';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

const byHand = (wanted: Record<string, unknown> = {}) =>
  federateByHand(world.sandbox, HandMadeFederation.parse(wanted));

const resources = (changes: readonly { readonly resource: string }[]) => changes.map(({ resource }) => resource);

describe('a federation that was made by hand', () => {
  it('is found by the names of the orgs; the setup of its specification makes only the named writes, once', async () => {
    const made = await byHand();
    const { pairs, unpaired } = await pairsOf(world);
    const [pair] = pairs;
    expect(pairs).toHaveLength(1);
    expect(unpaired).toEqual([]);
    expect(pair).toMatchObject({
      org2orgApp: { id: made.appId },
      identityProvider: { id: made.identityProviderId },
      owner: null,
      blockers: [],
      known: { serviceClientId: made.clientId, trustedKeyId: made.trustedKeyId },
    });
    expect(pair?.checks.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(resources(pair?.changes ?? [])).toEqual(['targetApp', 'accessGroup', 'accessGroup']);

    const specification = { ...documentOf(pair?.specification), targetApp: { consoleWork: false } };
    world.sandbox.requests.clear();
    expect((await world.setUp(specification)).state).toBe('ready');
    expect(world.writes().map(({ operation }) => operation)).toEqual([
      'createApplication',
      'addGroup',
      'assignGroupToApplication',
    ]);
    world.sandbox.requests.clear();
    expect((await world.setUp(specification)).state).toBe('ready');
    expect(world.writes()).toEqual([]);
  });

  it('is described with what differs from the guide, its groups, its target app and the group that gives access', async () => {
    const made = await byHand({ label: 'By hand', identityProvider: 'From acme' });
    const targetApp = await world.spAdmin.post('/api/v1/apps', {
      name: 'dropbox_for_business',
      label: 'Files',
      signOnMode: 'SAML_2_0',
    });
    const target = documentOf(targetApp).id;
    const group = await world.spAdmin.addGroup('May use files', []);
    await world.spAdmin.put(`/api/v1/apps/${target}/groups/${group}`, {});
    const everyone = world.sandbox.idp.org.groups.find(({ profile }) => profile.name === 'Partner users');
    await world.idpAdmin.put(`/api/v1/apps/${made.appId}/groups/${everyone?.id}`, {});
    await world.spAdmin.post(`/api/v1/idps/${made.identityProviderId}/lifecycle/deactivate`);
    const path = `/api/v1/idps/${made.identityProviderId}`;
    const provider = documentOf(await world.spAdmin.get(path));
    const policy = documentOf(provider.policy);
    await world.spAdmin.put(path, {
      ...provider,
      policy: { ...policy, subject: { ...documentOf(policy.subject), matchType: 'EMAIL' } },
    });

    const [pair] = (await pairsOf(world)).pairs;
    expect(pair?.specification).toMatchObject({
      targetApp: { mode: 'adopt', name: 'dropbox_for_business', label: 'Files' },
      org2orgApp: { label: 'By hand' },
      identityProvider: { name: 'From acme', subjectMatch: 'EMAIL' },
      assignments: { groups: ['Partner users'] },
      access: { group: 'May use files' },
    });
    expect(pair?.checks.find(({ name }) => name === 'identityProviderActive')?.result).toBe('failed');
    expect(resources(pair?.changes ?? [])).toEqual(['identityProvider']);
  });

  it('is found although only one end knows the other, and an end without another is told', async () => {
    const made = await byHand({ provisioning: false });
    const app = documentOf(await world.idpAdmin.get(`/api/v1/apps/${made.appId}`));
    await world.idpAdmin.put(`/api/v1/apps/${made.appId}`, {
      ...app,
      settings: {
        app: { baseUrl: world.sandbox.sp.url, acsUrl: 'https://elsewhere.example', audRestriction: 'nobody' },
      },
    });
    await world.idpAdmin.post('/api/v1/apps', {
      name: 'okta_org2org',
      label: 'Left behind',
      signOnMode: 'SAML_2_0',
      settings: { app: { baseUrl: world.sandbox.sp.url } },
    });
    const { pairs, unpaired } = await pairsOf(world);
    const failed = pairs[0]?.checks.filter(({ result }) => result === 'failed').map(({ name }) => name);
    expect(failed).toEqual(expect.arrayContaining(['acsUrl', 'audience', 'connectionEnabled']));
    expect(resources(pairs[0]?.changes ?? [])).toEqual(
      expect.arrayContaining(['samlTrust', 'serviceClient', 'provisioningConnection', 'provisioningFeatures']),
    );
    expect(unpaired.map(({ label }) => label)).toEqual(['Left behind']);
  });
});

describe('a pair belongs to one federation', () => {
  it('another one is told who has it, and refused before anything is written', async () => {
    await byHand();
    expect((await world.setUp(withoutPeople())).state).toBe('ready');
    const [pair] = (await pairsOf(world)).pairs;
    expect(pair?.owner).toBe(federationId);

    world.sandbox.requests.clear();
    await applyAs(world, 'second', withoutPeople({ targetApp: { label: 'Other', consoleWork: false } }));
    const second = async () => {
      for (;;) {
        const found = await patiently(() => world.federations.get('second'));
        if (found.operation?.outcome != null) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const { state, steps } = await second();
    const stopped = steps.find((step) => step.state === 'stopped');
    expect({ state, step: stopped?.name, code: stopped?.problem?.code }).toEqual({
      state: 'stopped',
      step: 'orgs',
      code: 'O2O_PAIR_OWNED',
    });
    expect(stopped?.problem?.fix).toContain(`as ${federationId}`);
    expect(world.writes()).toEqual([]);
    expect((await world.setUp(withoutPeople())).state).toBe('ready');
  });
});

describe('the exported specification', () => {
  it('is the agreed one where nobody has changed anything, and to PUT it writes nothing', async () => {
    const { spec: agreed } = await world.setUp(withoutPeople());
    const { spec, differs } = await exported(world);
    expect(spec).toEqual(agreed);
    expect(differs).toEqual([]);
  });

  it('says what somebody has changed by hand, and to PUT it writes nothing', async () => {
    const { known } = await world.setUp(withoutPeople());
    const path = `/api/v1/idps/${known.identityProviderId}`;
    const provider = documentOf(await world.spAdmin.get(path));
    const policy = documentOf(provider.policy);
    await world.spAdmin.put(path, {
      ...provider,
      name: 'Renamed',
      policy: {
        ...policy,
        accountLink: { action: 'DISABLED', filter: null },
        subject: { ...documentOf(policy.subject), matchType: 'EMAIL', filter: '(\\S+@acme\\.example)' },
      },
    });
    const features = `/api/v1/apps/${known.org2orgAppId}/features/USER_PROVISIONING`;
    await world.idpAdmin.put(features, { update: { lifecycleDeactivate: { status: 'DISABLED' } } });
    const group = await world.idpAdmin.addGroup('More partner users', []);
    await world.idpAdmin.put(`/api/v1/apps/${known.org2orgAppId}/groups/${group}`, {});
    const access = `/api/v1/groups/${known.accessGroupId}`;
    await world.spAdmin.put(access, { profile: { name: 'Renamed group' } });

    const { spec, differs } = await exported(world);
    expect(differs).toEqual([]);
    expect(spec).toMatchObject({
      identityProvider: {
        name: 'Renamed',
        subjectMatch: 'EMAIL',
        subjectFilter: '(\\S+@acme\\.example)',
        accountLink: 'DISABLED',
      },
      provisioning: { features: { create: true, update: true, deactivate: false } },
      access: { group: 'Renamed group' },
    });
    expect(spec.assignments.groups.toSorted()).toEqual(['More partner users', 'Partner users']);

    world.sandbox.requests.clear();
    expect((await world.setUp(documentOf(spec))).state).toBe('ready');
    expect(world.writes()).toEqual([]);
  });

  it('names the resources of which no specification can say what they are', async () => {
    const { known } = await world.setUp(withoutPeople());
    await world.spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    await world.idpAdmin.post(`/api/v1/apps/${known.org2orgAppId}/connections/default/lifecycle/deactivate`);
    const { differs } = await exported(world);
    expect(differs).toEqual(expect.arrayContaining(['identityProvider', 'provisioningConnection']));
  });
});
