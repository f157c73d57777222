import { type RateLimit, rateLimitOf } from './rate-limit.js';

/** What the headers of an answer show besides the answer. */
export interface AnswerHeaders {
  readonly operation: string;
  /** Null where the answer does not tell. */
  readonly rateLimit: RateLimit | null;
  /** The org's clock minus this machine's, in milliseconds, give or take the time that the answer took. */
  readonly clockAheadMs: number | null;
}

/** `Date` drops fractions of a second: on average half of one. */
const droppedMs = 500;

/** @param receivedAt by this machine's clock, in milliseconds since 1970. */
export function answerHeaders(operation: string, headers: Headers, receivedAt: number): AnswerHeaders {
  const date = Date.parse(headers.get('date') ?? '');
  return {
    operation,
    rateLimit: rateLimitOf(headers),
    clockAheadMs: Number.isNaN(date) ? null : date + droppedMs - receivedAt,
  };
}
