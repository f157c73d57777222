import { afterEach, describe, expect, it } from 'vitest';
import { findOrg } from '../../src/config/org-registry.js';
import { historiesAsText } from '../world/histories.js';
import { startWorld, startWorldWithoutWorkers } from '../world/start-world.js';
import {
  customDomain,
  federationId,
  operator,
  specification,
  testUserPassword,
  type World,
  withoutPeople,
} from '../world/world.js';

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

async function stoppedStep(document: Record<string, unknown>) {
  const { steps } = await world.setUp(document);
  const step = steps.find(({ state }) => state !== 'done');
  return { step: step?.name, state: step?.state, problem: step?.problem };
}

describe('a specification', () => {
  it.each([
    ['spToken', { provisioning: { auth: 'token', token: 'env:PLANTED' } }],
    ['signOn', { signOn: { testUser: { login: 'ada@acme.example', password: 'env:PLANTED' } } }],
  ])('does not make a worker resolve a secret that its registry does not list (%s)', async (step, part) => {
    world = await startWorld();
    world.secrets.set('env:PLANTED', plantedToken);
    expect(await stoppedStep(withoutPeople(part))).toMatchObject({
      step,
      state: 'stopped',
      problem: { code: 'O2O_SECRET_NOT_ALLOWED', org: 'acme', message: expect.stringContaining('env:PLANTED') },
    });
    expect(world.resolved).not.toContain('env:PLANTED');
  });

  it('does not make a worker plan with a secret that its registry does not list', async () => {
    world = await startWorld();
    world.secrets.set('env:PLANTED', plantedToken);
    await world.send('plan', withoutPeople({ provisioning: { auth: 'token', token: 'env:PLANTED' } }));
    expect((await world.settled()).lastPlan?.steps.map(({ problem }) => problem?.code)).toContain(
      'O2O_SECRET_NOT_ALLOWED',
    );
    expect(world.resolved).not.toContain('env:PLANTED');
  });

  it("does not make a worker give the SP token to an address that is none of the SP org's in its own registry", async () => {
    world = await startWorldWithoutWorkers();
    world.orgs.set('partner', { ...findOrg(world.orgs, 'partner'), alsoAt: [] });
    world.secrets.set('env:ORG2ORG_TOKEN', world.sandbox.sp.token);
    await world.startWorkers();
    const document = withoutPeople({
      org2orgApp: { baseUrl: customDomain },
      provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' },
    });
    expect(await stoppedStep(document)).toMatchObject({
      state: 'stopped',
      problem: { code: 'O2O_ADDRESS_NOT_ALLOWED', org: 'acme', message: expect.stringContaining(customDomain) },
    });
    expect(world.resolved).not.toContain('env:ORG2ORG_TOKEN');
  });
});
