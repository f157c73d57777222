import { z } from 'zod';
import type { EventType } from '../core/event-types.js';
import type { Org } from '../core/org.js';
import type { App, User } from '../core/records.js';
import { asText, fullName } from '../core/routing.js';
import { type LogTarget, systemActor } from '../core/system-log.js';
import type { TargetAnswer } from './connection-client.js';

/** The other org refused what was pushed. The message is what stands in the System Log. */
export class PushFailed extends Error {}

const Failure = z.looseObject({
  errorCode: z.string().optional(),
  errorSummary: z.string(),
  errorCauses: z.array(z.looseObject({ errorSummary: z.string() })).default([]),
});

/** @throws PushFailed unless the other org answered with success */
export function requireSuccess(answer: TargetAnswer, what: string): TargetAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new PushFailed(`${what}: ${reasonOf(answer)}`);
}

/** What the other org says, in one line. */
function reasonOf(answer: TargetAnswer): string {
  const failure = Failure.safeParse(answer.body).data;
  if (answer.status === 401) return 'The credentials used to connect to the API were invalid';
  if (failure === undefined) return `HTTP ${answer.status}`;
  const causes = failure.errorCauses.map((cause) => cause.errorSummary).join(' ');
  return `HTTP ${answer.status}: ${failure.errorCode ?? ''} ${failure.errorSummary} ${causes}`.trim();
}

/** Writes the outcome of a push into the System Log. A reason makes it a failure. */
export function logPush(org: Org, eventType: EventType, app: App, user: User, reason: string | null = null): void {
  org.log.write({
    eventType,
    actor: systemActor,
    target: [userTarget(user), appTarget(app)],
    outcome: reason === null ? { result: 'SUCCESS' } : { result: 'FAILURE', reason: reason.slice(0, 255) },
    severity: reason === null ? 'INFO' : 'ERROR',
    transactionDetail: {},
  });
}

export function appTarget(app: App): LogTarget {
  return { id: app.id, type: 'AppInstance', alternateId: app.label, displayName: app.label };
}

function userTarget(user: User): LogTarget {
  const login = asText(user.profile.login) ?? user.id;
  return { id: user.id, type: 'User', alternateId: login, displayName: fullName(user.profile) };
}
