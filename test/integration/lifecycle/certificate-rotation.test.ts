import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { asObject } from '../../../sandbox/core/routing.js';
import type { OperationStatus } from '../../../src/domain/federation.js';
import { RotationOptions } from '../../../src/domain/rotation.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { objects } from '../../world/okta-admin.js';
import { problems } from '../../world/problems.js';
import { SignIns, signedIn } from '../../world/sign-ins.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, operator, type World } from '../../world/world.js';

let world: World;
let operations: AgreedOperations;

let people: SignIns;
let old: string;

const patience = { timeout: 60_000, interval: 50 };

beforeAll(async () => {
  world = await startWorld();
  operations = new AgreedOperations(world);
  expect(problems(await world.setUp())).toEqual([]);
  people = await SignIns.of(world);
});
beforeEach(() => {
  old = signingKid();
  world.sandbox.faults.remove();
  world.sandbox.requests.clear();
});
afterAll(() => world.stop());

const between = (switchAfterMinutes: number, removeAfterMinutes: number) => ({
  switchAfterMinutes,
  removeAfterMinutes,
});
const options = (waits = between(0, 0)) => RotationOptions.parse({ what: 'certificate', between: waits });

function order(what: 'goOn' | 'revoke') {
  return world.federations.orderRotation(federationId, { order: what, by: operator.name, why: 'a test says so' });
}

const org2orgApp = () => {
  const app = world.sandbox.idp.org.apps.find(({ name }) => name === 'okta_org2org');
  if (app === undefined) throw new Error('no app');
  return app;
};

function fault(what: Record<string, unknown>) {
  return world.sandbox.faults.add(FaultRequest.parse(what));
}

/** Takes every key away that an earlier roll-over has left in the app. */
function onlyActiveKey(): void {
  const { appKeys } = world.sandbox.idp.org;
  appKeys.set(
    org2orgApp().id,
    (appKeys.get(org2orgApp().id) ?? []).filter(({ kid }) => kid === signingKid()),
  );
}

function signingKid(): string {
  return String((org2orgApp().credentials.signing as { kid: string }).kid);
}

/** The certificates of both orgs: what signs, what is trusted, how many the key store of the SP org holds. */
async function certificates() {
  const { idp, sp } = world.sandbox;
  const keys = idp.org.appKeys.get(org2orgApp().id) ?? [];
  const nameOf = (kid: string | undefined) => (kid === old ? 'old' : 'new');
  const stored = objects(await world.spAdmin.get('/api/v1/idps/credentials/keys'));
  const trusted = (kid: string) => {
    const thumbprint = stored.find((key) => key.kid === kid)?.['x5t#S256'];
    return nameOf(keys.find(({ x5tS256 }) => x5tS256 === thumbprint)?.kid);
  };
  const [provider] = sp.org.identityProviders.all();
  const { trust } = asObject(provider?.protocol.credentials) as { trust: { kid: string; additionalKids?: string[] } };
  return {
    signs: nameOf(signingKid()),
    trusts: [trust.kid, ...(trust.additionalKids ?? [])].map(trusted),
    stored: stored.length,
  };
}

const waitsIn = (name: string) => (status: OperationStatus) =>
  status.steps.some((step) => step.name === name && step.checks.some(({ result }) => result === 'unknown'));

describe('a roll-over of the certificate', () => {
  it('ends with one trusted certificate, the new one; a PUT right after it writes nothing', async () => {
    const status = await operations.carryOut('rotation', options());
    expect(stops(status)).toEqual([]);
    expect(status.outcome).toBe('done');
    expect(await certificates()).toEqual({ signs: 'new', trusts: ['new'], stored: 1 });
    expect(world.writes()).toEqual([
      { org: 'idp', operation: 'generateApplicationKey' },
      { org: 'sp', operation: 'createIdentityProviderKey' },
      { org: 'sp', operation: 'replaceIdentityProvider' },
      { org: 'idp', operation: 'replaceApplication' },
      { org: 'sp', operation: 'replaceIdentityProvider' },
      { org: 'sp', operation: 'deleteIdentityProviderKey' },
    ]);
    world.sandbox.requests.clear();
    expect(problems(await world.setUp())).toEqual([]);
    expect(world.writes()).toEqual([]);
  });

  it('waits between its steps, goes on when it is told to, and lets no second one begin meanwhile', async () => {
    await operations.start('rotation', options(between(60, 60)));
    await operations.settled('rotation', waitsIn('beforeSwitch'));
    expect(await certificates()).toEqual({ signs: 'old', trusts: ['old', 'new'], stored: 2 });
    expect((await operations.start('rotation', options(between(60, 60)))).started).toBe(false);
    await expect(operations.start('rotation', options())).rejects.toMatchObject({
      problem: { code: 'O2O_OPERATION_RUNNING' },
    });
    await order('goOn');
    await operations.settled('rotation', waitsIn('beforeRemoval'));
    expect(await certificates()).toEqual({ signs: 'new', trusts: ['old', 'new'], stored: 2 });
    await order('goOn');
    expect(stops(await operations.settled('rotation'))).toEqual([]);
    await expect(order('goOn')).rejects.toMatchObject({ problem: { code: 'O2O_ROTATION_STATE' } });
  });

  it.each(['beforeSwitch', 'beforeRemoval'])(
    'is taken back in %s, and nothing is left over in the SP org',
    async (at) => {
      await operations.start('rotation', options(at === 'beforeSwitch' ? between(60, 0) : between(0, 60)));
      await operations.settled('rotation', waitsIn(at));
      await order('revoke');
      if (at === 'beforeRemoval') {
        await operations.settled('rotation', waitsIn('revocation'));
        await order('goOn');
      }
      const status = await operations.settled('rotation');
      expect(status.outcome).toBe('stopped');
      expect(stops(status)).toContain('revocation: O2O_ROTATION_REVOKED');
      expect(await certificates()).toEqual({ signs: 'old', trusts: ['old'], stored: 1 });
      world.sandbox.requests.clear();
      expect(problems(await world.setUp())).toEqual([]);
      expect(world.writes()).toEqual([]);
    },
  );

  it('takes the key that one which was taken back has left in the app, as Okta deletes none', async () => {
    const count = () => world.sandbox.idp.org.appKeys.get(org2orgApp().id)?.length;
    const before = count();
    expect(stops(await operations.carryOut('rotation', options()))).toEqual([]);
    expect(count()).toBe(before);
    expect(await certificates()).toEqual({ signs: 'new', trusts: ['new'], stored: 1 });
  });

  it.each(['generateApplicationKey', 'createIdentityProviderKey', 'replaceIdentityProvider', 'replaceApplication'])(
    'is taken back by an order that arrives while %s is under way; people sign in with the old key',
    async (operation) => {
      onlyActiveKey();
      const org = /Application/.test(operation) ? 'idp' : 'sp';
      const slow = fault({ org, operation, kind: 'slowAfter', delayMs: 1_500 });
      await operations.start('rotation', options());
      await expect.poll(() => slow.hits, patience).toBe(1);
      await order('revoke');
      const status = await operations.settled('rotation');
      expect(stops(status)).toContain('revocation: O2O_ROTATION_REVOKED');
      expect(await certificates()).toEqual({ signs: 'old', trusts: ['old'], stored: 1 });
      expect(await (await people.begin()).end()).toEqual(signedIn);
    },
  );

  it('is taken back by order while it waits for an org that refuses the switch for the moment', async () => {
    const away = fault({ org: 'idp', operation: 'replaceApplication', kind: 'status', status: 503, count: null });
    await operations.start('rotation', options());
    await operations.settled('rotation', ({ steps }) =>
      steps.some(({ name, state }) => name === 'keySwitch' && state === 'waiting'),
    );
    world.sandbox.faults.remove(away.id);
    await order('revoke');
    const status = await operations.settled('rotation');
    expect(stops(status)).toContain('revocation: O2O_ROTATION_REVOKED');
    expect(await certificates()).toEqual({ signs: 'old', trusts: ['old'], stored: 1 });
    expect(await (await people.begin()).end()).toEqual(signedIn);
  });

  it('signs with the old key alone although a switch that was given up is carried out after it was taken back', async () => {
    await operations.start('rotation', options(between(0, 60)));
    await operations.settled('rotation', waitsIn('beforeRemoval'));
    const { signing } = org2orgApp().credentials;
    await order('revoke');
    await operations.settled('rotation', waitsIn('revocation'));
    expect(await certificates()).toMatchObject({ signs: 'old', trusts: ['old', 'new'] });
    org2orgApp().credentials.signing = signing;
    await order('goOn');
    expect(stops(await operations.settled('rotation'))).toContain('revocation: O2O_ROTATION_REVOKED');
    expect(await certificates()).toEqual({ signs: 'old', trusts: ['old'], stored: 1 });
    expect(await (await people.begin()).end()).toEqual(signedIn);
  });

  it.each([
    ['replaceIdentityProvider', 1],
    ['deleteIdentityProviderKey', 0],
  ] as const)('refuses to be taken back from its end on, in %s', async (operation, skip) => {
    const slow = fault({ org: 'sp', operation, skip, kind: 'slowAfter', delayMs: 1_500 });
    await operations.start('rotation', options());
    await expect.poll(() => slow.hits, patience).toBe(1);
    await expect(order('revoke')).rejects.toMatchObject({ problem: { code: 'O2O_ROTATION_STATE' } });
    expect(stops(await operations.settled('rotation'))).toEqual([]);
    expect(await certificates()).toEqual({ signs: 'new', trusts: ['new'], stored: 1 });
  });

  it('is taken back by itself where the sign-on of the test user fails with the new key', async () => {
    await operations.start('rotation', options(between(60, 0)));
    await operations.settled('rotation', waitsIn('beforeSwitch'));
    (org2orgApp().settings.app as Record<string, unknown>).acsUrl = 'https://elsewhere.example/acs';
    await order('goOn');
    const status = await operations.settled('rotation');
    expect(stops(status)).toContain('signOn: O2O_SIGN_ON_FAILED');
    expect(await certificates()).toEqual({ signs: 'old', trusts: ['old'], stored: 1 });
  });
});
