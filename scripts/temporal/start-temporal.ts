import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { loadTemporal } from '../../src/config/temporal.js';
import { findProgram } from './find-program.js';
import { freePorts } from './free-ports.js';
import { temporalCli, timeSkippingServer } from './programs.js';
import { registerSearchAttributes } from './search-attributes.js';
import { type ServerProcess, startServerProcess } from './server-process.js';

/** A Temporal server that is ready for the workflows of the project. */
export interface TemporalServer {
  /** `host:port` of its gRPC service. */
  readonly address: string;
  readonly namespace: string;
  /** Null without a UI, and for a server that was not started here. */
  readonly uiUrl: string | null;
  /** Ends the server if it was started here. */
  stop(): Promise<void>;
}

export interface StartTemporalOptions {
  /** Starts the web UI as well. */
  readonly ui?: boolean;
  /** Namespace of a server that is started here; `default` by default. */
  readonly namespace?: string;
  /** Port of the gRPC service of a server that is started here; a free one by default. */
  readonly port?: number;
  /** File in which a server that is started here keeps everything; in memory by default, and gone with it. */
  readonly database?: string;
  /** Dynamic configuration of a server that is started here, under Temporal's names. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told what takes a while, line by line. */
  readonly notice?: (text: string) => void;
}

const readyWithinMs = 60_000;
const startAttempts = 3;
const serving = 1;
const retention = '30 days';

/** Waits until the server answers that it serves; the reason if its process ended before. */
async function ready(connection: Connection, server: ServerProcess): Promise<'ready' | { readonly ended: string }> {
  let output: string | undefined;
  void server.ended.then((last) => {
    output = last;
  });
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    if (output !== undefined) return { ended: output };
    try {
      const health = () =>
        connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
      if ((await connection.withDeadline(Date.now() + 2_000, health)).status === serving) return 'ready';
    } catch {
      // Not listening yet.
    }
    await delay(50);
  }
  throw new Error(`Temporal did not become ready within ${readyWithinMs / 1000} s`);
}

async function prepare(connection: Connection, namespace: string): Promise<void> {
  await registerSearchAttributes(connection, namespace);
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retention) },
  });
}

async function startOwn(
  path: string,
  options: StartTemporalOptions,
): Promise<TemporalServer | { readonly ended: string }> {
  const namespace = options.namespace ?? 'default';
  const [freePort, uiPort] = await freePorts(2);
  const port = options.port ?? freePort;
  const address = `127.0.0.1:${port}`;
  const ui = options.ui === true ? ['--ui-port', String(uiPort)] : ['--headless'];
  const server = await startServerProcess(path, [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace],
    ...['--log-level', 'error', '--dynamic-config-value', 'frontend.enableServerVersionCheck=false'],
    ...Object.entries(options.settings ?? {}).flatMap(([name, value]) => [
      '--dynamic-config-value',
      `${name}=${value}`,
    ]),
    ...(options.database === undefined ? [] : ['--db-filename', options.database]),
    ...ui,
  ]);
  const connection = Connection.lazy({ address, channelArgs: { 'grpc.initial_reconnect_backoff_ms': 50 } });
  try {
    const state = await ready(connection, server);
    if (state !== 'ready') return state;
    await prepare(connection, namespace);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await connection.close();
  }
  const uiUrl = options.ui === true ? `http://127.0.0.1:${uiPort}` : null;
  return { address, namespace, uiUrl, stop: server.stop };
}

async function useExisting(): Promise<TemporalServer> {
  const { connectionOptions, namespace } = loadTemporal();
  const connection = await Connection.connect(connectionOptions);
  try {
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
  return { address: connection.options.address, namespace, uiUrl: null, stop: async () => undefined };
}

/**
 * A Temporal server for development and tests: the one that `TEMPORAL_ADDRESS` names, else one of its own, on free ports and
 * in memory unless the options say otherwise, that ends with this process. The search attributes are registered in both.
 * @throws Error if there is no server and no program to start one; it names the ways out.
 */
export async function startTemporal(options: StartTemporalOptions = {}): Promise<TemporalServer> {
  if (process.env.TEMPORAL_ADDRESS) return useExisting();
  const notice = options.notice === undefined ? {} : { notice: options.notice };
  const path = await findProgram(temporalCli, notice);
  let reason = '';
  for (let attempt = 1; attempt <= startAttempts; attempt += 1) {
    const started = await startOwn(path, options);
    if (!('ended' in started)) return started;
    reason = started.ended;
  }
  throw new Error(`${path} ended while starting: ${reason}`);
}

/** Path of the server that skips time, for `TestWorkflowEnvironment.createTimeSkipping` with `existing-path`. */
export function timeSkippingServerPath(): Promise<string> {
  return findProgram(timeSkippingServer);
}
