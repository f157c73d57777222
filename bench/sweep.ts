import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FederationRecords } from '../src/commands/federation-records.js';
import type { UserFederation } from '../src/domain/user-lifecycle.js';
import { type Ledger, openLedger } from '../src/ledger/ledger.js';
import { bundleWorkflows } from '../src/worker/workflow-bundle.js';
import { buildWorker } from '../test/world/worker-process.js';
import { federationId } from '../test/world/world.js';
import { atMost, type BenchFigure, type BenchResult, below, machine, reported } from './result.js';
import { fewestRequests, neededLists } from './sweep/fewest-pages.js';
import { readHistories } from './sweep/histories.js';
import { plant, populationOf } from './sweep/population.js';
import { shareFigures } from './sweep/share.js';
import { readBare, type SweepTurn, sweepOnce } from './sweep/turns.js';
import { peakMegabytes } from './users/programs.js';
import { openStage, type Stage } from './users/stage.js';

const few = 10_000;
const many = 100_000;

/** What every answer takes longer in the turns whose time counts: less than Okta itself takes for a page. */
const latencyMs = 100;

/** How much more memory ten times the users may take: what Node leaves lying about differs by so much between two runs. */
const sameMemory = 1.1;

interface Measured {
  readonly turn: SweepTurn;
  readonly bare: Awaited<ReturnType<typeof readBare>>;
}

/** A sweep of many users in the mode report, its worker built and alone in its process, its ledger a real PostgreSQL. */
export async function run(): Promise<BenchResult> {
  const worker = await built();
  try {
    const stage = await openStage(1, worker.main);
    const ledger = openLedger(stage.ledgerUrl);
    try {
      return { name: 'sweep', machine: machine(), figures: await figures(stage, ledger, worker.main) };
    } finally {
      await ledger.close();
      await stage.stop();
    }
  } finally {
    await worker.remove();
  }
}

async function built() {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-bundle-'));
  try {
    const bundle = join(directory, 'workflow-bundle.js');
    await writeFile(bundle, (await bundleWorkflows()).code);
    return await buildWorker(bundle);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function figures(stage: Stage, ledger: Ledger, workerMain: string): Promise<readonly BenchFigure[]> {
  const federation = await new FederationRecords(stage.client).forUsers(federationId, 'offboard');
  await stage.worker.stop();
  const small = await peakOf(stage, ledger, workerMain, federation, few);
  const large = await peakOf(stage, ledger, workerMain, federation, many);
  return [
    ...(await callAndHistoryFigures(stage, federation, large.slow.turn)),
    ...memoryFigures(small.peak, large.peak, large.idle),
    ...timeFigures(large.slow, large.fast),
    ...(await sweepAlone(stage, ledger, workerMain, federation)),
  ];
}

/** The peak of a worker that has swept so many users twice: with the latency of a network, and without any. */
async function peakOf(stage: Stage, ledger: Ledger, workerMain: string, federation: UserFederation, users: number) {
  const population = populationOf(users);
  await plant(stage.sandbox, federation, population);
  const worker = await stage.start(workerMain);
  const idle = await peakMegabytes(worker.pid);
  const measured = async (latency: number): Promise<Measured> => {
    await stage.sandbox.latency(latency);
    const turn = await sweepOnce(stage, ledger, population);
    return { turn, bare: await readBare(stage, neededLists(federation, population)) };
  };
  const fast = await measured(0);
  const slow = await measured(latencyMs);
  const peak = await peakMegabytes(worker.pid);
  await worker.stop();
  return { idle, peak, fast, slow };
}

async function sweepAlone(stage: Stage, ledger: Ledger, workerMain: string, federation: UserFederation) {
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
  const said = ({ turn, bare }: Measured) =>
    `sweep ${(turn.milliseconds / 1_000).toFixed(1)} s, bare program ${(bare.milliseconds / 1_000).toFixed(1)} s for ${bare.pages} pages`;
  const how =
    'the bare program fetches the same lists, both orgs at the same time, the lists of an org one after another';
  return [
    atMost(
      'time of a sweep ÷ a bare program that fetches the same pages',
      slow.turn.milliseconds / slow.bare.milliseconds,
      1.25,
      '',
      `${said(slow)}, one right after the other; ${how}; every answer takes ${latencyMs} ms more than the sandbox needs`,
    ),
    reported(
      'the same where answers take no time but that of the processors',
      fast.turn.milliseconds / fast.bare.milliseconds,
      '',
      `${said(fast)}; orgs, ledger, Temporal and worker share the cores of this machine`,
    ),
  ];
}
