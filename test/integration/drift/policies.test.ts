import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setPath } from '../../../src/domain/identity-provider.js';
import { AgreedOperations } from '../../world/agreed-operations.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { checkDrift } from '../../world/verification-and-drift.js';
import { type World, withoutPeople } from '../../world/world.js';

let world: World;
let provider: string;

beforeAll(async () => {
  world = await startWorld();
  const answer = await world.setUp(withoutPeople());
  expect(problems(answer)).toEqual([]);
  provider = `/api/v1/idps/${answer.known.identityProviderId}`;
});

afterAll(() => world.stop());

/** Changes what security rests on and what it does not. */
async function changeByHand(): Promise<void> {
  const whole = structuredClone((await world.spAdmin.get(provider)) as Record<string, unknown>);
  setPath(whole, 'policy.subject.matchType', 'EMAIL');
  setPath(whole, 'policy.maxClockSkew', 1_000);
  await world.spAdmin.put(provider, whole);
  world.sandbox.requests.clear();
}

async function swapCertificate(): Promise<void> {
  const { known } = await world.federations.get('acme-to-partner');
  const path = `/api/v1/apps/${known.org2orgAppId}`;
  const key = (await world.idpAdmin.post(`${path}/credentials/keys/generate?validityYears=2`)) as { kid: string };
  const app = structuredClone((await world.idpAdmin.get(path)) as Record<string, unknown>);
  setPath(app, 'credentials.signing.kid', key.kid);
  await world.idpAdmin.put(path, app);
  world.sandbox.requests.clear();
}

const written = () => world.writes().map(({ org, operation }) => `${org} ${operation}`);

describe('drift of what security rests on', () => {
  it('is only reported where nobody asked for more, in the words of the specification', async () => {
    await changeByHand();
    const { drift, outcome } = await checkDrift(world);
    expect(outcome).toBe('done');
    expect(drift?.differences).toEqual([
      expect.objectContaining({
        org: 'partner',
        resource: 'identityProvider',
        field: 'policy.subject.matchType',
        specification: 'identityProvider.subjectMatch',
        agreed: 'USERNAME',
        found: 'EMAIL',
        security: true,
        mended: false,
        changed: expect.objectContaining({ eventType: 'system.idp.lifecycle.update', actorType: 'User' }),
      }),
      expect.objectContaining({ specification: 'identityProvider.maxClockSkew', security: false }),
    ]);
    expect(written()).toEqual([]);
  });

  it('is left alone where a rule says that it is wanted', async () => {
    const ignore = [{ resource: 'identityProvider', field: 'identityProvider.subjectMatch' }];
    const { drift, steps } = await checkDrift(world, { policy: 'mend', ignore });
    expect(drift?.differences).toMatchObject([{ ignored: true }, { ignored: false }]);
    const changes = steps.find(({ name }) => name === 'identityProvider')?.assessment?.changes;
    expect(changes?.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(['policy.maxClockSkew']);
    expect(written()).toEqual([]);
  });

  it('waits for a person, and stays where that person says so', async () => {
    const asked = await checkDrift(world, { policy: 'gate' });
    const gate = asked.steps.find((step) => step.gate?.state === 'open')?.gate;
    expect(gate).toMatchObject({ name: 'securityDrift', role: 'operator' });
    await expect(world.send('setup', withoutPeople())).rejects.toMatchObject({ code: 'O2O_OPERATION_RUNNING' });
    await world.answer('securityDrift', 'leave');
    expect(await new AgreedOperations(world).settled('drift')).toMatchObject({ outcome: 'stopped' });
    expect(written()).toEqual([]);
  });

  it('is brought back once a person has agreed', async () => {
    await checkDrift(world, { policy: 'gate' });
    await world.answer('securityDrift', 'mend');
    const { drift, outcome } = await new AgreedOperations(world).settled('drift');
    expect(outcome).toBe('done');
    expect(drift?.differences).toMatchObject([{ mended: true }, { mended: true }]);
    expect(written()).toEqual(['sp replaceIdentityProvider']);
    expect((await checkDrift(world)).drift).toEqual({ differences: [], problems: [] });
  });

  it('is brought back at once where the policy says so', async () => {
    await changeByHand();
    const { drift } = await checkDrift(world, { policy: 'mend' });
    expect(drift?.differences).toMatchObject([{ mended: true }, { mended: true }]);
    expect(written()).toEqual(['sp replaceIdentityProvider']);
  });

  it('trusts a new certificate only when a person says so', async () => {
    await swapCertificate();
    const asked = await checkDrift(world, { policy: 'mend' });
    expect(asked.steps.find((step) => step.gate?.state === 'open')?.gate?.name).toBe('securityDrift');
    expect(written()).toEqual([]);
    await world.answer('securityDrift', 'leave');
    await new AgreedOperations(world).settled('drift');
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });
});

it('a drift check makes the same calls however many users there are', async () => {
  const calls = async () => {
    world.sandbox.requests.clear();
    await checkDrift(world);
    return world.sandbox.requestsTo(undefined, {}).map(({ org, operation }) => `${org} ${operation}`);
  };
  const few = await calls();
  const ids: string[] = [];
  for (let user = 0; user < 60; user += 1)
    ids.push(await world.idpAdmin.addUser(`many-${user}@acme.example`, 'P4711-abcdef'));
  const group = world.sandbox.idp.org.groups.find(({ profile }) => profile.name === 'Partner users')?.id;
  for (const user of ids) await world.idpAdmin.put(`/api/v1/groups/${group}/users/${user}`);
  await world.sandbox.idle();
  expect(await calls()).toEqual(few);
});
