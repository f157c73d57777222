import type { FastifyInstance } from 'fastify';
import type { Org } from '../core/org.js';
import { AccessTokens } from './access-tokens.js';
import { authenticate } from './authentication.js';
import { authorize, needsPrincipal } from './authorization.js';
import { clientRoleRoutes } from './client-roles.js';
import { clientRoutes } from './clients.js';
import { grantRoutes } from './grants.js';
import { answerOAuthError, OAuthError } from './oauth-error.js';
import type { RateLimiter } from './rate-limiter.js';
import { limitRate, limitSignIns } from './rate-limits.js';
import { tokenEndpoint } from './token-endpoint.js';

/**
 * Access to an org: who sends a request, how many requests he may send, and what he may do. Installed before the routes.
 */
export function installAccess(server: FastifyInstance, org: Org, limiter: RateLimiter): void {
  const tokens = new AccessTokens(() => org.clock.now());
  server.addHook('onRequest', async (request, reply) => {
    tokens.countRequest();
    let refusal: unknown;
    try {
      request.principal = await authenticate(org, tokens, request);
    } catch (error) {
      refusal = error;
    }
    limitRate(org, limiter, request, reply);
    if (!needsPrincipal(request)) return;
    if (refusal instanceof OAuthError) return answerOAuthError(reply, refusal);
    if (refusal !== undefined) throw refusal;
    if (authorize(org, request) === 'emptyList') return reply.status(200).type('application/json').send([]);
  });
  server.addHook('preHandler', async (request) => {
    if (request.routeOptions.config.operation === 'authn') limitSignIns(limiter, request);
  });
  tokenEndpoint(server, org, tokens);
  clientRoutes(server, org);
  clientRoleRoutes(server, org);
  grantRoutes(server, org);
}
