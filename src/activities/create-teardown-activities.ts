import type { OktaSession } from '../okta/session.js';
import { connectionOff } from './connection-off.js';
import { removal } from './removal.js';
import { apply, assess } from './resource.js';
import type { TeardownActivities } from './teardown-activities.js';

/** What a worker does in one org for pauses and teardowns. */
export function createTeardownActivities(
  withSession: <Result>(work: (session: OktaSession) => Promise<Result>) => Promise<Result>,
): TeardownActivities {
  return {
    assessConnectionOff: (input) => withSession((session) => assess(connectionOff, session, input)),
    applyConnectionOff: (input, agreed) => withSession((session) => apply(connectionOff, session, input, agreed)),
    assessRemoval: (input, what) => withSession((session) => assess(removal(what), session, input)),
    applyRemoval: (input, what, agreed) => withSession((session) => apply(removal(what), session, input, agreed)),
  };
}
