import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { FederatedWorld } from '../world/federated-world.js';
import {
  endOf,
  type UserWrite,
  type WritingTransition,
  withoutPushedDeactivation,
  writingTransitions,
} from '../world/user-writes.js';
import { problemsOf } from '../world/users.js';

const faults: Record<string, Record<string, unknown>> = {
  'is carried out and its answer is lost': { kind: 'resetAfter' },
  'is answered with 503 once': { kind: 'status', status: 503 },
  'is answered with 429 once': { kind: 'rateLimit', resetSeconds: 1 },
};

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

/** Has a new user go through a transition, with a fault in the way if there is one. */
function goThrough(transition: WritingTransition, fault: Record<string, unknown> | null) {
  return (transition.pushesDeactivation ? pushing : notPushing).use(async (users) => {
    const { sandbox } = users.world;
    const login = `${randomUUID()}@acme.example`;
    const endLogin = transition.endsAs(login);
    await transition.prepare(users, login);
    await sandbox.idle();
    const others = users.everybodyBut(login);
    sandbox.requests.clear();
    const added = fault === null ? null : sandbox.faults.add(FaultRequest.parse({ ...fault, onlyWrites: true }));
    const ended = await users.users.carryOut(transition.kind, login, transition.said(login));
    await sandbox.idle();
    sandbox.faults.remove();
    const { idp, assignment, sp } = users.held(endLogin);
    return {
      problems: problemsOf(ended),
      hits: added?.hits ?? 0,
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
    const { problems, writes, end } = await goThrough(transition, null);
    expect(problems).toEqual([]);
    expect(writes).toEqual(byOrg(transition.writes));
    expect(end).toEqual(transition.end);
  });
});

const everyWrite = writingTransitions.flatMap((transition) =>
  transition.writes.map((write) => ({ ...write, name: transition.name, transition })),
);

describe.concurrent.each(Object.entries(faults))('a writing call that %s', (_, fault) => {
  it.each(everyWrite)(
    '$name, $org $operation: ends the same way, for this user only, and the report says so',
    async ({ transition, org, nth, operation }) => {
      const found = await goThrough(transition, { ...fault, org, nth });
      expect(found).toMatchObject({
        problems: [],
        hits: 1,
        end: transition.end,
        counts: { idp: 1, sp: 1 },
        unproven: [],
      });
      expect(found.writes).toContainEqual({ org, nth, operation });
      expect(found.reported).toEqual(found.shown);
      expect(found.othersAfter).toEqual(found.others);
    },
  );
});
