import { z } from 'zod';
import { Nothing } from './answer.js';
import { OktaError } from './errors.js';
import { path, quoted } from './request-path.js';
import type { OktaSession } from './session.js';

export const User = z.looseObject({
  id: z.string(),
  status: z.string(),
  /** Set while a lifecycle operation runs in the background. */
  transitioningToStatus: z.string().nullish(),
  created: z.string().nullish(),
  activated: z.string().nullish(),
  statusChanged: z.string().nullish(),
  lastLogin: z.string().nullish(),
  profile: z.looseObject({
    login: z.string(),
    email: z.string().nullish(),
    firstName: z.string().nullish(),
    lastName: z.string().nullish(),
  }),
  credentials: z
    .looseObject({ provider: z.looseObject({ type: z.string(), name: z.string().nullish() }).nullish() })
    .nullish(),
});
export type User = z.output<typeof User>;

/** An administrator role that a user holds. */
export const UserRole = z.looseObject({ id: z.string(), type: z.string(), status: z.string().nullish() });
export type UserRole = z.output<typeof UserRole>;

export interface NewUser {
  readonly profile: Readonly<Record<string, unknown>>;
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly groupIds?: readonly string[];
}

const facts = (user: User) => ({
  id: user.id,
  status: user.status,
  transitioningToStatus: user.transitioningToStatus ?? null,
});

const getCall = (idOrLogin: string) =>
  ({
    operation: 'getUser',
    method: 'GET',
    path: path`/api/v1/users/${idOrLogin}`,
    answer: User,
    facts,
  }) as const;

/** The user with this id; `me` is the owner of an API token. */
export function getUser(session: OktaSession, userId: string): Promise<User> {
  return session.call(getCall(userId));
}

/** Null if the org has no user with this id. Finds deactivated users too. */
export function findUser(session: OktaSession, userId: string): Promise<User | null> {
  return session.find(getCall(userId));
}

/**
 * The user whose login is exactly this, whatever the case of its letters. Finds deactivated users too.
 *
 * Okta cannot address a login with a slash by path, takes the part before the @ for a login, and refuses the DPoP
 * proof of a path with an encoded character; in these cases the list is asked instead.
 */
export async function findUserByLogin(session: OktaSession, login: string): Promise<User | null> {
  const user = login.includes('/') ? 'unaddressable' : await session.find(getCall(login)).catch(unaddressable);
  if (user === null || (user !== 'unaddressable' && hasLogin(user, login))) return user;
  const users = await session.list({
    operation: 'listUsers',
    method: 'GET',
    path: '/api/v1/users',
    query: { filter: `profile.login eq ${quoted(login)}`, limit: 2 },
    answer: z.array(User),
    facts: (found) => ({ ids: found.map((each) => each.id) }),
  });
  return users.find((each) => hasLogin(each, login)) ?? null;
}

function unaddressable(error: unknown): 'unaddressable' {
  if (error instanceof OktaError && error.errorCode === 'invalid_dpop_proof') return 'unaddressable';
  throw error;
}

/** How long the filter of one request may get, in characters: with it the whole address stays below 8 kB. */
const longestFilter = 4_000;

/** The users with these ids, looked up many at a time; deactivated ones too. Who does not exist is left out. */
export function listUsersByIds(session: OktaSession, ids: readonly string[]): Promise<User[]> {
  return listUsersBy(session, 'id', ids);
}

/** The users with exactly these logins, looked up many at a time; deactivated ones too. */
export function listUsersByLogins(session: OktaSession, logins: readonly string[]): Promise<User[]> {
  return listUsersBy(session, 'profile.login', logins);
}

async function listUsersBy(
  session: OktaSession,
  attribute: 'id' | 'profile.login',
  values: readonly string[],
): Promise<User[]> {
  const users: User[] = [];
  const waiting = values.map((value) => `${attribute} eq ${quoted(value)}`);
  while (waiting.length > 0) {
    let filter = waiting.shift() ?? '';
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const longer = `${filter} or ${next}`;
      if (encodeURIComponent(longer).length > longestFilter) break;
      filter = longer;
      waiting.shift();
    }
    const found = await session.list({
      operation: 'listUsers',
      method: 'GET',
      path: '/api/v1/users',
      query: { filter, limit: 200 },
      answer: z.array(User),
      facts: (page) => ({ count: page.length }),
    });
    users.push(...found);
  }
  return users;
}

function hasLogin(user: User, login: string): boolean {
  return user.profile.login.toLowerCase() === login.toLowerCase();
}

/** The administrator roles of the user. */
export function listAssignedRolesForUser(session: OktaSession, userId: string): Promise<UserRole[]> {
  return session.list({
    operation: 'listAssignedRolesForUser',
    method: 'GET',
    path: path`/api/v1/users/${userId}/roles`,
    answer: z.array(UserRole),
    facts: (roles) => ({ roles: roles.map((role) => role.type) }),
  });
}

/** Creates the user, active or staged. A user whose sign-in belongs to another org takes `provider: true`. */
export function createUser(
  session: OktaSession,
  user: NewUser,
  options: { activate?: boolean; provider?: boolean } = {},
): Promise<User> {
  return session.call({
    operation: 'createUser',
    method: 'POST',
    path: '/api/v1/users',
    query: { activate: options.activate ?? true, provider: options.provider },
    body: user,
    answer: User,
    facts,
  });
}

/** Changes the given attributes of the profile and leaves the others as they are. */
export function updateUser(
  session: OktaSession,
  userId: string,
  profile: Readonly<Record<string, unknown>>,
): Promise<User> {
  return session.call({
    operation: 'updateUser',
    method: 'POST',
    path: path`/api/v1/users/${userId}`,
    body: { profile },
    answer: User,
    facts,
  });
}

/** Ends every session of the user, and revokes the OAuth 2.0 tokens that were issued to the user's apps. */
export function revokeUserSessions(session: OktaSession, userId: string): Promise<void> {
  return session.call({
    operation: 'revokeUserSessions',
    method: 'DELETE',
    path: path`/api/v1/users/${userId}/sessions`,
    query: { oauthTokens: true },
    answer: Nothing,
    facts: () => ({ userId }),
  });
}

/** Ids of the identity providers that the user is linked to. */
export async function listUserIdentityProviders(session: OktaSession, userId: string): Promise<string[]> {
  const providers = await session.list({
    operation: 'listUserIdentityProviders',
    method: 'GET',
    path: path`/api/v1/users/${userId}/idps`,
    answer: z.array(z.looseObject({ id: z.string() })),
    facts: (found) => ({ ids: found.map((provider) => provider.id) }),
  });
  return providers.map((provider) => provider.id);
}

/** Activates a staged or deactivated user, without an e-mail. */
export function activateUser(session: OktaSession, userId: string): Promise<void> {
  return lifecycle(session, 'activateUser', path`/api/v1/users/${userId}/lifecycle/activate`, { sendEmail: false });
}

/** Deactivates the user: takes away every app, cannot be undone. May finish in the background. */
export function deactivateUser(session: OktaSession, userId: string): Promise<void> {
  return lifecycle(session, 'deactivateUser', path`/api/v1/users/${userId}/lifecycle/deactivate`);
}

export function suspendUser(session: OktaSession, userId: string): Promise<void> {
  return lifecycle(session, 'suspendUser', path`/api/v1/users/${userId}/lifecycle/suspend`);
}

export function unsuspendUser(session: OktaSession, userId: string): Promise<void> {
  return lifecycle(session, 'unsuspendUser', path`/api/v1/users/${userId}/lifecycle/unsuspend`);
}

function lifecycle(
  session: OktaSession,
  operation: string,
  address: string,
  query: Readonly<Record<string, boolean>> = {},
): Promise<void> {
  return session.call({ operation, method: 'POST', path: address, query, answer: Nothing });
}

/** Gives the user a password. One who was activated without a password is active then. */
export async function setUserPassword(session: OktaSession, userId: string, password: string): Promise<void> {
  await session.call({
    operation: 'updateUser',
    method: 'POST',
    path: path`/api/v1/users/${userId}`,
    body: { credentials: { password: { value: password } } },
    answer: User,
    facts,
  });
}

/** Deletes a deactivated user for good; one who is not deactivated yet is only deactivated by it. */
export function deleteUser(session: OktaSession, userId: string): Promise<void> {
  return session.call({
    operation: 'deleteUser',
    method: 'DELETE',
    path: path`/api/v1/users/${userId}`,
    answer: Nothing,
    facts: () => ({ userId }),
  });
}

/** The users whose login begins so, as Okta's search index has them: who was created a moment ago may be missing. */
export function listUsersByLoginPrefix(session: OktaSession, prefix: string): Promise<User[]> {
  return session.list({
    operation: 'listUsers',
    method: 'GET',
    path: '/api/v1/users',
    query: { search: `profile.login sw ${quoted(prefix)}`, limit: 200 },
    answer: z.array(User),
    facts: (found) => ({ ids: found.map((each) => each.id) }),
  });
}
