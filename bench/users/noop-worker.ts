import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { loadTemporal } from '../../src/config/temporal.js';
import { activityFailures } from '../../src/worker/activity-failures.js';
import { orgWorkerTuning, workflowWorkerTuning } from '../../src/worker/create-workers.js';
import { serveHealth } from '../../src/worker/health.js';
import { installRuntime } from '../../src/worker/runtime.js';
import { orgTaskQueue, workflowTaskQueue } from '../../src/workflows/messages.js';

/** The workers of the product with the same settings on the same task queues, for workflows that do nothing. */
installRuntime(pino({ level: 'error' }), null);
const { connectionOptions, namespace } = loadTemporal();
const connection = await NativeConnection.connect(connectionOptions);
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./noop-workflows.js', import.meta.url)),
  logger: new DefaultLogger('ERROR'),
});
const interceptors = { activity: [activityFailures] };
const shared = { connection, namespace, activities: { noop: async () => null }, interceptors };
const workers = [
  await Worker.create({ ...shared, ...workflowWorkerTuning, taskQueue: workflowTaskQueue, workflowBundle }),
  ...(await Promise.all(
    ['acme', 'partner'].map((org) => Worker.create({ ...shared, ...orgWorkerTuning, taskQueue: orgTaskQueue(org) })),
  )),
];
const health = serveHealth(process.env.HEALTH_ADDRESS ?? '127.0.0.1:0', () =>
  workers.every((worker) => worker.getState() === 'RUNNING'),
);
process.once('SIGTERM', () => {
  for (const worker of workers) worker.shutdown();
});
await Promise.all(workers.map((worker) => worker.run()));
health.close();
await connection.close();
