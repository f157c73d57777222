import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { rateLimitHeaders } from '../access/rate-limits.js';
import { newId } from '../core/ids.js';
import { errorCodes } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Fault } from './faults.js';

const html =
  '<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>Please try again</h1></body></html>';

/** Whether the fault keeps the org from carrying the request out. */
export function answersInstead(fault: Fault): boolean {
  return ['status', 'rateLimit', 'concurrencyLimit', 'readOnly', 'resetBefore', 'html'].includes(fault.kind);
}

/** Ends the request in the place of the org. */
export function answerInstead(fault: Fault, org: Org, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const reset = Math.ceil(org.clock.now() / 1000) + fault.resetSeconds;
  switch (fault.kind) {
    case 'resetBefore':
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    case 'html':
      return reply
        .status(fault.status ?? 200)
        .type('text/html;charset=utf-8')
        .send(html);
    case 'readOnly':
      return sendError(reply, 503, 'E0000010');
    case 'rateLimit':
      return sendError(reply.headers(rateLimitHeaders({ limit: 50, remaining: 0, reset })), 429, 'E0000047');
    case 'concurrencyLimit':
      return sendError(reply.headers(rateLimitHeaders({ limit: 0, remaining: 0, reset })), 429, 'E0000047');
    default:
      return sendError(reply, fault.status ?? statusOf(fault.errorCode) ?? 500, fault.errorCode ?? 'E0000009');
  }
}

/** Changes the answer of a request that the org has carried out, or loses it. */
export function changeAnswer(fault: Fault, request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  switch (fault.kind) {
    case 'resetAfter':
      request.raw.socket.destroy();
      return payload;
    case 'truncatedJson':
      return typeof payload === 'string' ? payload.slice(0, Math.ceil(payload.length / 2)) : payload;
    case 'emptyPage':
      return isList(payload) ? '[]' : changeWrapped(payload, (list) => ({ ...list, value: [] }));
    case 'endEarly':
      withoutNext(reply);
      return changeWrapped(payload, ({ _links, ...list }) => ({ ...list, _links: { ..._links, next: undefined } }));
    default:
      return payload;
  }
}

function sendError(reply: FastifyReply, status: number, code: string): FastifyReply {
  return reply
    .status(status)
    .type('application/json')
    .send({ errorCode: code, errorSummary: summaryOf(code), errorLink: code, errorId: newId('oae'), errorCauses: [] });
}

function entryOf(code: string | undefined): readonly [number, string] | undefined {
  return Object.entries(errorCodes).find(([known]) => known === code)?.[1];
}

function statusOf(code: string | undefined): number | undefined {
  return entryOf(code)?.[0];
}

function summaryOf(code: string): string {
  return entryOf(code)?.[1].replace('{0}', '').trim() ?? 'Internal Server Error';
}

const WrappedList = z.looseObject({
  value: z.array(z.unknown()),
  _links: z.record(z.string(), z.unknown()).optional(),
});

/** Changes a list that stands in an object, with its next page among its links; other answers stay as they are. */
function changeWrapped(payload: unknown, change: (list: z.output<typeof WrappedList>) => unknown): unknown {
  if (typeof payload !== 'string' || !payload.startsWith('{')) return payload;
  const list = WrappedList.safeParse(JSON.parse(payload));
  return list.success ? JSON.stringify(change(list.data)) : payload;
}

function isList(payload: unknown): boolean {
  return typeof payload === 'string' && payload.startsWith('[');
}

function withoutNext(reply: FastifyReply): void {
  const links = [reply.getHeader('link') ?? []].flat().map(String);
  reply.header(
    'link',
    links.filter((link) => !link.includes('rel="next"')),
  );
}
