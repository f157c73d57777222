import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import type { Transition, TransitionKind } from '../../src/domain/user-lifecycle.js';
import { FederatedWorld } from '../world/federated-world.js';
import { afterHand, expected, expectHeld, type Model, modelOf } from '../world/user-model.js';
import { problemsOf } from '../world/users.js';

/** Cases that are tried, and where their choice begins: more with USER_EDITS, others with USER_SEED. */
const cases = Number(process.env.USER_EDITS ?? 30);
const seed = Number(process.env.USER_SEED ?? 20_040);

/** Worlds in which cases run beside each other: a fault hits a whole org. */
const worldCount = 3;

/** A transition of a user, and what somebody does to that user in a console while it is under way. */
interface Case {
  readonly from: 'none' | 'active' | 'suspended' | 'gone';
  readonly kind: TransitionKind;
  /** What an approver says where the user is protected. */
  readonly agrees: boolean;
  readonly hand: 'suspend' | 'unsuspend' | 'makeAdmin' | 'edit';
  /** During which call of the transition: before it takes effect, or before it is answered. */
  readonly during: { readonly side: 'idp' | 'sp'; readonly kind: 'slow' | 'slowAfter'; readonly nth: number };
}

const anyCase = fc.record<Case>({
  from: fc.constantFrom('none', 'active', 'active', 'active', 'suspended', 'gone'),
  kind: fc.constantFrom('onboard', 'update', 'suspend', 'resume', 'offboard', 'offboard', 'reactivate'),
  agrees: fc.boolean(),
  hand: fc.constantFrom('suspend', 'unsuspend', 'makeAdmin', 'makeAdmin', 'edit'),
  during: fc.record({
    side: fc.constantFrom('idp', 'sp'),
    kind: fc.constantFrom('slow', 'slowAfter'),
    nth: fc.integer({ min: 1, max: 4 }),
  }),
});

let worlds: readonly FederatedWorld[] = [];

beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: worldCount }, () => FederatedWorld.start()));
});
afterAll(() => Promise.all(worlds.map((world) => world.stop())));

/** Brings a new user to where the case begins. */
async function begin(world: FederatedWorld, login: string, from: Case['from']): Promise<void> {
  await world.newcomer(login);
  if (from === 'none') return;
  expect(problemsOf(await world.users.carryOut('onboard', login))).toEqual([]);
  if (from === 'suspended') await world.inConsole('sp', login, { status: 'suspend' });
  if (from === 'gone') expect(problemsOf(await world.users.carryOut('offboard', login))).toEqual([]);
  await world.world.sandbox.idle();
}

/** Does it by what the orgs show now. @returns whether there was something to do */
async function byHand(world: FederatedWorld, login: string, hand: Case['hand']): Promise<boolean> {
  if (hand === 'edit') {
    await world.inConsole('idp', login, { profile: { nickName: 'Edited' } });
    return true;
  }
  const now = modelOf(world, login);
  if (afterHand(now, hand) === now) return false;
  const change = hand === 'makeAdmin' ? { role: 'USER_ADMIN' } : { status: hand };
  return world.inConsole('sp', login, change).then(
    () => true,
    () => false,
  );
}

/** Answers the gates of a transition until it has ended. */
async function toItsEnd(world: FederatedWorld, login: string, number: number, agrees: boolean): Promise<Transition> {
  const answered = new Set<string>();
  const open = ({ steps }: Transition) =>
    steps.find(({ gate }) => gate?.state === 'open' && !answered.has(gate.name))?.gate ?? null;
  for (;;) {
    const transition = await world.users.settled(login, number, (one) => open(one) !== null);
    const gate = open(transition);
    if (transition.endedAt !== null || gate === null) return transition;
    answered.add(gate.name);
    const choice = gate.kind === 'protectedUser' ? (agrees ? 'proceed' : 'stop') : gate.choices[0]?.value;
    await world.users.answer(login, transition, choice ?? 'stop');
  }
}

function agreedTo({ steps }: Transition): boolean {
  return steps.some(({ gate }) => gate?.kind === 'protectedUser' && gate.answer?.choice === 'proceed');
}

async function live(world: FederatedWorld, login: string, { from, kind, agrees, hand, during }: Case): Promise<void> {
  await begin(world, login, from);
  const others = world.everybodyBut(login);
  const before = modelOf(world, login);
  const spId = world.held(login).sp?.id;
  const { side: org, kind: slow, nth } = during;
  const fault = world.world.sandbox.faults.add(FaultRequest.parse({ org, kind: slow, nth, delayMs: 500 }));
  const profile = kind === 'update' ? { lastName: 'Changed' } : null;
  const { transition } = await world.users.send(kind, login, { profile });
  const { number } = transition;
  await world.users.settled(login, number, ({ state }) => fault.hits > 0 || state === 'gate');
  const madeAdmin = (await byHand(world, login, hand)) && hand === 'makeAdmin';
  const done = hand === 'edit' ? (model: Model) => model : (model: Model) => afterHand(model, hand);
  const ended = await toItsEnd(world, login, number, agrees);
  world.world.sandbox.faults.remove();
  await world.world.sandbox.idle();

  const held = modelOf(world, login);
  const asIf = [
    expected(done(before), { kind, agrees }, 'Changed').after,
    done(expected(before, { kind, agrees }, 'Changed').after),
    expected(before, { kind, agrees }, 'Changed').after,
    done(before),
    before,
  ];
  expect(asIf, `${problemsOf(ended).join()} ends as if before, as if after, or not at all`).toContainEqual(held);
  expectHeld(world, login, held, spId ?? world.held(login).sp?.id);
  if (ended.state === 'done')
    expect(ended.after?.sp?.id).toBe(held.status === 'none' ? undefined : world.held(login).sp?.id);
  if (hand === 'edit') expect(world.held(login).idp?.profile.nickName).toBe('Edited');
  const lost = held.status === 'gone' || (held.status === 'suspended' && kind === 'suspend');
  if (madeAdmin && before.status === 'active' && lost) expect(agreedTo(ended), problemsOf(ended).join()).toBe(true);
  if (kind === 'offboard' && ended.state === 'done') {
    expect(ended.proof?.statements.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(['none', 'gone']).toContain(held.status);
  }
  expect(world.everybodyBut(login)).toEqual(others);
}

it(
  'whoever is edited in a console while a transition is under way ends as if that was before it, after it, or it stopped',
  async () => {
    await Promise.all(
      worlds.map((world, index) => {
        let next = 0;
        const property = fc.asyncProperty(anyCase, (chosen) => {
          next += 1;
          return live(world, `edited-${next}@acme.example`, chosen);
        });
        return fc.assert(property, { numRuns: Math.ceil(cases / worldCount), seed: seed + index, endOnFailure: true });
      }),
    );
  },
  cases * 30_000,
);
