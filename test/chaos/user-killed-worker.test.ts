import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type Fault, FaultRequest } from '../../sandbox/control/faults.js';
import type { BothSides } from '../../src/domain/user-lifecycle.js';
import { FederatedWorld } from '../world/federated-world.js';
import { startWorldWithoutWorkers } from '../world/start-world.js';
import {
  endOf,
  type UserEnd,
  type UserWrite,
  type WritingTransition,
  withoutPushedDeactivation,
  writingTransitions,
} from '../world/user-writes.js';
import { problemsOf } from '../world/users.js';
import { type BuiltWorker, buildWorker, startWorkerProcess, writeWorkerFiles } from '../world/worker-process.js';

/** A killed worker's activities are begun anew by another one after the heartbeat timeout of a minute. */
const patience = 600_000;

/** Longer than it takes to bring every transition of a world to its writing call. */
const requestTimeoutMs = 50_000;

/** A transition, and the writing call whose answer its worker did not live to see. */
interface Case {
  readonly key: string;
  readonly transition: WritingTransition;
  readonly write: UserWrite;
}

const cases: readonly Case[] = writingTransitions.flatMap((transition) =>
  transition.writes.map((write) => ({ key: `${transition.name}, ${write.org} ${write.operation}`, transition, write })),
);

/** What has become of a user whose transition has been through the death of its worker. */
interface Survived {
  readonly runningAtTheKill: boolean;
  readonly hit: string | null | undefined;
  readonly problems: readonly string[];
  readonly end: UserEnd;
  readonly counts: { readonly idp: number; readonly sp: number };
  readonly reported: BothSides | null;
  readonly shown: BothSides;
}

const survived = new Map<string, Survived>();
const bystanders: { readonly before: unknown; readonly after: unknown }[] = [];

/** Starts a transition and waits until the org has carried out the writing call, whose answer is kept back. */
async function bringToWrite({ users, world }: FederatedWorld, { transition, write }: Case, login: string) {
  const { sandbox } = world;
  const held = () => sandbox.requestsTo(write.org, { write: true }).filter(({ fault }) => fault === 'slowAfter');
  const before = held().length;
  const { org, nth } = write;
  const fault: Fault = sandbox.faults.add(
    FaultRequest.parse({ org, nth, kind: 'slowAfter', delayMs: 600_000, onlyWrites: true }),
  );
  const sent = await users.send(transition.kind, login, transition.said(login));
  const call = await vi.waitFor(
    () => {
      const found = held()[before];
      if (found?.status == null) throw new Error(`${write.operation} has not been carried out`);
      return found;
    },
    { timeout: patience / 2, interval: 25 },
  );
  sandbox.faults.remove(fault.id);
  return { number: sent.transition.number, hit: call.operation };
}

/** Brings users to their writing calls, kills the worker, starts another one, and keeps what has become of everyone. */
async function killAt(built: BuiltWorker, overrides: Record<string, unknown>, some: readonly Case[]): Promise<void> {
  const world = await startWorldWithoutWorkers();
  const files = await writeWorkerFiles(world, { requestTimeoutMs });
  const { address } = inject('temporal');
  const { namespace } = world.client.options;
  let worker = startWorkerProcess(built.main, files, { address, namespace }, inject('sharedLedger'));
  try {
    const users = await FederatedWorld.in(world, overrides);
    const people = some.map((each) => ({ ...each, login: `${randomUUID()}@acme.example` }));
    await Promise.all(people.map(({ transition, login }) => transition.prepare(users, login)));
    await world.sandbox.idle();
    const logins = people.map(({ login }) => login);
    const before = users.everybodyBut(...logins);

    const stuck: ((typeof people)[number] & Awaited<ReturnType<typeof bringToWrite>>)[] = [];
    for (const each of people) stuck.push({ ...each, ...(await bringToWrite(users, each, each.login)) });
    const running = await Promise.all(stuck.map(({ login }) => users.users.get(login)));
    await worker.kill();
    worker = startWorkerProcess(built.main, files, { address, namespace }, inject('sharedLedger'));

    const ended = await Promise.all(stuck.map(({ login, number }) => users.users.settled(login, number)));
    await world.sandbox.idle();
    for (const [index, { key, login, transition, hit }] of stuck.entries()) {
      const [report] = ended.slice(index);
      if (report === undefined) throw new Error(`${key} has no report`);
      const endLogin = transition.endsAs(login);
      const { idp, assignment, sp } = users.held(endLogin);
      survived.set(key, {
        runningAtTheKill: running[index]?.state === 'running',
        hit,
        problems: problemsOf(report),
        end: endOf(users, endLogin),
        counts: users.countOf(endLogin),
        reported: report.after,
        shown: { idp, assignment, sp },
      });
    }
    const after = users.everybodyBut(...logins, ...people.map(({ transition, login }) => transition.endsAs(login)));
    bystanders.push({ before, after });
  } finally {
    await worker.kill();
    await world.stop();
    await files.remove();
  }
}

let built: BuiltWorker;

beforeAll(async () => {
  built = await buildWorker(inject('workflowBundle').codePath);
  const pushing = cases.filter(({ transition }) => transition.pushesDeactivation);
  await Promise.all([
    killAt(
      built,
      {},
      pushing.filter((_, index) => index % 2 === 0),
    ),
    killAt(
      built,
      {},
      pushing.filter((_, index) => index % 2 === 1),
    ),
    killAt(
      built,
      withoutPushedDeactivation,
      cases.filter(({ transition }) => !transition.pushesDeactivation),
    ),
  ]);
}, patience);

afterAll(() => built.remove());

describe('a worker that is killed when Okta has carried out a writing call of a transition and not answered yet', () => {
  it.each(cases)('$key: another worker ends it the same way, and the report says so', ({ key, transition, write }) => {
    const found = survived.get(key);
    expect(found).toMatchObject({
      runningAtTheKill: true,
      hit: write.operation,
      problems: [],
      end: transition.end,
      counts: { idp: 1, sp: 1 },
    });
    expect(found?.reported).toEqual(found?.shown);
  });

  it('leaves everybody else as they were', () => {
    expect(bystanders).toHaveLength(3);
    for (const { before, after } of bystanders) expect(after).toEqual(before);
  });
});
