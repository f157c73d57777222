import './memory.js';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { loadDataConverter } from '../codec/data-converter.js';
import { Alarms } from '../commands/alarms.js';
import { readConfigFile } from '../config/config-file.js';
import { readEnvironment } from '../config/environment.js';
import { loadTemporal } from '../config/temporal.js';
import { Org2OrgError } from '../domain/errors.js';
import { openLedger } from '../ledger/ledger.js';
import { createWorkers, shutdownWithinMs } from './create-workers.js';
import { serveHealth } from './health.js';
import { keepRetention } from './ledger-retention.js';
import { installRuntime } from './runtime.js';
import { workflowBundle } from './workflow-bundle.js';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const config = await readConfigFile(environment.configFile);
  const { connectionOptions, namespace } = loadTemporal();
  const dataConverter = await loadDataConverter();
  const log = pino({ level: environment.logLevel });
  for (const notice of config.notices) log.info(notice);
  installRuntime(log, environment.metricsAddress);

  const ledger = openLedger(environment.ledgerUrl);
  if (ledger.embedded) log.warn('The ledger lives in this process: an API in another one does not see its findings');
  const connection = await NativeConnection.connect(connectionOptions);
  const workers = await createWorkers({
    connection,
    namespace,
    workflowBundle: await workflowBundle(),
    orgs: config.orgs,
    ledger,
    dataConverter,
    alarms: config.alarms,
  });
  const alarms = new Alarms(new Client({ connection, namespace, dataConverter }));
  await alarms.watch().catch((error: unknown) => log.warn({ err: error }, 'The watch for alarms could not be started'));
  const health = environment.healthAddress && serveHealth(environment.healthAddress, workers.running);
  const endRetention = keepRetention(ledger, environment.retention, log);
  const ended = workers.run();
  closeWithGrace({ delay: shutdownWithinMs, logger: log }, async ({ err }) => {
    if (err !== undefined) log.error(err);
    workers.shutdown();
    await ended;
  });
  log.info({ namespace, orgs: workers.orgs }, 'Worker is running');
  try {
    await ended;
  } finally {
    endRetention();
    if (health) health.close();
    await connection.close();
    await ledger.close();
  }
}

main().catch((error: unknown) => {
  const told = error instanceof Org2OrgError ? `${error.code}: ${error.message}\n${error.problem.fix}` : String(error);
  process.stderr.write(`${told}\n`);
  process.exit(1);
});
