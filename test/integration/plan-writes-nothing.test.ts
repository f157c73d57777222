import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { federateByHand, HandMadeFederation } from '../../sandbox/control/hand-made-federation.js';
import { startWorld } from '../world/start-world.js';
import { customDomain, type World, withoutPeople } from '../world/world.js';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(() => world.stop());

/** What every part of the specification asks to be different. */
const everythingElse = withoutPeople({
  targetApp: { consoleWork: true, settings: { teamId: 'other' } },
  org2orgApp: { baseUrl: customDomain },
  identityProvider: { subjectMatch: 'EMAIL', subjectFilter: 'x', jit: false, accountLink: 'DISABLED' },
  provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN', features: { deactivate: false } },
  assignments: { groups: ['Partner users', 'Everyone'], users: ['grace@acme.example', 'nobody@acme.example'] },
  access: { group: 'Others' },
});

async function writesOfPlan(document: Record<string, unknown>): Promise<readonly unknown[]> {
  world.sandbox.requests.clear();
  const { operation } = await world.send('plan', document);
  await world.settled(({ lastPlan }) => lastPlan?.workflowId === operation.workflowId);
  return world.writes();
}

describe('a plan writes nothing', () => {
  it('on orgs in which all is as agreed, and on the same orgs when everything is asked to be different', async () => {
    await world.setUp(withoutPeople());
    expect(await writesOfPlan(withoutPeople())).toEqual([]);
    expect(await writesOfPlan(everythingElse)).toEqual([]);
  });

  it('on orgs in which everything was switched off by hand', async () => {
    const { known } = await world.setUp(withoutPeople());
    const { idpAdmin, spAdmin } = world;
    await spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    await spAdmin.post(`/api/v1/apps/${known.targetAppId}/lifecycle/deactivate`);
    await spAdmin.post(`/api/v1/apps/${known.serviceClientId}/lifecycle/deactivate`);
    await idpAdmin.post(`/api/v1/apps/${known.org2orgAppId}/connections/default/lifecycle/deactivate`);
    await idpAdmin.post(`/api/v1/apps/${known.org2orgAppId}/lifecycle/deactivate`);
    expect(await writesOfPlan(withoutPeople())).toEqual([]);
    expect(await writesOfPlan(everythingElse)).toEqual([]);
  });

  it('on orgs in which a person would have to choose', async () => {
    await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'One', identityProvider: 'One' }));
    await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'Two', identityProvider: 'Two' }));
    expect(await writesOfPlan(withoutPeople())).toEqual([]);
    expect(await writesOfPlan(everythingElse)).toEqual([]);
  });

  it('on orgs where a setup stopped half way', async () => {
    await world.setUp(withoutPeople({ assignments: { groups: ['Nobody yet'] } }));
    expect(await writesOfPlan(withoutPeople())).toEqual([]);
    expect(await writesOfPlan(everythingElse)).toEqual([]);
  });
});
