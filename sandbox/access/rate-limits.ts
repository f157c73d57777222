import type { FastifyReply, FastifyRequest } from 'fastify';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { actorOf, asObject, asText } from '../core/routing.js';
import type { RateLimiter, RateLimitState } from './rate-limiter.js';

/**
 * Counts a request against the budgets of the org and writes the rate limit headers of its answer.
 * @throws OktaError E0000047 if the rate or the number of simultaneous requests is too high
 */
export function limitRate(org: Org, limiter: RateLimiter, request: FastifyRequest, reply: FastifyReply): void {
  const { principal } = request;
  const path = request.url.split('?')[0] ?? '';
  const verdict = limiter.take(request.method, path, principal?.id ?? 'anonymous');
  if (verdict === null) return;
  if (!limiter.enter()) {
    reply.headers(rateLimitHeaders({ limit: 0, remaining: 0, reset: verdict.reset }));
    throw new OktaError('E0000047');
  }
  reply.raw.once('close', () => limiter.leave());
  reply.headers(rateLimitHeaders(verdict));
  if (verdict.allowed) return;
  if (verdict.firstRefusal) {
    org.log.write({
      eventType: 'system.org.rate_limit.violation',
      actor: actorOf(org, principal),
      severity: 'WARN',
      outcome: { result: 'FAILURE', reason: 'Rate limit exceeded' },
      debugData: { url: path, threshold: String(verdict.limit), rateLimitBucketUuid: verdict.bucket.name },
    });
  }
  throw new OktaError('E0000047');
}

/** Counts a sign-in against the budget of its login. @throws OktaError E0000047 if it is used up */
export function limitSignIns(limiter: RateLimiter, request: FastifyRequest): void {
  const login = asText(asObject(request.body).username)?.toLowerCase();
  if (login !== undefined && !limiter.takeSignIn(login)) throw new OktaError('E0000047');
}

/** The headers in which Okta tells a client its budget. */
export function rateLimitHeaders(state: RateLimitState): Record<string, string> {
  return {
    'x-rate-limit-limit': String(state.limit),
    'x-rate-limit-remaining': String(state.remaining),
    'x-rate-limit-reset': String(state.reset),
  };
}
