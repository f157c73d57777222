import { afterEach, expect, it } from 'vitest';
import { federateByHand, HandMadeFederation } from '../../../sandbox/control/hand-made-federation.js';
import { objectCounts, oneOfEach } from '../../world/object-counts.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, operator, type World, withoutPeople } from '../../world/world.js';

let world: World;

afterEach(() => world.stop());

it('a federation made by hand is adopted, not doubled', async () => {
  world = await startWorld();
  const made = await federateByHand(world.sandbox, HandMadeFederation.parse({}));
  const answer = await world.setUp(withoutPeople());
  expect(answer.state).toBe('ready');
  expect(answer.known).toMatchObject({
    org2orgAppId: made.appId,
    identityProviderId: made.identityProviderId,
    trustedKeyId: made.trustedKeyId,
    serviceClientId: made.clientId,
  });
  expect(await objectCounts(world)).toEqual(oneOfEach);
});

it('where two Org2Org apps lead to the SP org, a person chooses and the other is left alone', async () => {
  world = await startWorld();
  await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'One', identityProvider: 'One' }));
  const second = await federateByHand(
    world.sandbox,
    HandMadeFederation.parse({ label: 'Two', identityProvider: 'Two' }),
  );
  world.sandbox.requests.clear();

  const asked = await world.setUp(withoutPeople());
  const [gate] = asked.gates;
  expect(gate?.choices.map(({ value }) => value)).toContain(second.appId);
  await world.federations.answerGate(
    federationId,
    { gate: gate?.name ?? '', choice: second.appId ?? '', why: 'it is the newer one', actor: operator },
    null,
  );
  const ready = await world.settled();
  expect(ready.state).toBe('ready');
  expect(ready.known).toMatchObject({ org2orgAppId: second.appId, identityProviderId: second.identityProviderId });
  expect(await objectCounts(world)).toMatchObject({
    org2orgApps: 2,
    identityProviders: 2,
    serviceClients: 2,
    trustedCertificates: 2,
  });

  world.sandbox.requests.clear();
  expect((await world.setUp(withoutPeople())).state).toBe('ready');
  expect(world.writes()).toEqual([]);
});

it('a new one is made beside two others when a person says so, once', async () => {
  world = await startWorld();
  await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'One', identityProvider: 'One' }));
  await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'Two', identityProvider: 'Two' }));
  const asked = await world.setUp(withoutPeople());
  await world.federations.answerGate(
    federationId,
    { gate: asked.gates[0]?.name ?? '', choice: 'create', why: 'both are old', actor: operator },
    null,
  );
  expect((await world.settled()).state).toBe('ready');
  expect(await objectCounts(world)).toMatchObject({ org2orgApps: 3, identityProviders: 3 });
});
