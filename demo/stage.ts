import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.js';
import { serveLedger } from '../scripts/ledger/serve-ledger.js';
import { freePorts } from '../scripts/temporal/free-ports.js';
import { startTemporal } from '../scripts/temporal/start-temporal.js';
import { startChild } from './child-process.js';
import type { Closing } from './closing.js';
import { newPassword, writeConfiguration, writeSecret } from './configuration.js';
import { OrgAdmin } from './org-admin.js';
import { createPeople } from './people.js';
import { createServiceApp, scopesOf } from './service-app.js';

/** Names of the sandbox's orgs in the org registry. */
export const orgNames = { idp: 'partner', sp: 'company' } as const;

/** Everything that runs for the demo. */
export interface Stage {
  readonly apiUrl: string;
  readonly operatorToken: string;
  readonly approverToken: string;
  readonly temporalUiUrl: string | null;
  readonly sandbox: Sandbox;
  /** Holds configuration, secrets and logs; removed at the end. */
  readonly directory: string;
}

const program = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Starts Temporal, a ledger in memory, the two orgs, the worker and the API, after doing in both orgs what a person does once by hand.
 *
 * @param closing ends what was started, also if something else does not start.
 * @param say told what takes a while.
 */
export async function openStage(closing: Closing, say: (text: string) => void): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-demo-'));
  closing.add(() => rm(directory, { recursive: true, force: true }));

  say('Temporal starts, and a ledger in memory');
  const [temporal, ledger] = await Promise.all([
    startTemporal({ ui: true, notice: say }).then((started) => {
      closing.add(started.stop);
      return started;
    }),
    serveLedger(),
  ]);
  closing.add(ledger.stop);

  say('Two Okta orgs and a Dropbox-like app start (sandbox)');
  const sandbox = await startSandbox();
  closing.add(sandbox.stop);

  const password = newPassword();
  const { file, operatorToken, approverToken } = await prepareOrgs(sandbox, directory, password, say);

  say('Worker and API start');
  const [apiPort, healthPort] = await freePorts(2);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const healthAddress = `127.0.0.1:${healthPort}`;
  const environment = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ORG2ORG_CONFIG: file,
    ORG2ORG_LEDGER: ledger.url,
  };
  const worker = {
    program: program('src/worker/main.ts'),
    environment: { ...environment, HEALTH_ADDRESS: healthAddress, DEMO_TEST_USER_PASSWORD: password },
    logFile: join(directory, 'worker.log'),
    readyUrl: `http://${healthAddress}/healthz`,
  };
  const api = {
    program: program('src/api/main.ts'),
    environment: { ...environment, PORT: String(apiPort), TEMPORAL_UI_URL: temporal.uiUrl ?? '' },
    logFile: join(directory, 'api.log'),
    readyUrl: `${apiUrl}/readyz`,
  };
  await Promise.all([startChild(worker, closing), startChild(api, closing)]);
  return { apiUrl, operatorToken, approverToken, temporalUiUrl: temporal.uiUrl, sandbox, directory };
}

async function prepareOrgs(sandbox: Sandbox, directory: string, password: string, say: (text: string) => void) {
  const idp = new OrgAdmin(sandbox.idp);
  const sp = new OrgAdmin(sandbox.sp);
  say(`By hand in ${orgNames.idp}: a service app with key, role and scopes; people and a group`);
  const idpApp = await createServiceApp(idp, scopesOf.idp);
  await createPeople(idp, password);
  say(`By hand in ${orgNames.sp}: a service app with key, role and scopes`);
  const spApp = await createServiceApp(sp, scopesOf.sp);
  await sandbox.idle();
  sandbox.requests.clear();
  const configuration = await writeConfiguration(directory, [
    { name: orgNames.idp, url: idp.url, app: idpApp, specificationSecrets: ['env:DEMO_TEST_USER_PASSWORD'] },
    { name: orgNames.sp, url: sp.url, app: spApp },
  ]);
  await writeSecret(directory, 'operator-token', configuration.operatorToken);
  await writeSecret(directory, 'approver-token', configuration.approverToken);
  await writeSecret(directory, 'test-user-password', password);
  return configuration;
}
