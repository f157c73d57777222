import { isIP } from 'node:net';
import { z } from 'zod';
import { type LedgerRetention, usualRetention } from '../domain/ledger-retention.js';
import { type BatchLimits, usualBatchLimits } from '../domain/user-batch.js';
import { validate } from './validation.js';

const port = z.coerce.number().int('must be a port number').min(0).max(65_535);

const address = z.string().regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port');

const days = z.coerce.number().int('must be a number of days').min(1).max(36_500);

/** An IP address, or a network such as `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    bits > 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

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
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((proxy) => proxy.trim()))
    .refine((proxies) => proxies.every(isNetwork), 'must be IP addresses or networks, separated by commas')
    .default([]),
  LEDGER_KEEP_FINDINGS_DAYS: days.default(usualRetention.findingsDays),
  LEDGER_KEEP_PROOFS_DAYS: days.default(usualRetention.proofsDays),
  LEDGER_KEEP_AUDIT_DAYS: days.default(usualRetention.auditDays),
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
  /** How long the ledger keeps things (`LEDGER_KEEP_FINDINGS_DAYS`, `LEDGER_KEEP_PROOFS_DAYS`, `LEDGER_KEEP_AUDIT_DAYS`). */
  readonly retention: LedgerRetention;
  /** Proxies whose word about a sender's address counts (`TRUSTED_PROXIES`). */
  readonly trustedProxies: readonly string[];
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
    retention: {
      findingsDays: parsed.LEDGER_KEEP_FINDINGS_DAYS,
      proofsDays: parsed.LEDGER_KEEP_PROOFS_DAYS,
      auditDays: parsed.LEDGER_KEEP_AUDIT_DAYS,
    },
    trustedProxies: parsed.TRUSTED_PROXIES,
    batchLimits: {
      rows: parsed.BATCH_MAX_ROWS ?? usualBatchLimits.rows,
      bytes: parsed.BATCH_MAX_BYTES ?? usualBatchLimits.bytes,
    },
  };
}
