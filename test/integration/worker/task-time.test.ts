import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { WorkflowBundle } from '../../../src/worker/workflow-bundle.js';
import { askedTooEarly } from '../../../src/workflows/task-time.js';
import { nativeConnection, newNamespace, temporalClient, unique } from '../../setup/temporal.js';

/** About every second question reaches the new worker before the task does. */
const atATime = 8;

let workflowBundle: WorkflowBundle;

beforeAll(async () => {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: at('./timed.workflow.ts'),
    workflowInterceptorModules: [at('../../../src/workflows/task-time.ts')],
    logger: new DefaultLogger('WARN'),
  });
});

/** A Temporal whose activities are always carried out, and whose workflows only while a worker of theirs runs. */
async function aHeldWorkflow() {
  const namespace = await newNamespace();
  const client = await temporalClient(namespace);
  const connection = await nativeConnection();
  const [taskQueue, ofActivities] = [unique('timed'), unique('activities')];
  let release = () => {};
  const held = new Promise<string>((resolve) => {
    release = () => resolve('held');
  });
  let begun = 0;
  const activities = {
    held: () => {
      begun += 1;
      return held;
    },
    fresh: async () => 'fresh',
    stale: async () => 'stale',
  };
  const options = { connection, namespace };
  return {
    start: () => client.workflow.start('timed', { taskQueue, workflowId: unique('timed'), args: [ofActivities] }),
    begun: () => begun,
    release,
    activities: () => Worker.create({ ...options, taskQueue: ofActivities, activities }),
    workflows: () => Worker.create({ ...options, taskQueue, workflowBundle }),
  };
}

/** Asks workflows while their activity ends and nobody carries out their tasks; returns the answers and the results. */
async function askWhileAway() {
  const world = await aHeldWorkflow();
  const activities = await world.activities();
  return activities.runUntil(async () => {
    const handles = await Promise.all(Array.from({ length: atATime }, () => world.start()));
    const before = await world.workflows();
    await before.runUntil(() => vi.waitFor(() => expect(world.begun()).toBe(atATime), 10_000));
    const answers = Promise.allSettled(handles.map((handle) => handle.query<number | null>('age')));
    // A question that came after the end of the activity would wait for the task.
    for (const handle of handles) await handle.describe();
    world.release();
    for (const handle of handles) {
      await vi.waitFor(async () => {
        const { events } = await handle.fetchHistory();
        if (!events?.some((event) => event.activityTaskCompletedEventAttributes)) throw new Error('it goes on');
      }, 10_000);
    }
    const after = await world.workflows();
    const [results, again] = await after.runUntil(async () => [
      await Promise.all(handles.map((handle) => handle.result())),
      await Promise.all(handles.map((handle) => handle.query<number | null>('age'))),
    ]);
    for (const handle of handles) await Worker.runReplayHistory({ workflowBundle }, await handle.fetchHistory());
    return { answers: await answers, again, results };
  });
}

describe('a workflow that is asked after its activity has ended and before the task that follows from it', () => {
  it('goes on at the time of the task, as every replay does, and the question can be asked again', async () => {
    const stale = Array.from({ length: atATime }, () => 'stale');
    for (let early = 0; early === 0; ) {
      const { answers, again, results } = await askWhileAway();
      expect(results).toEqual(stale);
      expect(again).toEqual(stale.map(() => expect.any(Number)));
      const refused = answers.filter(({ status }) => status === 'rejected');
      for (const answer of refused)
        expect(answer).toMatchObject({ reason: { message: expect.stringContaining(askedTooEarly) } });
      early = refused.length;
    }
  });
});
