import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import {
  type LifecycleEnd,
  type LifecycleKind,
  lifecycleEnds,
  lifecycleWrites,
  liveThrough,
  prepare,
} from '../world/lifecycle-writes.js';
import type { SetupWrite } from '../world/setup-writes.js';
import { startWorldWithoutWorkers } from '../world/start-world.js';
import {
  type BuiltWorker,
  buildWorker,
  startWorkerProcess,
  type WorkerProcess,
  writeWorkerFiles,
} from '../world/worker-process.js';
import { long } from '../world/write-faults.js';

/** A killed worker's step is begun anew by another one after the heartbeat timeout of a minute. */
const patience = 900_000;

let built: BuiltWorker;

beforeAll(async () => {
  built = await buildWorker(inject('workflowBundle').codePath);
});
afterAll(() => built.remove());

/** Lives through the operation although its worker dies as soon as the org has carried out the writing call. */
async function killedAt(kind: LifecycleKind, { org, nth, operation }: SetupWrite): Promise<LifecycleEnd> {
  const world = await startWorldWithoutWorkers();
  const { sandbox, client } = world;
  const files = await writeWorkerFiles(world);
  const processes: WorkerProcess[] = [];
  const startWorker = () => {
    const { address } = inject('temporal');
    const worker = startWorkerProcess(
      built.main,
      files,
      { address, namespace: client.options.namespace },
      inject('sharedLedger'),
    );
    processes.push(worker);
    return worker;
  };
  try {
    const first = startWorker();
    await prepare(world, kind, files.spToken);
    sandbox.faults.add(FaultRequest.parse({ org, nth, kind: 'slowAfter', delayMs: 600_000, onlyWrites: true }));
    const end = liveThrough(world, kind);
    await vi.waitFor(
      () => {
        const call = sandbox.requestsTo(org, { write: true })[nth - 1];
        if (call?.status == null) throw new Error(`${operation} has not been carried out`);
        expect(call.operation).toBe(operation);
      },
      { timeout: patience, interval: 25 },
    );
    await first.kill();
    startWorker();
    return await end;
  } finally {
    await Promise.all(processes.map((worker) => worker.kill()));
    await world.stop();
    await files.remove();
  }
}

const kinds = ['rotation', 'tokenToOauth', 'pause', 'teardown', 'teardownOfUsers'] as const;

/** Each waits for the heartbeat timeout of a minute at every writing call. */
const describeLong = long ? describe.concurrent : describe.skip;

describeLong.each(kinds)('a worker that is killed in a %s', (kind) => {
  it.each(lifecycleWrites[kind])(
    'when Okta has carried out $org $operation ($nth): another worker ends it, no key left over, nobody else touched',
    async (write) => expect(await killedAt(kind, write)).toEqual(lifecycleEnds[kind]),
    patience,
  );
});
