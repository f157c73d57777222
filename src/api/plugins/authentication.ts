import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { type ApiToken, findApiToken } from '../../config/api-tokens.js';
import { Org2OrgError } from '../../domain/errors.js';
import { type Actor, type Role, roles } from '../../domain/gate.js';

/**
 * Lets only bearers of an API token in, and only to routes for which the token has the role (`config.role`). The
 * actor stands at the request for the commands it sends.
 *
 * Register it in the scope of the routes to protect; a route there without a role stops the start.
 */
export const authentication = fastifyPlugin(
  async (app: FastifyInstance, { tokens }: { tokens: readonly ApiToken[] }) => {
    app.decorateRequest('actor');
    app.addHook('onRoute', ({ method, url, config }) => {
      if (config?.role === undefined) throw new Error(`The route ${method} ${url} says no role.`);
    });
    app.addHook('onRequest', async (request) => {
      if (request.is404) return;
      const actor = findApiToken(tokens, bearerToken(request));
      if (actor === null) throw new Org2OrgError('O2O_UNAUTHENTICATED');
      request.actor = actor;
      const needed = request.routeOptions.config.role ?? 'approver';
      if (!mayActAs(actor, needed)) throw new Org2OrgError('O2O_FORBIDDEN', { actor: actor.name, role: needed });
    });
  },
);

function bearerToken(request: FastifyRequest): string {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function mayActAs(actor: Actor, needed: Role): boolean {
  return actor.roles.some((role) => roles.indexOf(role) >= roles.indexOf(needed));
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The role that an API token needs for this route. */
    role?: Role;
  }
  interface FastifyRequest {
    /** Who sent the request: set on every route that needs a token. */
    actor: Actor;
  }
}
