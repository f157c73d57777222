import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationStatus } from '../../../src/domain/federation.js';
import { RotationOptions } from '../../../src/domain/rotation.js';
import { type SignOnTrace, signOn } from '../../../src/okta/sign-on.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, operator, testUserPassword, type World } from '../../world/world.js';

/** How many people sign in while the certificate rolls over, and how many of them at the same time. */
const signIns = 200;
const atATime = 4;

let world: World;

beforeAll(async () => {
  world = await startWorld();
  expect(problems(await world.setUp())).toEqual([]);
});
afterAll(() => world.stop());

async function signInOnce(embedLink: string, targetApp: string): Promise<SignOnTrace> {
  const { idp, sp } = world.sandbox;
  return signOn({
    idpUrl: idp.url,
    spUrl: sp.url,
    login: 'ada@acme.example',
    password: testUserPassword,
    embedLink,
    targetApp: { link: targetApp, origins: 'discover' },
  });
}

const waitsIn = (name: string) => (status: OperationStatus) =>
  status.steps.some((step) => step.name === name && step.checks.some(({ result }) => result === 'unknown'));

describe('people who sign in all the time while the certificate rolls over', () => {
  it(`all get in: ${signIns} sign-ins, none fails, with the old key and with the new one`, async () => {
    const operations = new AgreedOperations(world);
    const { known } = await world.federations.get(federationId);
    const app = await world.idpAdmin.get(`/api/v1/apps/${known.org2orgAppId}`);
    const embedLink = (app as { _links: { appLinks: { href: string }[] } })._links.appLinks[0]?.href ?? '';
    const traces: SignOnTrace[] = [];
    let rollsOver = true;
    const signInAllTheTime = async () => {
      while (rollsOver || traces.length < signIns) {
        traces.push(await signInOnce(embedLink, known.targetAppSsoUrl ?? ''));
      }
    };
    const people = Promise.all(Array.from({ length: atATime }, signInAllTheTime));
    const moreSignedIn = async (count: number) => {
      const goal = traces.length + count;
      while (traces.length < goal) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const goOn = () =>
      world.federations.orderRotation(federationId, { order: 'goOn', by: operator.name, why: 'a test says so' });
    const between = { switchAfterMinutes: 60, removeAfterMinutes: 60 };
    await operations.start('rotation', RotationOptions.parse({ what: 'certificate', between }));
    for (const step of ['beforeSwitch', 'beforeRemoval']) {
      await operations.settled('rotation', waitsIn(step));
      await moreSignedIn(signIns / 4);
      await goOn();
    }
    const status = await operations.settled('rotation');
    await moreSignedIn(signIns / 4);
    rollsOver = false;
    await people;
    expect(stops(status)).toEqual([]);
    expect(traces.filter(({ result }) => result !== 'arrived')).toEqual([]);
    expect(traces.length).toBeGreaterThanOrEqual(signIns);
    const signedWith = new Set(traces.map(({ responses }) => responses[0]?.certificateThumbprint));
    expect(signedWith.size).toBe(2);
  }, 900_000);
});
