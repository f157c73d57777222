import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import type { Transition, TransitionKind } from '../../src/domain/user-lifecycle.js';
import { FederatedWorld } from '../world/federated-world.js';
import { provenTooEarly } from '../world/proofs.js';
import { doByHand, expected, expectHeld, type Hand, type Model } from '../world/user-model.js';
import { problemsOf } from '../world/users.js';

/** Sequences that are tried, and where their choice begins: more with USER_SEQUENCES, others with USER_SEED. */
const sequences = Number(process.env.USER_SEQUENCES ?? 6);
const seed = Number(process.env.USER_SEED ?? 20_040);

/** Worlds in which sequences run beside each other: a fault hits a whole org. */
const worldCount = 3;

interface Command {
  readonly kind: TransitionKind;
  readonly fault: keyof typeof faults;
  readonly side: 'idp' | 'sp';
  readonly dryRun: boolean;
  /** What an approver says where the user is protected. */
  readonly agrees: boolean;
}

interface ByHand {
  readonly hand: Hand;
}

const faults = {
  none: null,
  answerLost: { kind: 'resetAfter' },
  unavailable: { kind: 'status', status: 503 },
  tooMany: { kind: 'rateLimit', resetSeconds: 1 },
};

const command = fc.record<Command>({
  kind: fc.constantFrom('onboard', 'update', 'suspend', 'resume', 'offboard', 'reactivate'),
  fault: fc.constantFrom('none', 'answerLost', 'unavailable', 'tooMany'),
  side: fc.constantFrom('idp', 'sp'),
  dryRun: fc.nat(5).map((choice) => choice === 0),
  agrees: fc.boolean(),
});
const byHand = fc.record<ByHand>({ hand: fc.constantFrom('suspend', 'unsuspend', 'unassign', 'makeAdmin') });

const anything = fc.oneof({ weight: 5, arbitrary: command }, { weight: 2, arbitrary: byHand });
const taking = fc.constantFrom<TransitionKind>('suspend', 'offboard');
const fromAnAdmin = fc
  .tuple(command, taking)
  .map(([rest, kind]) => [{ hand: 'makeAdmin' as const }, { ...rest, kind, dryRun: false }]);

/**
 * Six steps. Three of four begin with an onboarding, most rules are about users who are there, and half of them end with
 * something that is taken from an administrator.
 */
const sequence = fc
  .tuple(
    fc.nat(3),
    command,
    fc.array(anything, { minLength: 3, maxLength: 3 }),
    fc.oneof(fc.array(anything, { minLength: 2, maxLength: 2 }), fromAnAdmin),
  )
  .map(([choice, first, rest, end]): readonly (Command | ByHand)[] => [
    choice === 0 ? first : { ...first, kind: 'onboard', dryRun: false },
    ...rest,
    ...end,
  ]);

let worlds: readonly FederatedWorld[] = [];

beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: worldCount }, () => FederatedWorld.start()));
});
afterAll(() => Promise.all(worlds.map((world) => world.stop())));

/** Sends a command and answers its gates; nothing may have happened before the user's protection was lifted. */
async function carryOut(world: FederatedWorld, login: string, sent: Command, lastName: string): Promise<Transition> {
  const before = world.held(login);
  const { kind, dryRun } = sent;
  const profile = kind === 'update' ? { lastName } : null;
  let transition = await world.users.carryOut(kind, login, { profile, dryRun });
  while (transition.state === 'gate') {
    const { gate } = transition.steps.find((step) => step.gate?.state === 'open') ?? {};
    if (gate?.kind === 'protectedUser') expect(world.held(login)).toEqual(before);
    const choice = gate?.kind === 'protectedUser' ? (sent.agrees ? 'proceed' : 'stop') : 'deactivate';
    await world.users.answer(login, transition, choice);
    transition = await world.users.settled(
      login,
      transition.number,
      ({ state, steps }) =>
        state === 'gate' && steps.some((step) => step.gate?.state === 'open' && step.gate.name !== gate?.name),
    );
  }
  await world.world.sandbox.idle();
  return transition;
}

function agreedTo({ steps }: Transition): boolean {
  return steps.some(({ gate }) => gate?.kind === 'protectedUser' && gate.answer?.choice === 'proceed');
}

async function live(world: FederatedWorld, login: string, steps: readonly (Command | ByHand)[]): Promise<void> {
  await world.newcomer(login);
  const others = world.everybodyBut(login);
  let model: Model = { status: 'none', lastName: 'Person', admin: false };
  let spId: string | undefined;
  for (const [index, step] of steps.entries()) {
    if ('hand' in step) {
      model = await doByHand(world, login, step.hand, model);
      expectHeld(world, login, model, spId);
      continue;
    }
    // Okta's push must not change an administrator: what an update comes to then is told elsewhere.
    if (step.kind === 'update' && model.admin) continue;
    const before = world.held(login);
    const { ends, after } = expected(model, step, `Changed ${index}`);
    const fault = faults[step.fault];
    if (fault !== null) {
      world.world.sandbox.faults.add(FaultRequest.parse({ ...fault, org: step.side, onlyWrites: true }));
    }
    const transition = await carryOut(world, login, step, `Changed ${index}`);
    world.world.sandbox.faults.remove();
    const held = world.held(login);
    if (step.dryRun) {
      expect(held).toEqual(before);
      continue;
    }
    expect(`${step.kind} ${transition.state}`, problemsOf(transition).join()).toBe(`${step.kind} ${ends}`);
    if (ends === 'stopped') expect(held).toEqual(before);
    else expect(transition.after).toEqual({ idp: held.idp, assignment: held.assignment, sp: held.sp });
    if (model.admin && held.sp?.status === 'DEPROVISIONED') expect(agreedTo(transition)).toBe(true);
    if (step.kind === 'offboard' && ends === 'done') {
      expect(transition.proof?.statements.filter(({ result }) => result !== 'passed')).toEqual([]);
      expect(provenTooEarly(transition)).toEqual([]);
    }
    spId ??= held.sp?.id;
    model = after;
    expectHeld(world, login, model, spId);
  }
  expect(world.everybodyBut(login)).toEqual(others);
}

it(
  'whatever is asked, fails and is changed by hand: both orgs are as a simple model says, and so are the reports',
  async () => {
    await Promise.all(
      worlds.map((world, index) => {
        let next = 0;
        const property = fc.asyncProperty(sequence, (steps) => {
          next += 1;
          return live(world, `property-${next}@acme.example`, steps);
        });
        return fc.assert(property, {
          numRuns: Math.ceil(sequences / worldCount),
          seed: seed + index,
          endOnFailure: true,
        });
      }),
    );
  },
  sequences * 60_000,
);
