import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { RotationOptions } from '../../../src/domain/rotation.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { lifecycleWrites } from '../../world/lifecycle-writes.js';
import { problems } from '../../world/problems.js';
import { problemsOf } from '../../world/users.js';
import { federationId, operator, withoutPeople } from '../../world/world.js';

const byToken = { provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } };
const byOauth = { provisioning: { auth: 'oauth2' } };

let at: FederatedWorld;
let operations: AgreedOperations;

beforeAll(async () => {
  at = await FederatedWorld.start(byToken);
  operations = new AgreedOperations(at.world);
});
beforeEach(() => {
  at.world.sandbox.faults.remove();
  at.world.sandbox.requests.clear();
});
afterAll(() => at.stop());

const options = (what: 'clientKey' | 'tokenToOauth') => RotationOptions.parse({ what });

/** How the IdP org connects to the SP org, and how many service apps the SP org has for it. */
function connection() {
  const { idp, sp } = at.world.sandbox;
  const { id = '' } = idp.org.apps.find(({ name }) => name === 'okta_org2org') ?? {};
  const { authScheme, status, rotationMode } = idp.org.connections.get(id) ?? {};
  const clients = sp.org.apps.filter(({ name }) => name === 'oidc_client').length;
  return { authScheme, status, rotationMode, clients };
}

/** The operations that write on the way from token to OAuth, each once. */
const distinct = lifecycleWrites.tokenToOauth
  .filter(({ operation }, at, all) => all.findIndex((write) => write.operation === operation) === at)
  .map(({ org, operation }) => ({ org, operation }));

const withToken = { authScheme: 'TOKEN', status: 'ENABLED', rotationMode: null, clients: 0 };
const withKey = { authScheme: 'OAUTH2', status: 'ENABLED', rotationMode: 'AUTO', clients: 1 };

const connectionWrites = () =>
  at.world.writes().filter(({ operation }) => /ProvisioningConnection/.test(operation ?? ''));

async function putChangesNothing(document: Record<string, unknown>): Promise<void> {
  at.world.sandbox.requests.clear();
  expect(problems(await at.world.setUp(withoutPeople(document)))).toEqual([]);
  expect(at.world.writes()).toEqual([]);
}

/** Goes from token to OAuth 2.0 while the SP org refuses a call. */
async function refused(call: { operation: string; from?: string; errorCode?: string }) {
  const request = { org: 'sp', kind: 'status', status: 403, count: null, ...call };
  const fault = at.world.sandbox.faults.add(FaultRequest.parse(request));
  const status = await operations.carryOut('rotation', options('tokenToOauth'));
  at.world.sandbox.faults.remove(fault.id);
  expect(fault.hits).toBeGreaterThan(0);
  return status;
}

describe('from API token to OAuth 2.0', () => {
  it('is taken back where the new connection does not hold: the token connects, and the new client is gone', async () => {
    const status = await refused({ operation: 'oauth2Token', from: 'provisioning' });
    expect(status.outcome).toBe('stopped');
    expect(stops(status)).toContain('provisioningConnection: O2O_CONNECTION_REFUSED');
    expect(connection()).toEqual(withToken);
    await putChangesNothing(byToken);
  });

  it('is taken back where the SP org refuses the new client a role: the client that was half made is gone', async () => {
    const status = await refused({ operation: 'assignRoleToClient', errorCode: 'E0000006' });
    expect(stops(status)).toContain('serviceClient: O2O_OKTA_PERMISSION_MISSING');
    expect(connection()).toEqual(withToken);
    await putChangesNothing(byToken);
  });

  it.each(distinct)('is taken back by an order that arrives while $org $operation is under way', async (write) => {
    const { faults } = at.world.sandbox;
    const slow = faults.add(FaultRequest.parse({ ...write, kind: 'slowAfter', delayMs: 1_500 }));
    await operations.start('rotation', options('tokenToOauth'));
    await expect.poll(() => slow.hits, { timeout: 60_000, interval: 50 }).toBe(1);
    await at.world.federations.orderRotation(federationId, { order: 'revoke', by: operator.name, why: 'too early' });
    const status = await operations.settled('rotation');
    expect(status.outcome).toBe('stopped');
    expect(stops(status)).toContain('revocation: O2O_ROTATION_REVOKED');
    expect(connection()).toEqual(withToken);
    await putChangesNothing(byToken);
  });

  it('connects anew in one call, without a time in which the connection is off, and provisions as before', async () => {
    const status = await operations.carryOut('rotation', options('tokenToOauth'));
    expect(stops(status)).toEqual([]);
    expect(status.outcome).toBe('done');
    expect(connection()).toEqual(withKey);
    expect(connectionWrites()).toEqual([
      { org: 'idp', operation: 'updateDefaultProvisioningConnectionForApplication' },
    ]);
    const { checks } = status.steps.find(({ name }) => name === 'oldToken') ?? {};
    expect(checks).toMatchObject([{ result: 'unknown', fix: expect.stringMatching(/^Revoke it in partner/) }]);
    await at.newcomer('first@acme.example');
    expect(problemsOf(await at.users.carryOut('onboard', 'first@acme.example'))).toEqual([]);
    await putChangesNothing(byOauth);
  });
});

describe('users who come on the way from API token to OAuth 2.0', () => {
  it('are provisioned, whichever of its writing calls is under way', async () => {
    const there = await FederatedWorld.start(byToken);
    try {
      const { faults, idle } = there.world.sandbox;
      const calls = lifecycleWrites.tokenToOauth.map(({ org, operation }, at, all) => {
        const nth = all.slice(0, at).filter((write) => write.operation === operation).length + 1;
        return faults.add(FaultRequest.parse({ org, operation, nth, kind: 'slowAfter', delayMs: 1_500 }));
      });
      const people = calls.map((_call, at) => `meanwhile-${at}@acme.example`);
      for (const login of people) await there.newcomer(login);
      const rotations = new AgreedOperations(there.world);
      await rotations.start('rotation', options('tokenToOauth'));
      const onboarded = await Promise.all(
        calls.map(async (call, at) => {
          await expect.poll(() => call.hits, { timeout: 120_000, interval: 25 }).toBe(1);
          return problemsOf(await there.users.carryOut('onboard', people[at] ?? ''));
        }),
      );
      expect(stops(await rotations.settled('rotation'))).toEqual([]);
      expect(onboarded.flat()).toEqual([]);
      await idle();
      const held = people.map((login) => there.held(login));
      expect(held.map(({ sp, inAccessGroup }) => [sp?.status, inAccessGroup])).toEqual(
        people.map(() => ['ACTIVE', true]),
      );
    } finally {
      await there.stop();
    }
  });
});

describe('the key of the connection', () => {
  it("is Okta's to roll over: where it is so already, nothing is written", async () => {
    const status = await operations.carryOut('rotation', options('clientKey'));
    expect(stops(status)).toEqual([]);
    expect(at.world.writes()).toEqual([]);
    const { checks } = status.steps.find(({ name }) => name === 'connectionKey') ?? {};
    expect(checks).toMatchObject([{ result: 'passed', detail: expect.stringContaining('rotationMode AUTO') }]);
  });

  it("becomes one of the connection's own where it signed with the app's key", async () => {
    const { org } = at.world.sandbox.idp;
    const { id = '' } = org.apps.find(({ name }) => name === 'okta_org2org') ?? {};
    const held = org.connections.get(id);
    if (held !== undefined) held.rotationMode = 'MANUAL';
    const status = await operations.carryOut('rotation', options('clientKey'));
    expect(stops(status)).toEqual([]);
    expect(connection()).toEqual(withKey);
    expect(connectionWrites()).toHaveLength(1);
    await at.newcomer('second@acme.example');
    expect(problemsOf(await at.users.carryOut('onboard', 'second@acme.example'))).toEqual([]);
  });
});
