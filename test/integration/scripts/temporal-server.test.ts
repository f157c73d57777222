import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { registerSearchAttributes } from '../../../scripts/temporal/search-attributes.js';
import { connection, nativeConnection, newNamespace, temporalClient } from '../../setup/temporal.js';

describe('the Temporal server for development and tests', () => {
  it('runs a workflow in a fresh namespace and finds it by its search attribute', async () => {
    const namespace = await newNamespace();
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./greeting.workflow.ts', import.meta.url)),
      logger: new DefaultLogger('WARN'),
    });
    const worker = await Worker.create({
      connection: await nativeConnection(),
      namespace,
      taskQueue: 'q',
      workflowBundle,
    });
    const client = await temporalClient(namespace);

    const result = await worker.runUntil(
      client.workflow.execute('greeting', { taskQueue: 'q', workflowId: 'one', args: ['acme'] }),
    );

    expect(result).toBe('hello acme');
    await expect.poll(async () => (await client.workflow.count("O2OFederation = 'acme'")).count).toBe(1);
  });

  it('takes the search attributes again without complaint', async () => {
    const namespace = await newNamespace();
    await expect(registerSearchAttributes(await connection(), namespace)).resolves.toBeUndefined();
  });
});
