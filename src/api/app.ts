import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import type { Client } from '@temporalio/client';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { ApiToken } from '../config/api-tokens.js';
import type { EventHookSecrets } from '../config/event-hook-secrets.js';
import type { RegisteredOrg } from '../domain/normalize-federation-spec.js';
import { type BatchLimits, usualBatchLimits } from '../domain/user-batch.js';
import { type Ledger, openLedger } from '../ledger/ledger.js';
import { arrival, longestArrivalMs } from './plugins/arrival.js';
import { audit } from './plugins/audit.js';
import { authentication } from './plugins/authentication.js';
import { idempotency } from './plugins/idempotency.js';
import { openapi } from './plugins/openapi.js';
import { answerProblem, problemDetails } from './plugins/problem-details.js';
import { temporal } from './plugins/temporal.js';
import { yamlBody } from './plugins/yaml-body.js';
import { RequestLog } from './request-log.js';
import { adoptions } from './routes/adoptions.js';
import { alarms } from './routes/alarms.js';
import { auditRows } from './routes/audit.js';
import { batches } from './routes/batches.js';
import { diagnosis } from './routes/diagnosis.js';
import { drift } from './routes/drift.js';
import { erasures } from './routes/erasures.js';
import { federations } from './routes/federations.js';
import { gates } from './routes/gates.js';
import { health } from './routes/health.js';
import { hooks } from './routes/hooks.js';
import { operationSchedules } from './routes/operation-schedules.js';
import { pauses } from './routes/pauses.js';
import { plans } from './routes/plans.js';
import { preflights } from './routes/preflights.js';
import { rollouts } from './routes/rollouts.js';
import { rotations } from './routes/rotations.js';
import { specs } from './routes/specs.js';
import { sweeps } from './routes/sweeps.js';
import { teardowns } from './routes/teardowns.js';
import { users } from './routes/users.js';
import { verification } from './routes/verification.js';
import { validatorCompiler } from './validation.js';

export interface ApiOptions {
  readonly temporal: Client;
  /** Base URL of the Temporal UI, for links in answers. */
  readonly temporalUiUrl?: string | null;
  /** The org registry's names, URLs and hashes of secrets; the API holds no credentials of orgs. */
  readonly orgs: Readonly<Record<string, RegisteredOrg & { readonly eventHook?: EventHookSecrets | undefined }>>;
  readonly apiTokens: readonly ApiToken[];
  /** Where the findings of sweeps are; one of this process alone where nothing is said. */
  readonly ledger?: Ledger;
  /** How large a batch may be; the usual limits where nothing is said. */
  readonly batchLimits?: Partial<BatchLimits>;
  /** Addresses of the proxies in front, whose word about the sender's address counts; none where nothing is said. */
  readonly trustedProxies?: readonly string[];
  /** How long a request may take to arrive, in milliseconds, where its route allows no more. */
  readonly arrivesWithinMs?: number;
  readonly logger?: FastifyServerOptions['logger'];
}

/** Largest body that is read, in bytes. */
const bodyLimit = 256 * 1024;

/** Longest part of a path: a login of 100 characters, each percent-encoded as four bytes. */
const longestParam = 1_200;

/** How long a request may take to arrive, in milliseconds. */
const arrivesWithinMs = 30_000;

/** Builds the API; it does not listen yet. */
export async function buildApi(options: ApiOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: options.logger ?? false,
    logController: new RequestLog(),
    bodyLimit,
    requestTimeout: longestArrivalMs,
    requestIdHeader: false,
    trustProxy: [...(options.trustedProxies ?? [])],
    routerOptions: { maxParamLength: longestParam },
    genReqId: () => randomUUID(),
    frameworkErrors: answerProblem,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });

  await app.register(arrival, { withinMs: options.arrivesWithinMs ?? arrivesWithinMs });
  await app.register(helmet);
  await app.register(problemDetails);
  await app.register(yamlBody);
  await app.register(openapi);
  const ledger = options.ledger ?? openLedger('embedded:');
  app.addHook('onClose', async () => {
    if (options.ledger === undefined) await ledger.close();
  });
  await app.register(temporal, { client: options.temporal, uiUrl: options.temporalUiUrl ?? null, ledger });
  await app.register(health);
  await app.register(
    async (v1) => {
      await v1.register(audit);
      await v1.register(hooks, { orgs: options.orgs });
    },
    { prefix: '/v1/hooks' },
  );
  await app.register(
    async (v1) => {
      await v1.register(audit);
      await v1.register(authentication, { tokens: options.apiTokens });
      await v1.register(idempotency);
      await v1.register(federations, { orgs: options.orgs });
      await v1.register(plans, { orgs: options.orgs });
      await v1.register(preflights, { orgs: options.orgs });
      await v1.register(adoptions, { orgs: options.orgs });
      await v1.register(specs, { orgs: options.orgs });
      await v1.register(rotations);
      await v1.register(pauses);
      await v1.register(teardowns);
      await v1.register(gates);
      await v1.register(verification);
      await v1.register(drift);
      await v1.register(operationSchedules);
      await v1.register(batches, {
        temporal: options.temporal,
        limits: { ...usualBatchLimits, ...options.batchLimits },
      });
      await v1.register(users);
      await v1.register(rollouts);
      await v1.register(sweeps);
      await v1.register(diagnosis);
      await v1.register(erasures);
      await v1.register(auditRows);
      await v1.register(alarms);
    },
    { prefix: '/v1' },
  );
  return app;
}
