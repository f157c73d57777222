import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { startTemporal } from '../../scripts/temporal/start-temporal.js';
import { newNamespace } from '../../scripts/temporal/new-namespace.js';
Runtime.install({ logger: new DefaultLogger('ERROR') });
const t = await startTemporal();
const c = await Connection.connect({ address: t.address });
const namespace = await newNamespace(c);
const client = new Client({ connection: c, namespace });
const workflowBundle = await bundleWorkflowCode({ workflowsPath: '/work/main/bench/tmp/wf.ts', logger: new DefaultLogger('ERROR') });
const conn = await NativeConnection.connect({ address: t.address });
for (const extra of [{}, { buildId: 'org2org/2' }, { workerDeploymentOptions: { version: { deploymentName: 'org2org', buildId: '2' }, useWorkerVersioning: false } }] as any[]) {
  const worker = await Worker.create({ connection: conn, namespace, taskQueue: 'q' + JSON.stringify(extra).length, workflowBundle, ...extra });
  const run = worker.run();
  const h = await client.workflow.start('w', { workflowId: 'x' + JSON.stringify(extra).length, taskQueue: 'q' + JSON.stringify(extra).length });
  console.log(JSON.stringify(extra), await h.result());
  worker.shutdown(); await run;
  const history = await h.fetchHistory();
  console.log(JSON.stringify(history.events!.filter((e) => e.workflowTaskCompletedEventAttributes).map((e) => [e.workflowTaskCompletedEventAttributes!.workerVersion, e.workflowTaskCompletedEventAttributes!.deploymentVersion, e.workflowTaskCompletedEventAttributes!.workerDeploymentName])));
  let res: any; for await (const r of Worker.runReplayHistories({ workflowBundle }, [{ workflowId: 'w', history }] as any)) res = r;
  console.log('replay', res.error ?? 'ok');
  // and with result differing in replay?
}
await c.close(); await conn.close(); await t.stop(); process.exit(0);
