import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Org } from '../core/org.js';
import type { Principal } from '../core/routing.js';
import { answerInstead, answersInstead, changeAnswer } from './fault-effects.js';
import type { Fault, FaultBook } from './faults.js';
import { originOf } from './origin.js';
import type { LoggedRequest, RequestLog } from './request-log.js';

/** What the control server can do to the requests of an org. */
export interface Observation {
  readonly log: RequestLog;
  readonly faults: FaultBook;
  /** Time that every request takes longer, in milliseconds. */
  latencyMs: number;
}

/** Writes every request to an org into the request log and lets faults happen to it. Installed before everything else. */
export function installObservation(server: FastifyInstance, org: Org, observation: Observation): void {
  const entries = new WeakMap<FastifyRequest, LoggedRequest>();
  const hits = new WeakMap<FastifyRequest, Fault>();

  server.addHook('onRequest', async (request, reply) => {
    const begun = performance.now();
    const target = {
      org: org.name,
      operation: request.routeOptions.config.operation ?? null,
      from: originOf(request.headers),
      write: isWrite(request),
    };
    const entry = observation.log.begin({ ...target, method: request.method, path: request.url });
    entries.set(request, entry);
    reply.raw.once('close', () => {
      entry.durationMs = Math.round(performance.now() - begun);
    });
    if (observation.latencyMs > 0) await wait(observation.latencyMs);
    const fault = observation.faults.hit({ ...target, operation: target.operation ?? '' });
    if (fault === null) return;
    entry.fault = fault.kind;
    hits.set(request, fault);
    if (fault.kind === 'slow') await delay(fault);
    if (answersInstead(fault)) return answerInstead(fault, org, request, reply);
  });

  server.addHook('onSend', async (request, reply, payload) => {
    const entry = entries.get(request);
    if (entry !== undefined) {
      entry.status = reply.statusCode;
      entry.principal = nameOf(request.principal);
    }
    const fault = hits.get(request);
    if (fault?.kind === 'slowAfter') await delay(fault);
    return fault === undefined ? payload : changeAnswer(fault, request, reply, payload);
  });
}

/** Waits as long as the fault says; keeps no process alive. */
function delay({ delayMs = 1_000 }: Fault): Promise<void> {
  return wait(delayMs, undefined, { ref: false });
}

/** Whether a request changes something in the org: a write of the Management API, sign-in and tokens aside. */
function isWrite(request: FastifyRequest): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return false;
  const path = request.url;
  if (path.startsWith('/oauth2/v1/clients')) return true;
  return path.startsWith('/api/v1/') && !/^\/api\/v1\/(authn|sessions)\b/.test(path);
}

function nameOf(principal: Principal | null): string | null {
  if (principal === null) return null;
  return principal.kind === 'session' ? `user ${principal.userId ?? 'unknown'}` : `${principal.kind} ${principal.id}`;
}
