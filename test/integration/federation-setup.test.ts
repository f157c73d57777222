import { afterEach, describe, expect, it } from 'vitest';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { startWorld } from '../world/start-world.js';
import { federationId, operator, specification, type World } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

describe('a setup with OAuth 2.0', () => {
  it('federates two orgs, brings the users over and signs one on', async () => {
    world = await startWorld();
    const answer = await world.setUp();

    expect(answer.steps.map(({ name, state, problem }) => [name, state, problem?.message ?? null])).toEqual(
      answer.steps.map(({ name }) => [name, 'done', null]),
    );
    expect(answer.state).toBe('ready');
    expect(answer.steps.at(-1)?.checks.map(({ name, result }) => [name, result])).toEqual(
      expect.arrayContaining([
        ['acsUrl', 'passed'],
        ['audience', 'passed'],
        ['issuer', 'passed'],
        ['certificate', 'passed'],
        ['assertionIssuer', 'passed'],
        ['assertionAudience', 'passed'],
        ['assertionDestination', 'passed'],
        ['assertionCertificate', 'passed'],
        ['signOn', 'passed'],
        ['signedInAs', 'passed'],
        ['signOnRecorded', 'passed'],
      ]),
    );
    expect(await objectCounts(world)).toEqual(oneOfEach);
  });

  it('writes nothing when the same specification comes again', async () => {
    world = await startWorld();
    await world.setUp();
    world.sandbox.requests.clear();
    const again = await world.setUp();
    expect(again.state).toBe('ready');
    expect(world.writes()).toEqual([]);
  });
});

describe('a plan', () => {
  it('lists all changes of both orgs and writes nothing', async () => {
    world = await startWorld();
    await world.send('plan');
    const answer = await world.settled();
    const plan = answer.lastPlan;
    const changes = plan?.steps.flatMap((step) => step.assessment?.changes ?? []) ?? [];
    expect(plan?.outcome).toBe('done');
    expect(new Set(changes.map((change) => change.org))).toEqual(new Set(['acme', 'partner']));
    expect(changes.map((change) => `${change.resource}.${change.write}`)).toEqual([
      'targetApp.create',
      'org2orgApp.create',
      'trustedCertificate.create',
      'identityProvider.create',
      'samlTrust.update',
      'serviceClient.create',
      'serviceClient.assignRole',
      'serviceClient.assignRole',
      'serviceClient.grantScope',
      'serviceClient.grantScope',
      'provisioningConnection.connect',
      'provisioningFeatures.update',
      'assignments.assignGroup',
      'accessGroup.create',
      'accessGroup.assign',
    ]);
    expect(world.writes()).toEqual([]);
    expect(answer.state).toBe('new');
  });
});

describe('a setup with an API token', () => {
  const withToken = specification({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } });

  it('asks for the token, tries it and writes nothing the second time', async () => {
    world = await startWorld();
    const atGate = await world.setUp(withToken);
    expect(atGate.gates.map((gate) => gate.name)).toEqual(['spToken']);
    world.secrets.set('env:ORG2ORG_TOKEN', world.sandbox.sp.token);
    await world.federations.answerGate(
      federationId,
      { gate: 'spToken', choice: 'done', why: 'created it', actor: operator },
      null,
    );
    expect((await world.settled()).state).toBe('ready');

    world.sandbox.requests.clear();
    expect((await world.setUp(withToken)).state).toBe('ready');
    expect(world.writes()).toEqual([]);
  });
});
