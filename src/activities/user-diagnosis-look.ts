import { Context } from '@temporalio/activity';
import type { Look } from '../domain/diagnosis-facts.js';
import { Org2OrgError } from '../domain/errors.js';
import type { OktaOrg } from '../okta/org.js';
import { scrub } from '../okta/scrub.js';
import type { OktaSession } from '../okta/session.js';
import type { LogEvent, LogQuery } from '../okta/system-log.js';

/** What an org has not shown after this time stays unknown: somebody waits for the answer. In milliseconds. */
const patienceMs = 5_000;

/** A longer delay that Okta asks for is not waited for, in milliseconds. */
const longestDelayMs = 1_000;

/** Reads an org for the activity that is running; `signal` ends its requests. */
export function diagnostician(org: OktaOrg, signal: AbortSignal): Diagnostician {
  const { attempt, retryPolicy, activityType } = Context.current().info;
  const attempts = retryPolicy?.maximumAttempts ?? 0;
  const limit = new AbortController();
  const end = () => limit.abort(new Org2OrgError('O2O_OKTA_TIMEOUT', { org: org.name, operation: activityType }));
  setTimeout(end, patienceMs).unref();
  return {
    open: () => org.session({ signal: AbortSignal.any([signal, limit.signal]) }),
    lastAttempt: attempts > 0 && attempt >= attempts,
  };
}

/** How a diagnosis reads one org. */
export interface Diagnostician {
  /** A new session, so that each read keeps its own evidence. */
  readonly open: () => OktaSession;
  /** Whether a failure that may pass is kept as the answer, because there is no time for another attempt. */
  readonly lastAttempt: boolean;
}

/**
 * One read of a diagnosis. What Okta refuses, or does not answer in time, becomes the reason why it is unknown.
 *
 * @throws Org2OrgError what may pass soon, unless this is the last attempt.
 */
export async function look<Seen>(
  { open, lastAttempt }: Diagnostician,
  read: (session: OktaSession) => Promise<Seen>,
): Promise<Look<Seen>> {
  const session = open();
  try {
    return { seen: await read(session), problem: null, evidence: session.evidence };
  } catch (error) {
    if (!(error instanceof Org2OrgError) || (passesSoon(error) && !lastAttempt)) throw error;
    return { seen: null, problem: error.problem, evidence: session.evidence };
  }
}

function passesSoon({ problem, retryAfterMs }: Org2OrgError): boolean {
  return problem.retryable && problem.code !== 'O2O_OKTA_TIMEOUT' && (retryAfterMs ?? 0) <= longestDelayMs;
}

/** A read that needs what another one showed: unreadable like that one, and `absent` where that one found nothing. */
export async function lookAfter<First, Seen>(
  diagnostician: Diagnostician,
  first: Look<First | null>,
  absent: Seen,
  read: (session: OktaSession, found: First) => Promise<Seen>,
): Promise<Look<Seen>> {
  if (first.problem !== null) return first;
  const found = first.seen;
  return found === null
    ? { seen: absent, problem: null, evidence: first.evidence }
    : look(diagnostician, (session) => read(session, found));
}

const dayMs = 24 * 60 * 60 * 1000;

/** Time by which the clocks of an org and of this machine may differ, in milliseconds. */
const clockDifferenceMs = 120_000;

/** The last day of a System Log. */
export function lastDay(filter: string): LogQuery {
  const now = Date.now();
  return { since: new Date(now - dayMs), until: new Date(now + clockDifferenceMs), filter };
}

/** How an event ended; texts of Okta without secrets and addresses. */
export function outcomeOf({ published, outcome }: LogEvent): { at: string; succeeded: boolean; reason: string | null } {
  const succeeded = outcome?.result === 'SUCCESS' || outcome?.result === 'ALLOW';
  return { at: published, succeeded, reason: succeeded || outcome?.reason == null ? null : scrub(outcome.reason) };
}
