import { FederationRecords } from '../src/commands/federation-records.js';
import type { UserFederation } from '../src/domain/user-lifecycle.js';
import { type Ledger, openLedger } from '../src/ledger/ledger.js';
import { federationId } from '../test/world/world.js';
import { atMost, type BenchFigure, type BenchResult, below, machine, reported } from './result.js';
import { fewestRequests, neededLists } from './sweep/fewest-pages.js';
import { readHistories } from './sweep/histories.js';
import { plant, populationOf } from './sweep/population.js';
import { shareFigures } from './sweep/share.js';
import { readBare, type SweepTurn, sweepOnce } from './sweep/turns.js';
import { peakMegabytes } from './users/programs.js';
import { openStage, type Stage } from './users/stage.js';

const workerMain = 'src/worker/main.ts';
const few = 10_000;
const many = 100_000;

/** What every answer takes longer in the turns whose time counts: less than Okta itself takes for a page. */
const latencyMs = 100;

/** How much more memory ten times the users may take: what Node leaves lying about differs by so much between two runs. */
const sameMemory = 1.1;

interface Measured {
  readonly turn: SweepTurn;
  readonly bare: Awaited<ReturnType<typeof readBare>>;
  /** The bare program, all lists at the same time. */
  readonly bareTogether: Awaited<ReturnType<typeof readBare>>;
}

/** A sweep of many users in the mode report, its worker alone in its process, its ledger a real PostgreSQL. */
export async function run(): Promise<BenchResult> {
  const stage = await openStage(1);
  const ledger = openLedger(stage.ledgerUrl);
  try {
    return { name: 'sweep', machine: machine(), figures: await figures(stage, ledger) };
  } finally {
    await ledger.close();
    await stage.stop();
  }
}

async function figures(stage: Stage, ledger: Ledger): Promise<readonly BenchFigure[]> {
  const federation = await new FederationRecords(stage.client).forUsers(federationId, 'offboard');
  await stage.worker.stop();
  const small = await peakOf(stage, ledger, federation, few);
  const large = await peakOf(stage, ledger, federation, many);
  return [
    ...(await callAndHistoryFigures(stage, federation, large.slow.turn)),
    ...memoryFigures(small.peak, large.peak, large.idle),
    ...timeFigures(large.slow, large.fast),
    ...(await sweepAlone(stage, ledger, federation)),
  ];
}

/** The peak of a worker that has swept so many users twice: with the latency of a network, and without any. */
async function peakOf(stage: Stage, ledger: Ledger, federation: UserFederation, users: number) {
  const population = populationOf(users);
  await plant(stage.sandbox, federation, population);
  const worker = await stage.start(workerMain);
  const idle = await peakMegabytes(worker.pid);
  const measured = async (latency: number): Promise<Measured> => {
    await stage.sandbox.latency(latency);
    const turn = await sweepOnce(stage, ledger, population);
    const lists = neededLists(federation, population);
    const bare = await readBare(stage, lists, 'oneByOne');
    return { turn, bare, bareTogether: await readBare(stage, lists, 'together') };
  };
  const fast = await measured(0);
  const slow = await measured(latencyMs);
  const peak = await peakMegabytes(worker.pid);
  await worker.stop();
  return { idle, peak, fast, slow };
}

async function sweepAlone(stage: Stage, ledger: Ledger, federation: UserFederation) {
  const worker = await stage.start(workerMain);
  const figures = await shareFigures(stage, ledger, federation, populationOf(many));
  await worker.stop();
  return figures;
}

async function callAndHistoryFigures(
  stage: Stage,
  federation: UserFederation,
  { workflowId, requests }: SweepTurn,
): Promise<readonly BenchFigure[]> {
  const population = populationOf(many);
  const lists = neededLists(federation, population);
  const fewest = fewestRequests(lists, population);
  const { events, actions } = await readHistories(stage.client, workflowId);
  const { entitled = 0 } = population.expected;
  const named = lists.map(({ operation, entries, perPage, reason }) => `${operation} ${entries}/${perPage}: ${reason}`);
  return [
    atMost(
      'Okta calls of a sweep ÷ fewest possible',
      requests.length / fewest,
      1.05,
      '',
      `${requests.length} requests, ${fewest} needed for ${many} users. Lists with entries and largest pages: ${named.join('; ')}`,
    ),
    below('events of the longest history', Math.max(...events), 4_000, '', `${events.length} run(s)`),
    atMost(
      'Temporal actions per 200 users without findings',
      (actions.total * 200) / entitled,
      1,
      '',
      `${actions.total} actions for ${entitled} users: ${actions.list}`,
    ),
  ];
}

function memoryFigures(small: number, large: number, idle: number): readonly BenchFigure[] {
  const how = `highest resident set of the built worker since its start, after two sweeps; ${idle.toFixed(0)} MB before them`;
  return [
    atMost(`peak memory of the worker, ${many} users`, large, 300, 'MB', how),
    atMost(
      `peak memory of the worker, ${many} ÷ ${few} users`,
      large / small,
      sameMemory,
      '',
      `${large.toFixed(0)} and ${small.toFixed(0)} MB, each of a worker that was just started`,
    ),
  ];
}

function timeFigures(slow: Measured, fast: Measured): readonly BenchFigure[] {
  const said = ({ turn }: Measured, bare: Measured['bare']) =>
    `sweep ${(turn.milliseconds / 1_000).toFixed(1)} s, bare program ${(bare.milliseconds / 1_000).toFixed(1)} s for ${bare.pages} pages`;
  const how =
    'the bare program fetches the same lists, both orgs at the same time, the lists of an org one after another; the sweep reads most of them at the same time';
  return [
    atMost(
      'time of a sweep ÷ a bare program that fetches the same pages',
      slow.turn.milliseconds / slow.bare.milliseconds,
      1.25,
      '',
      `${said(slow, slow.bare)}, one right after the other; ${how}; every answer takes ${latencyMs} ms more than the sandbox needs`,
    ),
    reported(
      'the same, against a bare program that fetches all lists at the same time',
      slow.turn.milliseconds / slow.bareTogether.milliseconds,
      '',
      said(slow, slow.bareTogether),
    ),
    reported(
      'the first where answers take no time but that of the processors',
      fast.turn.milliseconds / fast.bare.milliseconds,
      '',
      `${said(fast, fast.bare)}; orgs, ledger, Temporal and worker share the cores of this machine`,
    ),
  ];
}
