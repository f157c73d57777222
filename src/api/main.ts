import { Client, Connection } from '@temporalio/client';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { loadDataConverter } from '../codec/data-converter.js';
import { readConfigFile } from '../config/config-file.js';
import { readEnvironment } from '../config/environment.js';
import { loadTemporal } from '../config/temporal.js';
import { Org2OrgError } from '../domain/errors.js';
import { openLedger } from '../ledger/ledger.js';
import { buildApi } from './app.js';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const config = await readConfigFile(environment.configFile);
  const { connectionOptions, namespace } = loadTemporal();
  const connection = Connection.lazy(connectionOptions);
  const ledger = openLedger(environment.ledgerUrl);
  const app = await buildApi({
    ledger,
    temporal: new Client({ connection, namespace, dataConverter: await loadDataConverter() }),
    temporalUiUrl: environment.temporalUiUrl,
    orgs: Object.fromEntries(config.orgs),
    apiTokens: config.apiTokens,
    batchLimits: environment.batchLimits,
    trustedProxies: environment.trustedProxies,
    // Lines that come while one is being written go together.
    logger: { level: environment.logLevel, stream: pino.destination({ sync: false }) },
  });
  for (const notice of config.notices) app.log.info(notice);
  if (ledger.embedded)
    app.log.warn('The ledger lives in this process: findings of a worker in another one are not seen here');
  app.addHook('onClose', async () => {
    await connection.close();
    await ledger.close();
  });
  closeWithGrace({ delay: 10_000, logger: app.log }, async ({ err }) => {
    if (err !== undefined) app.log.error(err);
    await app.close();
  });
  ledger
    .ask(async () => {})
    .catch(() => app.log.warn('The ledger does not answer; it is asked again when it is needed'));
  await app.listen({ host: environment.host, port: environment.port });
}

main().catch((error: unknown) => {
  const told = error instanceof Org2OrgError ? `${error.code}: ${error.message}\n${error.problem.fix}` : String(error);
  process.stderr.write(`${told}\n`);
  process.exitCode = 1;
});
