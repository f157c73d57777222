import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { oauth2Writes, type SetupWrite } from '../world/setup-writes.js';
import { startWorldWithoutWorkers } from '../world/start-world.js';
import {
  type BuiltWorker,
  buildWorker,
  startWorkerProcess,
  type WorkerProcess,
  writeWorkerFiles,
} from '../world/worker-process.js';
import { specification, testUserPassword, type World } from '../world/world.js';
import { someOf } from '../world/write-faults.js';

/** A killed worker's step is begun anew by another one after the heartbeat timeout of a minute. */
const patience = 240_000;

let built: BuiltWorker;

beforeAll(async () => {
  built = await buildWorker(inject('workflowBundle').codePath);
});

afterAll(() => built.remove());

/** What is left when a setup has been through the death of its worker. */
interface Survived {
  readonly state: string;
  readonly problems: readonly string[];
  readonly killedAt: string | null;
  readonly counts: Record<string, number>;
  /** What both worker processes have written. */
  readonly output: string;
  readonly secrets: readonly string[];
}

/** Waits until the org has carried the writing call out; its answer is kept back. */
function carriedOut({ sandbox }: World, { org, nth }: SetupWrite) {
  return vi.waitFor(
    () => {
      const call = sandbox.requestsTo(org, { write: true })[nth - 1];
      if (call?.status == null) throw new Error(`the writing call ${nth} to ${org} has not been carried out`);
      return call;
    },
    { timeout: patience, interval: 25 },
  );
}

async function setUpAndKill(write: SetupWrite): Promise<Survived> {
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
    sandbox.faults.add(
      FaultRequest.parse({ ...write, operation: '*', kind: 'slowAfter', delayMs: 600_000, onlyWrites: true }),
    );
    const first = startWorker();
    const testUser = { login: 'ada@acme.example', password: files.testUserPassword };
    const ready = world.setUp(specification({ signOn: { testUser } }));
    const call = await carriedOut(world, write);
    await first.kill();
    startWorker();
    const { state, steps } = await ready;
    return {
      state,
      problems: steps.flatMap((step) => step.problem?.message ?? []),
      killedAt: call.operation,
      counts: await objectCounts(world),
      output: processes.map((worker) => worker.output()).join('\n'),
      secrets: [sandbox.idp.token, sandbox.sp.token, testUserPassword],
    };
  } finally {
    await Promise.all(processes.map((worker) => worker.kill()));
    await world.stop();
    await files.remove();
  }
}

describe.concurrent('a worker that is killed when Okta has carried out a writing call and not answered yet', () => {
  it.each(someOf(oauth2Writes))(
    '$org $operation ($nth): another worker ends the setup well, with one object of each kind, and neither logs a secret',
    async (write) => {
      const { state, problems, killedAt, counts, output, secrets } = await setUpAndKill(write);
      expect(problems).toEqual([]);
      expect(state).toBe('ready');
      expect(killedAt).toBe(write.operation);
      expect(counts).toEqual(oneOfEach);
      expect(output.match(/Worker is running/g)).toHaveLength(2);
      for (const secret of secrets) expect(output).not.toContain(secret);
    },
    patience,
  );
});
