import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testUserPassword, type World } from './world.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The built worker, as it runs in production. */
export interface BuiltWorker {
  readonly main: string;
  remove(): Promise<void>;
}

/** Builds the worker with a workflow bundle that is there already; below `node_modules`, where it finds its packages. */
export async function buildWorker(bundlePath: string): Promise<BuiltWorker> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'org2org-worker-'));
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  await promisify(execFile)(tsc, ['-p', join(root, 'tsconfig.build.json'), '--outDir', directory]);
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  await copyFile(bundlePath, join(directory, 'workflow-bundle.js'));
  return {
    main: join(directory, 'src', 'worker', 'main.js'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Configuration and secrets of a worker process, as files of their own. */
export interface WorkerFiles {
  readonly configFile: string;
  /** Reference to the test user's password. */
  readonly testUserPassword: string;
  /** Reference to an API token of the SP org. */
  readonly spToken: string;
  remove(): Promise<void>;
}

/** Writes them; `access` changes what the configuration says of both orgs. */
export async function writeWorkerFiles(
  { sandbox }: World,
  access: { readonly requestTimeoutMs?: number } = {},
): Promise<WorkerFiles> {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-worker-'));
  const secret = async (name: string, value: string) => {
    await writeFile(join(directory, name), value, { mode: 0o600 });
    return `file:${join(directory, name)}`;
  };
  const org = async (url: string, name: string, token: string) => ({
    url,
    auth: { apiToken: await secret(name, token) },
    ...access,
  });
  const testUserPasswordAt = await secret('test-user-password', testUserPassword);
  const spToken = await secret('sp-token', sandbox.sp.token);
  const acme = await org(sandbox.idp.url, 'acme-token', sandbox.idp.token);
  const orgs = {
    acme: { ...acme, specificationSecrets: [testUserPasswordAt, spToken] },
    partner: await org(sandbox.sp.url, 'partner-token', sandbox.sp.token),
  };
  const configFile = join(directory, 'org2org.yaml');
  await writeFile(configFile, JSON.stringify({ orgs }));
  return {
    configFile,
    testUserPassword: testUserPasswordAt,
    spToken,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** A worker that is a process of its own. */
export interface WorkerProcess {
  /** Everything it has written so far. */
  output(): string;
  /** Ends it on the spot, as a power cut does. */
  kill(): Promise<void>;
}

/** Starts one; with a ledger of its own in memory, unless one is named. */
export function startWorkerProcess(
  main: string,
  { configFile }: WorkerFiles,
  temporal: { readonly address: string; readonly namespace: string },
  ledgerUrl?: string,
): WorkerProcess {
  const child: ChildProcess = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      ORG2ORG_CONFIG: configFile,
      LOG_LEVEL: 'debug',
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ...(ledgerUrl === undefined ? {} : { ORG2ORG_LEDGER: ledgerUrl }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  return {
    output: () => written,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
