import { z } from 'zod';
import { Login } from './login.js';
import { SweepSpec } from './sweep.js';

/** How many events one delivery may hold. */
const mostEvents = 1_000;

const Target = z.object({
  id: z.string().nullish(),
  type: z.string().nullish(),
  alternateId: z.string().nullish(),
});

const HookedEvent = z.object({
  uuid: z.string().min(1).max(100).nullish(),
  eventType: z.string().min(1).max(200),
  outcome: z.object({ result: z.string().nullish() }).nullish(),
  target: z.array(Target).max(100).nullish(),
});
type HookedEvent = z.output<typeof HookedEvent>;

/** What Okta posts to an event hook, as far as it is looked at. */
export const EventHookDelivery = z.object({
  eventId: z.string().min(1).max(100),
  data: z.object({ events: z.array(HookedEvent).min(1).max(mostEvents) }),
});
export type EventHookDelivery = z.output<typeof EventHookDelivery>;

/** A reason to look at a user: never what is true of the user, only that something may have changed. */
export interface EventHint {
  /** The same for an event that is delivered again. */
  readonly uuid: string;
  /** Login in the IdP org; null where the event names an id only. */
  readonly login: string | null;
  readonly userId: string | null;
  /** The app that the event is about; null if it concerns every app. */
  readonly appId: string | null;
}

/** Events by which a user's right may have ended, in every federation or in that of one app. */
const ofEveryApp = /^(user\.lifecycle\.(deactivate|suspend|delete\.\w+)|group\.user_membership\.remove)$/;
const ofOneApp = 'application.user_membership.remove';
const pushOfDeactivation = 'application.provision.user.deactivate';

/**
 * The users of a delivery whose right may have ended. Events of other types, and users who are named neither by a login
 * nor by an id, give none.
 */
export function hintsOf({ eventId, data }: EventHookDelivery): readonly EventHint[] {
  return data.events.flatMap((event, index) => {
    const app = event.eventType === ofOneApp || failedPush(event);
    if (!app && !ofEveryApp.test(event.eventType)) return [];
    const user = userOf(event);
    if (user === null) return [];
    const appId = app ? (event.target?.find(({ type }) => type === 'AppInstance')?.id ?? null) : null;
    return [{ uuid: event.uuid ?? `${eventId}/${index}`, ...user, appId }];
  });
}

function failedPush({ eventType, outcome }: HookedEvent): boolean {
  return eventType === pushOfDeactivation && outcome?.result === 'FAILURE';
}

/** The id of an `AppUser` is that of the assignment, not of the user. */
function userOf({ target }: HookedEvent): Pick<EventHint, 'login' | 'userId'> | null {
  const user = target?.find(({ type }) => type === 'User');
  const named = user ?? target?.find(({ type }) => type === 'AppUser');
  const login = named?.alternateId === 'unknown' ? null : (Login.safeParse(named?.alternateId).data ?? null);
  const userId = /^\w{1,100}$/.exec(user?.id ?? '')?.[0] ?? null;
  return login === null && userId === null ? null : { login, userId };
}

/**
 * What a look at the users of some events may do: what the federation's sweep schedule allows, and only reports where
 * there is none. Looks after events share the fuse of one sweep, so that many small ones do no more than a large one
 * may: once `acted` users have used it up, they report.
 *
 * @param scheduled the specification of the schedule; null if there is none, or if it is paused.
 */
export function eventSweepSpec(scheduled: SweepSpec | null, logins: readonly string[], acted: number): SweepSpec {
  const scope = { users: [...logins] };
  if (scheduled === null) return SweepSpec.parse({ scope });
  const left = scheduled.limits.fuse.users - acted;
  if (scheduled.mode === 'report' || left < 1) return { ...scheduled, scope, mode: 'report' };
  return { ...scheduled, scope, limits: { ...scheduled.limits, fuse: { ...scheduled.limits.fuse, users: left } } };
}
