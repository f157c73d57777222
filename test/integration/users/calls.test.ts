import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareCalls, type OperationCalls, total } from '../../../bench/setup-calls.js';
import { fewestOffboardingCalls, fewestOnboardingCalls } from '../../../bench/users/fewest-user-calls.js';
import type { People } from '../../world/people.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import type { World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld());
  for (const login of ['before@acme.example', 'counted@acme.example']) await people.inIdp(login);
  expect(problemsOf(await users.carryOut('onboard', 'before@acme.example'))).toEqual([]);
});
afterAll(() => world.stop());

/** What a transition asked Okta for. What is shared by all users of ten seconds was asked a moment before, or is left out. */
async function asked(kind: 'onboard' | 'offboard'): Promise<readonly OperationCalls[]> {
  await world.sandbox.idle();
  world.sandbox.requests.clear();
  expect(problemsOf(await users.carryOut(kind, 'counted@acme.example'))).toEqual([]);
  const shared = ['getDefaultProvisioningConnectionForApplication', 'getIdentityProvider'];
  const made = world.sandbox.requestsTo().filter(({ operation }) => !shared.includes(operation ?? ''));
  return compareCalls(made, kind === 'onboard' ? fewestOnboardingCalls : fewestOffboardingCalls);
}

const beyond = (calls: readonly OperationCalls[]) =>
  calls
    .filter(({ actual, fewest }) => actual !== fewest)
    .map(({ org, operation, actual, fewest }) => `${org} ${operation}: ${actual} for ${fewest}`);

it('onboarding and offboarding ask Okta for little more than they cannot do without', async () => {
  const onboarding = await asked('onboard');
  expect(total(onboarding).actual / total(onboarding).fewest).toBeLessThanOrEqual(1.2);
  expect(beyond(await asked('offboard'))).toEqual(['idp getApplicationUser: 3 for 2']);
});
