import { startOwnTemporal } from '../test/world/own-temporal.js';
import { specification, type World } from '../test/world/world.js';
import { type BenchFigure, type BenchResult, below, machine, reported } from './result.js';
import { compareWithFewest, total } from './setup-calls.js';

/** Members of the group that the worlds of the tests assign. */
const users = 2;

/** How many Okta calls a fresh setup makes, against the fewest possible, and how long it takes. */
export async function run(): Promise<BenchResult> {
  const temporal = await startOwnTemporal();
  try {
    const world = await temporal.startWorld();
    try {
      return { name: 'setup', machine: machine(), figures: [...(await fresh(world)), ...(await again(world))] };
    } finally {
      await world.stop();
    }
  } finally {
    await temporal.stop();
  }
}

async function setUp(world: World): Promise<number> {
  const begun = performance.now();
  const { state } = await world.setUp(specification());
  if (state !== 'ready') throw new Error(`the setup ended as ${state}`);
  return (performance.now() - begun) / 1_000;
}

async function fresh(world: World): Promise<BenchFigure[]> {
  const seconds = await setUp(world);
  const calls = compareWithFewest(world.sandbox.requestsTo(), users);
  const { actual, fewest } = total(calls);
  return [
    reported('calls ÷ fewest possible', actual / fewest, '', `${actual} calls, ${fewest} needed`),
    ...calls.map(({ org, operation, actual: made, fewest: needed, write }) =>
      reported(`${org} ${operation}`, made, 'calls', `fewest possible: ${needed}${write ? ', writing' : ''}`),
    ),
    reported('duration', seconds, 's', 'from the PUT to the end, the gate answered at once'),
  ];
}

async function again(world: World): Promise<BenchFigure[]> {
  world.sandbox.requests.clear();
  await setUp(world);
  const { actual } = total(compareWithFewest(world.sandbox.requestsTo(), users));
  return [
    below('writing calls of the same PUT again', world.writes().length, 1, 'calls', 'in both orgs'),
    reported('calls of the same PUT again', actual, 'calls', 'all reading'),
  ];
}
