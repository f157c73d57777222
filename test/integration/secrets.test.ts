import { afterEach, expect, it } from 'vitest';
import { historiesAsText } from '../world/histories.js';
import { startWorld } from '../world/start-world.js';
import { federationId, operator, specification, testUserPassword, type World } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

const plantedToken = '00PlantedTokenThatOktaRefuses_0123456789';

it('no secret stands in a history, an answer or a gate, with a good token, a refused one and a refused password', async () => {
  world = await startWorld();
  const withToken = { provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } };
  world.secrets.set('env:ORG2ORG_TOKEN', plantedToken);
  const atGate = await world.setUp(specification(withToken));
  world.secrets.set('env:ORG2ORG_TOKEN', world.sandbox.sp.token);
  await world.federations.answerGate(
    federationId,
    { gate: 'spToken', choice: 'done', why: 'replaced it', actor: operator },
    null,
  );
  const ready = await world.settled();
  world.secrets.set('env:TEST_USER_PASSWORD', `${testUserPassword}-wrong`);
  const withWrongPassword = await world.setUp(specification(withToken));

  const histories = await historiesAsText(world);
  const answers = JSON.stringify([atGate, ready, withWrongPassword]);
  expect(ready.state).toBe('ready');
  expect(histories).toContain('env:ORG2ORG_TOKEN');
  for (const secret of [plantedToken, testUserPassword, world.sandbox.sp.token, world.sandbox.idp.token]) {
    expect(histories).not.toContain(secret);
    expect(answers).not.toContain(secret);
  }
});

it('no private key, assertion or access token stands in a history, with OAuth 2.0', async () => {
  world = await startWorld();
  expect((await world.setUp()).state).toBe('ready');
  const histories = await historiesAsText(world);
  expect(histories).toContain('serviceClient');
  expect(histories).not.toMatch(/PRIVATE KEY|"d":"|client_assertion|eyJhbGciOi|SAMLResponse|sessionToken/);
});
