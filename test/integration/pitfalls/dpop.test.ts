import { afterAll, beforeAll, expect, it } from 'vitest';
import { scopesOf } from '../../../demo/service-app.js';
import { findOrg } from '../../../src/config/org-registry.js';
import { edit } from '../../world/by-hand.js';
import { DiagnosedWorld, notPassed } from '../../world/diagnosis-world.js';
import { byServiceApp } from '../../world/preflights.js';
import { type World, withoutPeople } from '../../world/world.js';

let here: DiagnosedWorld;

/** Lets the worker into the SP org by a service app whose tokens are bound to its key. */
async function withDpop(world: World): Promise<void> {
  await byServiceApp(world, 'sp', { granted: scopesOf.sp });
  const { auth } = findOrg(world.orgs, 'partner');
  const clientId = auth !== null && 'privateKey' in auth ? auth.privateKey.clientId : '';
  await edit(world.spAdmin, `/api/v1/apps/${clientId}`, { 'settings.oauthClient.dpop_bound_access_tokens': true });
}

beforeAll(async () => {
  here = await DiagnosedWorld.start(withoutPeople(), withDpop);
});
afterAll(() => here.stop());

it('the DPoP proof is refused for a path with an @: a lookup by login asks the list instead', async () => {
  const { login } = await here.healthy('with-dpop');
  expect(notPassed(await here.diagnose(login))).toEqual([]);
  await here.diagnose('nobody-yet@acme.example');
  const lookups = here.world.sandbox.requestsTo('sp').filter(({ path }) => path.includes('%40acme.example'));
  expect(lookups.map(({ operation, status }) => [operation, status])).toEqual([
    ['getUser', 400],
    ['listUsers', 200],
  ]);
});
