import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** The longest time that any route may allow: a large batch comes no faster than it is handed over. */
export const longestArrivalMs = 15 * 60_000;

export interface ArrivalOptions {
  /** How long a request may take to arrive where its route says nothing, in milliseconds. */
  readonly withinMs: number;
}

/**
 * Ends a request that takes longer to arrive than its route allows (`config.arrivesWithinMs`), as Node ends one that
 * takes longer than any may: 408, and the connection is closed. A caller who waits for an answer is not meant.
 */
export const arrival = fastifyPlugin(async (app: FastifyInstance, { withinMs }: ArrivalOptions) => {
  app.addHook('onRequest', async ({ raw, routeOptions }, reply) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
    const hasBody = length !== undefined || encoding !== undefined;
    if (!hasBody || raw.complete) return;
    const tooSlow = () => {
      const error = Object.assign(new Error('the request took too long to arrive'), {
        code: 'ERR_HTTP_REQUEST_TIMEOUT',
      });
      app.server.emit('clientError', error, raw.socket);
    };
    const timer = setTimeout(tooSlow, routeOptions.config?.arrivesWithinMs ?? withinMs);
    const arrived = () => clearTimeout(timer);
    raw.once('end', arrived);
    raw.once('close', arrived);
    reply.raw.once('finish', arrived);
  });
});

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long a request to this route may take to arrive, in milliseconds. */
    arrivesWithinMs?: number;
  }
}
