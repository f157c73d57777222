import { z } from 'zod';
import { type BatchLimits, usualBatchLimits } from '../domain/user-batch.js';
import { validate } from './validation.js';

const port = z.coerce.number().int('must be a port number').min(0).max(65_535);

const address = z.string().regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port');

const Variables = z.object({
  ORG2ORG_CONFIG: z.string().min(1).default('./org2org.yaml'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  METRICS_ADDRESS: address.optional(),
  HEALTH_ADDRESS: address.optional(),
  BATCH_MAX_ROWS: z.coerce.number().int('must be a number of rows').min(1).max(1_000_000).optional(),
  BATCH_MAX_BYTES: z.coerce
    .number()
    .int('must be a number of bytes')
    .min(1_024)
    .max(2 ** 30)
    .optional(),
  ORG2ORG_LEDGER: z
    .string()
    .regex(/^(embedded:$|postgres(ql)?:\/\/)/, 'must be embedded: or postgres://…')
    .default('embedded:'),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/, error: 'must be a URL' }).optional(),
});

/** What the process's environment variables say. Those of Temporal are read by `loadTemporal`. */
export interface Environment {
  /** Path of the configuration file (`ORG2ORG_CONFIG`). */
  readonly configFile: string;
  /** Where the API listens (`HOST`, `PORT`). */
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** Where the worker serves metrics, `host:port` (`METRICS_ADDRESS`); null for nowhere. */
  readonly metricsAddress: string | null;
  /** Where the worker answers `GET /healthz`, `host:port` (`HEALTH_ADDRESS`); null for nowhere. */
  readonly healthAddress: string | null;
  /** Base URL of the Temporal UI, without trailing slash, for links in the API's answers (`TEMPORAL_UI_URL`). */
  readonly temporalUiUrl: string | null;
  /** Where the ledger is (`ORG2ORG_LEDGER`): `embedded:` or `postgres://…`. May hold a password. */
  readonly ledgerUrl: string;
  /** How large a batch of users may be (`BATCH_MAX_ROWS`, `BATCH_MAX_BYTES`). */
  readonly batchLimits: Pick<BatchLimits, 'rows' | 'bytes'>;
}

/** @throws Org2OrgError `O2O_CONFIG_INVALID` that names the variable. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = validate(Variables, set, '(environment variables)');
  return {
    configFile: parsed.ORG2ORG_CONFIG,
    host: parsed.HOST,
    port: parsed.PORT,
    logLevel: parsed.LOG_LEVEL,
    metricsAddress: parsed.METRICS_ADDRESS ?? null,
    healthAddress: parsed.HEALTH_ADDRESS ?? null,
    temporalUiUrl: parsed.TEMPORAL_UI_URL?.replace(/\/+$/, '') ?? null,
    ledgerUrl: parsed.ORG2ORG_LEDGER,
    batchLimits: {
      rows: parsed.BATCH_MAX_ROWS ?? usualBatchLimits.rows,
      bytes: parsed.BATCH_MAX_BYTES ?? usualBatchLimits.bytes,
    },
  };
}
