import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { loadTemporal } from '../../src/config/temporal.js';
import { serveHealth } from '../../src/worker/health.js';
import { installRuntime } from '../../src/worker/runtime.js';

/** Runs the workflow that reads as a sweep does; its activities are those of the product's workers. */
installRuntime(pino({ level: 'error' }), null);
const { connectionOptions, namespace } = loadTemporal();
const connection = await NativeConnection.connect(connectionOptions);
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./reading-workflows.js', import.meta.url)),
  logger: new DefaultLogger('ERROR'),
});
const worker = await Worker.create({ connection, namespace, taskQueue: 'bench/reading', workflowBundle });
const health = serveHealth(process.env.HEALTH_ADDRESS ?? '127.0.0.1:0', () => worker.getState() === 'RUNNING');
process.once('SIGTERM', () => worker.shutdown());
await worker.run();
health.close();
await connection.close();
