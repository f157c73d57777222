import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, FaultRequest } from '../../sandbox/control/faults.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { FederatedWorld } from '../world/federated-world.js';
import {
  endOf,
  type UserWrite,
  type WritingTransition,
  withoutPushedDeactivation,
  writingTransitions,
} from '../world/user-writes.js';
import { problemsOf } from '../world/users.js';
import { long, meetEvery, met, once, someOf, type WriteFault, writeFaults } from '../world/write-faults.js';

/** Worlds that are handed out one at a time: faults hit a whole org. */
class Worlds {
  readonly #waiting: ((world: FederatedWorld) => void)[] = [];

  constructor(private readonly free: FederatedWorld[]) {}

  async use<Result>(work: (world: FederatedWorld) => Promise<Result>): Promise<Result> {
    const world = this.free.pop() ?? (await new Promise<FederatedWorld>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(world);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.free.push(world);
      else next(world);
    }
  }
}

let worlds: FederatedWorld[] = [];
let pushing: Worlds;
let notPushing: Worlds;

beforeAll(async () => {
  const specifications = [{}, {}, {}, withoutPushedDeactivation];
  worlds = await Promise.all(specifications.map((overrides) => FederatedWorld.start(overrides)));
  pushing = new Worlds(worlds.slice(0, -1));
  notPushing = new Worlds(worlds.slice(-1));
});

afterAll(() => Promise.all(worlds.map((world) => world.stop())));

/** Has a new user go through a transition, with whatever is put in its way. */
function goThrough(transition: WritingTransition, putInTheWay: (sandbox: Sandbox) => readonly Fault[]) {
  return (transition.pushesDeactivation ? pushing : notPushing).use(async (users) => {
    const { sandbox } = users.world;
    const login = `${randomUUID()}@acme.example`;
    const endLogin = transition.endsAs(login);
    await transition.prepare(users, login);
    await sandbox.idle();
    const others = users.everybodyBut(login);
    sandbox.requests.clear();
    const faults = putInTheWay(sandbox);
    const ended = await users.users.carryOut(transition.kind, login, transition.said(login));
    await sandbox.idle();
    sandbox.faults.remove();
    const { idp, assignment, sp } = users.held(endLogin);
    return {
      problems: problemsOf(ended),
      faults,
      end: endOf(users, endLogin),
      counts: users.countOf(endLogin),
      reported: ended.after,
      shown: { idp, assignment, sp },
      others,
      othersAfter: users.everybodyBut(endLogin),
      unproven: ended.proof?.statements.filter(({ result }) => result !== 'passed') ?? [],
      writes: (['idp', 'sp'] as const).flatMap((org) =>
        sandbox.requestsTo(org, { write: true }).map(({ operation }, index) => ({ org, nth: index + 1, operation })),
      ),
    };
  });
}

function byOrg(writes: readonly UserWrite[]): readonly UserWrite[] {
  return [...writes].sort((a, b) => a.org.localeCompare(b.org) || a.nth - b.nth);
}

describe.concurrent('the writing calls of a transition', () => {
  it.each(writingTransitions)('are the ones that are tried here: $name', async (transition) => {
    const { problems, writes, end } = await goThrough(transition, () => []);
    expect(problems).toEqual([]);
    expect(writes).toEqual(byOrg(transition.writes));
    expect(end).toEqual(transition.end);
  });
});

const everyWrite = writingTransitions.flatMap((transition) =>
  transition.writes.map((write) => ({ ...write, name: transition.name, transition })),
);

/** Both orgs hold the same as without the fault, the report says so, and nobody else is touched. */
function expectSameEnd(found: Awaited<ReturnType<typeof goThrough>>, { end }: WritingTransition): void {
  expect(found).toMatchObject({ problems: [], end, counts: { idp: 1, sp: 1 }, unproven: [] });
  expect(found.reported).toEqual(found.shown);
  expect(found.othersAfter).toEqual(found.others);
}

const { answerLost, unavailable, tooMany } = writeFaults;
const alone: readonly (WriteFault & { readonly writes: typeof everyWrite })[] = [
  { ...answerLost, writes: everyWrite },
  { ...unavailable, writes: long ? everyWrite : [] },
  { ...tooMany, writes: [...someOf(everyWrite)] },
].filter(({ writes }) => writes.length > 0);

describe.concurrent.each(alone)('a writing call that $name', ({ fault, writes }) => {
  it.each(writes)(
    '$name, $org $operation: ends the same way, for this user only, and the report says so',
    async ({ transition, org, nth, operation }) => {
      const one = FaultRequest.parse({ ...fault, org, nth, onlyWrites: true });
      const found = await goThrough(transition, (sandbox) => [sandbox.faults.add(one)]);
      expect(found.faults.map(({ hits }) => hits)).toEqual([1]);
      expect(found.writes).toContainEqual({ org, nth, operation });
      expectSameEnd(found, transition);
    },
  );
});

describe.concurrent(`where every writing call ${unavailable.name}`, () => {
  it.each(writingTransitions)('$name: ends the same way, for this user only, and the report says so', async (one) => {
    const found = await goThrough(one, (sandbox) => meetEvery(sandbox, unavailable, one.writes));
    expect(met(found.faults)).toEqual(once(one.writes));
    expectSameEnd(found, one);
  });
});
