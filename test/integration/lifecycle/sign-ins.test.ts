import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OperationStatus } from '../../../src/domain/federation.js';
import { RotationOptions } from '../../../src/domain/rotation.js';
import type { SignOnTrace } from '../../../src/okta/sign-on.js';
import { AgreedOperations, stops } from '../../world/agreed-operations.js';
import { problems } from '../../world/problems.js';
import { SignIns, signedIn } from '../../world/sign-ins.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, operator, type World } from '../../world/world.js';

/** How many people sign in while the certificate rolls over, and while it is taken back; how many at the same time. */
const signIns = 200;
const signInsTakenBack = 100;
const atATime = 4;

let world: World;
let operations: AgreedOperations;
let people: SignIns;
let old: string | null;

beforeAll(async () => {
  world = await startWorld();
  expect(problems(await world.setUp())).toEqual([]);
  operations = new AgreedOperations(world);
  people = await SignIns.of(world);
});
beforeEach(async () => {
  old = (await people.begin()).signedWith;
});
afterAll(() => world.stop());

const begin = () =>
  operations.start(
    'rotation',
    RotationOptions.parse({ what: 'certificate', between: { switchAfterMinutes: 60, removeAfterMinutes: 60 } }),
  );

const order = (what: 'goOn' | 'revoke') =>
  world.federations.orderRotation(federationId, { order: what, by: operator.name, why: 'a test says so' });

const waitsIn = (name: string) => (status: OperationStatus) =>
  status.steps.some((step) => step.name === name && step.checks.some(({ result }) => result === 'unknown'));

const ends = () => operations.settled('rotation');

/** The roll-over once it waits in this step. */
async function waiting(name: string): Promise<void> {
  expect(waitsIn(name)(await operations.settled('rotation', waitsIn(name)))).toBe(true);
}

/**
 * Lets at least so many people sign in while the certificate rolls over: all the time until that has ended.
 *
 * @param rollsOver is given what waits until so many more have signed in.
 */
async function signInMeanwhile(
  atLeast: number,
  rollsOver: (more: (count: number) => Promise<void>) => Promise<void>,
): Promise<readonly SignOnTrace[]> {
  const traces: SignOnTrace[] = [];
  let over = false;
  const signInAllTheTime = async () => {
    while (!over || traces.length < atLeast) traces.push(await people.once());
  };
  const all = Promise.all(Array.from({ length: atATime }, signInAllTheTime));
  const more = async (count: number) => {
    const goal = traces.length + count;
    while (traces.length < goal) await Promise.race([all, new Promise((resolve) => setTimeout(resolve, 10))]);
  };
  try {
    await rollsOver(more);
  } finally {
    over = true;
    await all;
  }
  return traces;
}

function expectAllArrived(traces: readonly SignOnTrace[], atLeast: number): void {
  expect(traces.filter(({ result }) => result !== 'arrived')).toEqual([]);
  expect(traces.length).toBeGreaterThanOrEqual(atLeast);
  const signedWith = new Set(traces.map(({ responses }) => responses[0]?.certificateThumbprint));
  expect(signedWith.size).toBe(2);
}

describe('people who sign in all the time while the certificate rolls over', () => {
  it(`all get in where it is taken back at each of its waits: ${signInsTakenBack} sign-ins, none fails, with both keys`, async () => {
    const traces = await signInMeanwhile(signInsTakenBack, async (more) => {
      await begin();
      await waiting('beforeSwitch');
      await more(signInsTakenBack / 8);
      await order('revoke');
      expect(stops(await ends())).toContain('revocation: O2O_ROTATION_REVOKED');
      await more(signInsTakenBack / 8);
      await begin();
      await waiting('beforeSwitch');
      await order('goOn');
      await waiting('beforeRemoval');
      await more(signInsTakenBack / 8);
      await order('revoke');
      await waiting('revocation');
      await more(signInsTakenBack / 8);
      await order('goOn');
      expect(stops(await ends())).toContain('revocation: O2O_ROTATION_REVOKED');
      await more(signInsTakenBack / 8);
    });
    expectAllArrived(traces, signInsTakenBack);
    expect((await people.begin()).signedWith).toBe(old);
  }, 900_000);

  it(`all get in: ${signIns} sign-ins, none fails, with the old key and with the new one`, async () => {
    const traces = await signInMeanwhile(signIns, async (more) => {
      await begin();
      for (const step of ['beforeSwitch', 'beforeRemoval']) {
        await waiting(step);
        await more(signIns / 4);
        await order('goOn');
      }
      expect(stops(await ends())).toEqual([]);
      await more(signIns / 4);
    });
    expectAllArrived(traces, signIns);
  }, 900_000);
});

describe('a sign-in that began before a step of a roll-over and ends after it', () => {
  it('succeeds at every step of one that is taken back before the switch', async () => {
    const first = await people.begin();
    await begin();
    await waiting('beforeSwitch');
    expect(await first.end()).toEqual(signedIn);
    const second = await people.begin();
    await order('revoke');
    expect((await ends()).outcome).toBe('stopped');
    expect(await second.end()).toEqual(signedIn);
    expect([first.signedWith, second.signedWith]).toEqual([old, old]);
  });

  it('succeeds at every step of one that is taken back after the switch', async () => {
    await begin();
    await waiting('beforeSwitch');
    const first = await people.begin();
    await order('goOn');
    await waiting('beforeRemoval');
    expect(await first.end()).toEqual(signedIn);
    const second = await people.begin();
    await order('revoke');
    await waiting('revocation');
    expect(await second.end()).toEqual(signedIn);
    const third = await people.begin();
    await order('goOn');
    expect((await ends()).outcome).toBe('stopped');
    expect(await third.end()).toEqual(signedIn);
    expect([first.signedWith, third.signedWith]).toEqual([old, old]);
    expect(second.signedWith).not.toBe(old);
  });

  it('succeeds at every step of one that goes through', async () => {
    const first = await people.begin();
    await begin();
    await waiting('beforeSwitch');
    expect(await first.end()).toEqual(signedIn);
    const second = await people.begin();
    await order('goOn');
    await waiting('beforeRemoval');
    expect(await second.end()).toEqual(signedIn);
    const third = await people.begin();
    await order('goOn');
    expect(stops(await ends())).toEqual([]);
    expect(await third.end()).toEqual(signedIn);
    expect([first.signedWith, second.signedWith]).toEqual([old, old]);
    expect(third.signedWith).not.toBe(old);
  });
});
