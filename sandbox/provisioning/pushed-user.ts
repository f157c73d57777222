import type { Org } from '../core/org.js';
import type { App, AppUser, Json, User } from '../core/records.js';
import { userNameFor } from '../management/app-assignments.js';
import { evaluate } from '../management/expressions.js';
import { mappingFromUser } from '../management/mapping-store.js';

/** How a pushed user starts in the other org. */
export const initialStatuses = {
  active_with_pass: { activate: true, password: true },
  active_without_pass: { activate: true, password: false },
  pending_with_pass: { activate: false, password: true },
  pending_without_pass: { activate: false, password: false },
} as const;
export type InitialStatus = keyof typeof initialStatuses;

/** Attributes of the app user that steer provisioning and are none of the user in the other org. */
const steeringAttributes = new Set(['initialStatus', 'managerId']);

/** The initial status of an app user, null if its value is none that Org2Org knows. Without one: active with password. */
export function initialStatusOf(appUser: AppUser): InitialStatus | null {
  const value = appUser.profile.initialStatus ?? 'active_with_pass';
  return isInitialStatus(value) ? value : null;
}

/** The profile with which the user is created: what the app user holds, and the app's user name as login. */
export function newProfile(appUser: AppUser): Json {
  const entries = Object.entries(appUser.profile).filter(
    ([name, value]) => !steeringAttributes.has(name) && value !== null && value !== undefined,
  );
  return { ...Object.fromEntries(entries), login: appUser.userName };
}

/**
 * Brings the app user into line with the user by the app's mapping and returns what is pushed of it: attributes that the
 * mapping pushes at every update, and the login.
 * @param keepUserName whether the user name was set by hand for this assignment
 */
export function updatedProfile(org: Org, app: App, user: User, appUser: AppUser, keepUserName: boolean): Json {
  const pushed: Json = {};
  for (const [name, { expression, pushStatus }] of Object.entries(mappingFromUser(org, app.id)?.properties ?? {})) {
    if (pushStatus !== 'PUSH' || steeringAttributes.has(name)) continue;
    const before = appUser.profile[name] ?? null;
    const value = evaluate(expression, { user: user.profile, source: user.profile }) ?? null;
    appUser.profile[name] = value;
    if (value !== null || before !== null) pushed[name] = value;
  }
  if (!keepUserName) appUser.userName = userNameFor(app, user);
  return { ...pushed, login: appUser.userName };
}

function isInitialStatus(value: unknown): value is InitialStatus {
  return typeof value === 'string' && value in initialStatuses;
}
