import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { freePorts } from '../../scripts/temporal/free-ports.js';
import { newNamespace } from '../../scripts/temporal/new-namespace.js';
import { startTemporal } from '../../scripts/temporal/start-temporal.js';
import { newToken } from '../../src/cli/new-token.js';
import { startPostgres, whyNoPostgres } from '../../test/world/start-postgres.js';
import { federationId, withoutPeople } from '../../test/world/world.js';
import { buildPrograms } from './built-programs.js';
import { type Program, startProgram } from './programs.js';
import { SandboxControl } from './sandbox-control.js';

/** Everything that the benchmark measures, each in a process of its own, and a federation that is set up. */
export interface Stage {
  readonly sandbox: SandboxControl;
  /** Client in the product's namespace. */
  readonly client: Client;
  /** Client in the namespace of the workflows that do nothing, on the same server. */
  readonly noopClient: Client;
  readonly api: Program & { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  readonly worker: Program;
  readonly noopWorker: Program;
  readonly orgs: Readonly<Record<'idp' | 'sp', StagedOrg>>;
  /** URL of the ledger that the API and the workers share, in a real PostgreSQL. */
  readonly ledgerUrl: string;
  /**
   * Starts one more program, built, with the settings of the product's worker; `source` is its path from the root, `url` where
   * it answers that it is ready.
   */
  start(source: string): Promise<Program & { readonly url: string }>;
  /** Logins of users in the IdP org who have no assignment; each is handed out once. */
  newLogins(count: number): readonly string[];
  stop(): Promise<void>;
}

const StagedOrg = z.object({ url: z.string(), token: z.string() });
/** Where an org answers, and to which API token. */
export type StagedOrg = z.output<typeof StagedOrg>;

const Started = z.object({ idp: StagedOrg, sp: StagedOrg, control: z.object({ url: z.string() }) });

/**
 * @param users how many users the IdP org has for `newLogins`.
 * @throws Error if no PostgreSQL can be started here
 */
export async function openStage(users: number): Promise<Stage> {
  const why = whyNoPostgres();
  if (why !== null) throw new Error(`No PostgreSQL can be started: ${why}`);
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (let step = closing.pop(); step !== undefined; step = closing.pop()) await step().catch(() => undefined);
  };
  try {
    const built = await buildPrograms();
    closing.push(built.remove);
    const started = async (source: string, environment: Record<string, string>, readyUrl: string | null) => {
      const program = await startProgram(built.pathOf(source), environment, readyUrl);
      closing.push(program.stop);
      return program;
    };
    const directory = await mkdtemp(join(tmpdir(), 'org2org-bench-'));
    closing.push(() => rm(directory, { recursive: true, force: true }));
    const postgres = await startPostgres();
    closing.push(postgres.stop);
    const temporal = await startTemporal();
    closing.push(temporal.stop);
    const connection = await Connection.connect({ address: temporal.address });
    closing.push(() => connection.close());
    const client = new Client({ connection, namespace: await newNamespace(connection) });
    const noopClient = new Client({ connection, namespace: await newNamespace(connection) });

    const printed = await started('sandbox/main.ts', {}, null);
    const { idp, sp, control } = Started.parse(JSON.parse(printed.firstLine));
    const sandbox = new SandboxControl(control.url, printed.pid);
    await sandbox.withoutLimits();
    await sandbox.seed(users);

    const { token, entry } = newToken('operator@bench', ['operator']);
    const config = join(directory, 'org2org.json');
    const org = async (name: string, { url, token: apiToken }: StagedOrg) => {
      await writeFile(join(directory, name), apiToken, { mode: 0o600 });
      return { url, auth: { apiToken: `file:${join(directory, name)}` } };
    };
    const orgs = { acme: await org('acme', idp), partner: await org('partner', sp) };
    await writeFile(config, JSON.stringify({ orgs, apiTokens: [entry] }));

    const [workerPort = 0, noopPort = 0, apiPort = 0] = await freePorts(3);
    const environment = (namespace: string, healthPort: number) => ({
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: namespace,
      ORG2ORG_CONFIG: config,
      HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
      ORG2ORG_LEDGER: postgres.url,
      LOG_LEVEL: 'info',
    });
    const health = (port: number) => `http://127.0.0.1:${port}/healthz`;
    const product = environment(client.options.namespace, workerPort);
    const noop = environment(noopClient.options.namespace, noopPort);
    const url = `http://127.0.0.1:${apiPort}`;
    const [worker, noopWorker, api] = await Promise.all([
      started('src/worker/main.ts', product, health(workerPort)),
      started('bench/users/noop-worker.ts', noop, health(noopPort)),
      started('src/api/main.ts', { ...product, PORT: String(apiPort) }, `${url}/readyz`),
    ]);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await setUp(url, headers);

    let next = 1;
    const newLogins = (count: number) => {
      if (next + count - 1 > users) throw new Error('the IdP org has too few users');
      const logins = Array.from({ length: count }, (_, index) => `user${next + index}@acme.example`);
      next += count;
      return logins;
    };
    const start = async (source: string) => {
      const [port = 0] = await freePorts(1);
      const program = await started(source, environment(client.options.namespace, port), health(port));
      return { ...program, url: `http://127.0.0.1:${port}` };
    };
    const programs = { api: { ...api, url, headers }, worker, noopWorker };
    const ledgerUrl = postgres.url;
    return { start, sandbox, orgs: { idp, sp }, ledgerUrl, client, noopClient, ...programs, newLogins, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function setUp(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const address = `${url}/v1/federations/${federationId}`;
  const send = () => fetch(address, { method: 'PUT', headers, body: JSON.stringify(withoutPeople()) });
  let put = await send();
  while (put.status === 503) put = await send();
  if (!put.ok) throw new Error(`The setup was not accepted: ${put.status} ${await put.text()}`);
  for (;;) {
    const answer = await fetch(address, { headers });
    if (answer.status === 503) continue;
    const { state } = z.object({ state: z.string() }).parse(await answer.json());
    if (state === 'ready') return;
    if (state === 'stopped' || state === 'gate') throw new Error(`the setup is ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
