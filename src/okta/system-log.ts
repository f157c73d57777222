import { z } from 'zod';
import type { OktaSession } from './session.js';

/** One event of the System Log. */
export const LogEvent = z.looseObject({
  uuid: z.string(),
  published: z.string(),
  eventType: z.string(),
  displayMessage: z.string().nullish(),
  actor: z
    .looseObject({ id: z.string().nullish(), type: z.string().nullish(), alternateId: z.string().nullish() })
    .nullish(),
  target: z.array(z.looseObject({ id: z.string().nullish(), type: z.string().nullish() })).nullish(),
  outcome: z.looseObject({ result: z.string().nullish(), reason: z.string().nullish() }).nullish(),
});
export type LogEvent = z.output<typeof LogEvent>;

export interface LogQuery {
  readonly since: Date;
  /** A bound is needed: without one Okta's list never ends. Events that arrive late may be missing. */
  readonly until: Date;
  /** For example `eventType eq "user.authentication.sso" and target.id eq "0oa…"`. */
  readonly filter?: string;
}

/** All events in the window, oldest first. */
export function listLogEvents(session: OktaSession, query: LogQuery): Promise<LogEvent[]> {
  return session.list({
    operation: 'listLogEvents',
    method: 'GET',
    path: '/api/v1/logs',
    query: {
      since: query.since.toISOString(),
      until: query.until.toISOString(),
      filter: query.filter,
      sortOrder: 'ASCENDING',
      limit: 1000,
    },
    answer: z.array(LogEvent),
    facts: (events) => ({ count: events.length }),
  });
}

/** The newest events in the window, newest first, at most `limit` (up to 1,000). */
export async function latestLogEvents(session: OktaSession, query: LogQuery, limit: number): Promise<LogEvent[]> {
  const { items } = await session.page<LogEvent>({
    operation: 'listLogEvents',
    method: 'GET',
    path: '/api/v1/logs',
    query: {
      since: query.since.toISOString(),
      until: query.until.toISOString(),
      filter: query.filter,
      sortOrder: 'DESCENDING',
      limit,
    },
    answer: z.array(LogEvent),
    facts: (events) => ({ count: events.length }),
  });
  return [...items];
}
