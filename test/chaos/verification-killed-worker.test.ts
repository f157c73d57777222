import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { VerificationOptions, type VerificationReport, verificationReport } from '../../src/domain/verification.js';
import { AgreedOperations } from '../world/agreed-operations.js';
import { problems } from '../world/problems.js';
import { startWorldWithoutWorkers } from '../world/start-world.js';
import { canaries } from '../world/verification-and-drift.js';
import { type VerificationWrite, verificationWrites } from '../world/verification-writes.js';
import { type BuiltWorker, buildWorker, startWorkerProcess, writeWorkerFiles } from '../world/worker-process.js';

/** A killed worker's activities are begun anew by another one after the heartbeat timeout of a minute. */
const patience = 600_000;

interface Survived {
  /** Writing calls whose answers a worker did not live to see. */
  readonly hit: readonly string[];
  readonly report: VerificationReport;
  readonly canaries: readonly string[];
}

const named = ({ org, operation, nth }: VerificationWrite) => `${org} ${operation} ${nth}`;

/** Runs one verification and kills its worker at each of these writing calls, whose answers are kept back. */
async function killAt(built: BuiltWorker, writes: readonly VerificationWrite[]): Promise<Survived> {
  const world = await startWorldWithoutWorkers();
  const { sandbox } = world;
  const files = await writeWorkerFiles(world, { requestTimeoutMs: 50_000 });
  const at = { address: inject('temporal').address, namespace: world.client.options.namespace };
  let worker = startWorkerProcess(built.main, files, at, inject('sharedLedger'));
  try {
    expect(
      problems(await world.setUp({ idp: 'acme', sp: 'partner', assignments: { groups: ['Partner users'] } })),
    ).toEqual([]);
    const faults = writes.map(({ org, operation, nth }) =>
      sandbox.faults.add(
        FaultRequest.parse({ org, operation, nth, kind: 'slowAfter', delayMs: 600_000, onlyWrites: true }),
      ),
    );
    const operations = new AgreedOperations(world);
    await operations.start('verification', VerificationOptions.parse({}));
    for (const fault of faults) {
      await vi.waitFor(() => expect(fault.hits).toBe(1), { timeout: patience, interval: 25 });
      await worker.kill();
      sandbox.faults.remove(fault.id);
      worker = startWorkerProcess(built.main, files, at, inject('sharedLedger'));
    }
    const report = verificationReport(await operations.settled('verification'));
    await sandbox.idle();
    return {
      hit: faults.filter(({ hits }) => hits === 1).map((fault) => `${fault.org} ${fault.operation} ${fault.nth}`),
      report,
      canaries: canaries(world),
    };
  } finally {
    await worker.kill();
    await world.stop();
    await files.remove();
  }
}

let built: BuiltWorker;
const survived: Survived[] = [];

beforeAll(async () => {
  built = await buildWorker(inject('workflowBundle').codePath);
  const some = (remainder: number) => verificationWrites.filter((_, index) => index % 4 === remainder);
  survived.push(...(await Promise.all([0, 1, 2, 3].map((remainder) => killAt(built, some(remainder))))));
}, patience);

afterAll(() => built.remove());

describe('a worker that is killed when Okta has carried out a writing call of a verification and not answered yet', () => {
  it('was killed at each of them', () => {
    expect(survived.flatMap(({ hit }) => hit).sort()).toEqual(verificationWrites.map(named).sort());
  });

  it('is followed by another one, which shows the same and leaves no canary', () => {
    for (const { report, canaries: left } of survived) {
      expect(report).toMatchObject({ result: 'passed', problems: [] });
      expect(left).toEqual([]);
    }
  });
});
