import { Seed, seed } from '../sandbox/control/seed.js';
import { startOwnTemporal } from '../test/world/own-temporal.js';
import { problems } from '../test/world/problems.js';
import { canaries, checkDrift, verify } from '../test/world/verification-and-drift.js';
import { federationId, type World } from '../test/world/world.js';
import { atMost, type BenchFigure, type BenchResult, machine, reported } from './result.js';

const fewUsers = 100;
const manyUsers = 10_000;

/** What an operation took. */
interface Cost {
  readonly calls: number;
  readonly seconds: number;
}

/** Calls and seconds of a verification and of a drift check for a federation with 100 users and with 10,000. */
export async function run(): Promise<BenchResult> {
  const temporal = await startOwnTemporal();
  const world = await temporal.startWorld();
  try {
    const wrong = problems(await world.setUp());
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    await addUsers(world, 'few', fewUsers);
    const few = await both(world);
    await addUsers(world, 'many', manyUsers - fewUsers);
    const many = await both(world);
    const figures = [
      ...figuresOf('drift check', few.drift, many.drift),
      ...figuresOf('verification', few.verification, many.verification),
    ];
    return { name: 'verify', machine: machine(), figures };
  } finally {
    await world.stop();
    await temporal.stop();
  }
}

/** Users of both orgs who were provisioned long ago and have the target app. */
async function addUsers({ sandbox, federations }: World, prefix: string, count: number): Promise<void> {
  const { known } = await federations.get(federationId);
  const { org2orgAppId: appId, identityProviderId } = known;
  const provisionedUsers = {
    appId,
    identityProviderId,
    count,
    prefix,
    domain: 'acme.example',
    groups: ['Federated from acme'],
  };
  await seed(sandbox, Seed.parse({ org: 'idp', provisionedUsers }));
}

async function both(world: World): Promise<{ readonly drift: Cost; readonly verification: Cost }> {
  const drift = await costOf(world, async () => {
    const report = await checkDrift(world);
    if (report.outcome !== 'done' || report.drift?.differences.length !== 0) throw new Error('there is drift');
  });
  const verification = await costOf(world, async () => {
    const { result, canary } = await verify(world);
    if (result !== 'passed') throw new Error(`the verification is ${result}: ${JSON.stringify(canary.at(-1))}`);
  });
  if (canaries(world).length > 0) throw new Error('a canary is left');
  return { drift, verification };
}

async function costOf({ sandbox }: World, work: () => Promise<void>): Promise<Cost> {
  sandbox.requests.clear();
  const begun = performance.now();
  await work();
  return { seconds: (performance.now() - begun) / 1_000, calls: sandbox.requestsTo(undefined, {}).length };
}

function figuresOf(name: string, few: Cost, many: Cost): BenchFigure[] {
  const grown = many.calls - few.calls;
  return [
    reported(`${name}: calls`, many.calls, 'calls', `both orgs, with ${manyUsers} users`),
    atMost(`${name}: calls that users add`, grown, 0, 'calls', `${few.calls} with ${fewUsers} users`),
    reported(`${name}: duration`, many.seconds, 's', `${few.seconds.toFixed(2)} s with ${fewUsers} users`),
  ];
}
