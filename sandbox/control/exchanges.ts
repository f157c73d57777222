import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestOrigin } from './faults.js';
import { originOf } from './origin.js';

/** One request to an org with the org's own answer to it, before a fault changed it. */
export interface Exchange {
  readonly org: string;
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly from: RequestOrigin;
  /** The header `User-Agent`. */
  readonly userAgent: string;
  /** The body that was sent; undefined if there was none, or if the request was answered before it was read. */
  readonly requestBody: unknown;
  /** Whether the request came as far as its operation. */
  readonly carriedOut: boolean;
  readonly status: number;
  /** The text of the answer; null for an answer that is no text. */
  readonly answer: string | null;
}

/** Shows every exchange of an org to an observer. Installed before everything else, so that it sees refusals too. */
export function observeExchanges(
  server: FastifyInstance,
  org: { readonly name: string },
  observe: (exchange: Exchange) => void,
): void {
  const carriedOut = new WeakSet<FastifyRequest>();
  server.addHook('preHandler', async (request) => {
    carriedOut.add(request);
  });
  server.addHook('onSend', async (request, reply, payload) => {
    observe({
      org: org.name,
      method: request.method,
      path: request.url,
      from: originOf(request.headers),
      userAgent: request.headers['user-agent'] ?? '',
      requestBody: request.body ?? undefined,
      carriedOut: carriedOut.has(request),
      status: reply.statusCode,
      answer: typeof payload === 'string' ? payload : null,
    });
    return payload;
  });
}
