import { fileURLToPath } from 'node:url';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeSkippingEnvironment } from '../../setup/time-skipping.js';

const week = 7 * 24 * 60 * 60 * 1000;

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});

afterAll(() => environment.teardown());

describe('the server that skips time', () => {
  it('lets a workflow wait for a week', async () => {
    const { client, nativeConnection: connection, namespace = 'default' } = environment;
    const workflowsPath = fileURLToPath(new URL('./nap.workflow.ts', import.meta.url));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
    const worker = await Worker.create({ connection, namespace, taskQueue: 'q', workflowBundle });

    const slept = await worker.runUntil(
      client.workflow.execute('nap', { taskQueue: 'q', workflowId: 'nap', args: [week] }),
    );

    expect(slept).toBeGreaterThanOrEqual(week);
  });
});
