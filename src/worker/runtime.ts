import { makeTelemetryFilterString, Runtime, type Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

type Level = keyof typeof levels;
type Metadata = Record<string | symbol, unknown>;

/** Lines of the SDK in our log: JSON, without payloads. */
function temporalLogger(log: Logger): TemporalLogger {
  const write = (level: Level, message: string, { error, timestampNanos: _, ...facts }: Metadata = {}) =>
    log[levels[level]]({ ...facts, ...(error === undefined ? {} : { err: error }) }, message);
  return {
    log: write,
    trace: (message, metadata) => write('TRACE', message, metadata),
    debug: (message, metadata) => write('DEBUG', message, metadata),
    info: (message, metadata) => write('INFO', message, metadata),
    warn: (message, metadata) => write('WARN', message, metadata),
    error: (message, metadata) => write('ERROR', message, metadata),
  };
}

/**
 * Sets up what all workers of the process share; once, before anything else of the SDK. Signals are left to the caller.
 * @param metricsAddress `host:port` on which Prometheus finds metrics; null for none
 */
export function installRuntime(log: Logger, metricsAddress: string | null): void {
  Runtime.install({
    logger: temporalLogger(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(metricsAddress === null ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
  });
}
