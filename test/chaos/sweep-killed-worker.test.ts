import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import type { SweepRecord } from '../../src/domain/sweep.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { sweepWorkflowId } from '../../src/workflows/messages.js';
import { FederatedWorld } from '../world/federated-world.js';
import { startPostgres, type TestPostgres, whyNoPostgres } from '../world/start-postgres.js';
import { startWorldWithoutWorkers } from '../world/start-world.js';
import { WorldSweeps, wideOpen } from '../world/sweeps.js';
import { rightfulStatus, SweptPeople, takingRules } from '../world/swept-people.js';
import { type BuiltWorker, buildWorker, startWorkerProcess, writeWorkerFiles } from '../world/worker-process.js';
import { federationId, type World } from '../world/world.js';

/** Where the choice of people, and of the moments at which workers are killed, begins; another one with SWEEP_SEED. */
const seed = Number(process.env.SWEEP_SEED ?? 20_061);

/** Worlds beside each other, how often the worker of each is killed, and how many sweeps it carries out then. */
const worldCount = 3;
const killsPerWorld = 1;
const sweepsPerKill = 22;

/** How many sweeps must have been running when their worker was killed, in all. */
const leastKilled = 50;

/** A killed worker's activities are begun anew by another one after the heartbeat timeout of a minute. */
const patience = 900_000;

/** A moment, and who is there: each sweep has people of its own, the first looks at everyone. */
const kill = fc.record({
  org: fc.constantFrom('idp', 'sp'),
  nth: fc.integer({ min: 60, max: 130 }),
  people: fc.array(
    fc.array(
      fc.constantFrom(
        'unassigned',
        'idpUserDeactivated',
        'idpUserSuspended',
        'idpUserMissing',
        'administrator',
        'entitled',
      ),
      { minLength: 2, maxLength: 2 },
    ),
    { minLength: sweepsPerKill, maxLength: sweepsPerKill },
  ),
});
type Kill = typeof kill extends fc.Arbitrary<infer Value> ? Value : never;

const kills = fc.sample(kill, { seed, numRuns: worldCount * killsPerWorld });

/** What has become of the sweeps that went through the death of their worker, and of those they were about. */
interface Survived {
  /** Sweeps that had begun and not ended when the worker was dead, and no other one there yet. */
  readonly runningAtTheKill: number;
  readonly sweeps: readonly SweepRecord[];
  readonly people: Readonly<Record<string, string>>;
  readonly rightful: Readonly<Record<string, string>>;
  readonly others: { readonly before: unknown; readonly after: unknown };
  readonly next: SweepRecord;
}

const survived: Survived[] = [];

const enforce = { mode: 'enforce', rules: takingRules, limits: { fuse: wideOpen, listShrink: 0.95 } };

interface Place {
  readonly at: FederatedWorld;
  readonly people: SweptPeople;
  readonly sweeps: WorldSweeps;
  killWorker(): Promise<void>;
  startWorker(): void;
}

async function goThrough(place: Place, round: string, { org, nth, people: all }: Kill): Promise<void> {
  const { at, people, sweeps } = place;
  const logins: string[][] = [];
  const rightful: Record<string, string> = {};
  for (const [sweep, some] of all.entries()) {
    const own: string[] = [];
    for (const [index, situation] of some.entries()) {
      const login = await people.someone(`${round}-${sweep}-${index}`, situation);
      rightful[login] = rightfulStatus[situation];
      own.push(login);
    }
    logins.push(own);
  }
  const before = at.everybodyBut(...logins.flat());
  expect(await sweeps.carryOut({ mode: 'report', limits: enforce.limits })).toMatchObject({ state: 'done' });

  const { faults } = at.world.sandbox;
  const held = faults.add(FaultRequest.parse({ org, nth, kind: 'slowAfter', delayMs: 600_000 }));
  const begun = await Promise.all(
    logins.map((users, index) => sweeps.start({ ...enforce, scope: index === 0 ? 'everyone' : { users } })),
  );
  await vi.waitFor(() => expect(held.hits).toBe(1), { timeout: 120_000, interval: 20 });
  await place.killWorker();
  const runningAtTheKill = await countRunning(at.world, begun);
  place.startWorker();
  faults.remove();

  const ended: SweepRecord[] = [];
  for (const { id } of begun) ended.push(await sweeps.settled(id));
  await at.world.sandbox.idle();
  survived.push({
    runningAtTheKill,
    sweeps: ended,
    people: Object.fromEntries(logins.flat().map((login) => [login, at.held(login).sp?.status ?? 'absent'])),
    rightful,
    others: { before, after: at.everybodyBut(...logins.flat()) },
    next: await sweeps.carryOut(enforce),
  });
}

/** How long the history of a sweep is that has read its federation and entered itself into the ledger, at least. */
const onItsWay = 12;

/** Counts sweeps that are on their way and have not ended, by what Temporal holds of them. */
async function countRunning({ client }: World, begun: readonly SweepRecord[]): Promise<number> {
  const described = await Promise.all(
    begun.map(({ id }) => client.workflow.getHandle(sweepWorkflowId(federationId, id)).describe()),
  );
  return described.filter(({ status, historyLength }) => status.name === 'RUNNING' && historyLength >= onItsWay).length;
}

async function live(built: BuiltWorker, ledgerUrl: string, own: readonly Kill[], name: string): Promise<void> {
  const world = await startWorldWithoutWorkers();
  const ledger = openLedger(ledgerUrl);
  const files = await writeWorkerFiles(world, { requestTimeoutMs: 50_000 });
  const temporal = { address: inject('temporal').address, namespace: world.client.options.namespace };
  let worker = startWorkerProcess(built.main, files, temporal, ledgerUrl);
  try {
    const at = await FederatedWorld.in(world);
    const place: Place = {
      at,
      people: await SweptPeople.of(at.world),
      sweeps: new WorldSweeps({ ...world, ledger }),
      killWorker: () => worker.kill(),
      startWorker() {
        worker = startWorkerProcess(built.main, files, temporal, ledgerUrl);
      },
    };
    for (const [index, each] of own.entries()) await goThrough(place, `${name}-${index}`, each);
  } finally {
    await worker.kill();
    await world.stop();
    await ledger.close();
    await files.remove();
  }
}

const why = whyNoPostgres();

describe.skipIf(why !== null)(`sweeps whose worker is killed on the way, seed ${seed}${why ? `: ${why}` : ''}`, () => {
  let built: BuiltWorker;
  let postgres: TestPostgres;

  beforeAll(async () => {
    [built, postgres] = await Promise.all([buildWorker(inject('workflowBundle').codePath), startPostgres()]);
    const admin = openLedger(postgres.url);
    const worlds = Array.from({ length: worldCount }, (_, index) => ({
      name: `world-${index}`,
      own: kills.filter((_kill, nth) => nth % worldCount === index),
    }));
    for (const { name } of worlds)
      await admin.ask((database) => sql`create database ${sql.id(name)}`.execute(database));
    await admin.close();
    await Promise.all(worlds.map(({ name, own }) => live(built, postgres.url.replace(/org2org$/, name), own, name)));
  }, patience);
  afterAll(async () => {
    await postgres.stop();
    await built.remove();
  });

  it(`were on their way when it happened, ${leastKilled} and more`, () => {
    const running = survived.map(({ runningAtTheKill }) => runningAtTheKill);
    const killed = running.reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `SWEEP_SEED=${seed}: ${killed} sweeps ran when their worker was killed, ${running.join(' + ')}\n`,
    );
    expect(survived).toHaveLength(worldCount * killsPerWorld);
    expect(killed).toBeGreaterThanOrEqual(leastKilled);
  });

  it('end, and both orgs are as if nothing had happened', () => {
    for (const { sweeps, people, rightful, others } of survived) {
      expect(sweeps.map(({ state, actions }) => [state, actions.failed, actions.notDone])).toEqual(
        sweeps.map(() => ['done', 0, 0]),
      );
      expect(people).toEqual(rightful);
      expect(others.after).toEqual(others.before);
    }
  });

  it('leave nothing to do for the next', () => {
    for (const { next } of survived) expect(next).toMatchObject({ state: 'done', actions: { listed: 0 } });
  });
});
