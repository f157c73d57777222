import { z } from 'zod';
import { Nothing } from './answer.js';
import { path } from './request-path.js';
import type { OktaPage, OktaSession } from './session.js';
import { User } from './users.js';

/** The assignment of a user to an app, with the state of provisioning. */
export const ApplicationUser = z.looseObject({
  /** Okta's id of the user. */
  id: z.string(),
  /** The user's id in the app, once provisioned: for Org2Org the user id in the SP org. */
  externalId: z.string().nullish(),
  /** `USER` if assigned directly, `GROUP` if through a group. */
  scope: z.string().nullish(),
  status: z.string(),
  syncState: z.string().nullish(),
  lastSync: z.string().nullish(),
  created: z.string().nullish(),
  statusChanged: z.string().nullish(),
  credentials: z.looseObject({ userName: z.string().nullish() }).nullish(),
  profile: z.record(z.string(), z.unknown()).nullish(),
});
export type ApplicationUser = z.output<typeof ApplicationUser>;

const facts = (user: ApplicationUser) => ({
  id: user.id,
  externalId: user.externalId ?? null,
  scope: user.scope ?? null,
  status: user.status,
  syncState: user.syncState ?? null,
});

/** The user's assignment; null if the user is not assigned to the app. */
export function findApplicationUser(
  session: OktaSession,
  appId: string,
  userId: string,
): Promise<ApplicationUser | null> {
  return session.find({
    operation: 'getApplicationUser',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/users/${userId}`,
    answer: ApplicationUser,
    facts,
  });
}

/** All users who are assigned to the app, directly or through a group. */
export function listApplicationUsers(session: OktaSession, appId: string): Promise<ApplicationUser[]> {
  return session.list(listCall(appId, null));
}

/** Up to 500 of them: the first page, or the one that begins at `after`. */
export function pageOfApplicationUsers(
  session: OktaSession,
  appId: string,
  after: string | null,
): Promise<OktaPage<ApplicationUser>> {
  return session.page(listCall(appId, after));
}

/** An assignment together with the user whom it is for. */
export const ApplicationUserWithUser = z.looseObject({
  ...ApplicationUser.shape,
  _embedded: z.looseObject({ user: User }),
});
export type ApplicationUserWithUser = z.output<typeof ApplicationUserWithUser>;

/** Like `pageOfApplicationUsers`, each with the user's own status and profile. */
export function pageOfApplicationUsersWithUser(
  session: OktaSession,
  appId: string,
  after: string | null,
): Promise<OktaPage<ApplicationUserWithUser>> {
  return session.page({
    ...listCall(appId, after),
    query: { limit: 500, expand: 'user', after: after ?? undefined },
    answer: z.array(ApplicationUserWithUser),
    facts: (users: readonly unknown[]) => ({ count: users.length }),
  });
}

const listCall = (appId: string, after: string | null) =>
  ({
    operation: 'listApplicationUsers',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/users`,
    query: { limit: 500, after: after ?? undefined },
    answer: z.array(ApplicationUser),
    facts: (users: readonly ApplicationUser[]) => ({ count: users.length }),
  }) as const;

/** What an assignment sets. Mapped attributes do not belong in `profile`: Okta refuses them while profile push is on. */
export interface Assignment {
  readonly userName?: string;
  readonly profile?: Readonly<Record<string, unknown>>;
}

/** Assigns the user directly. */
export function assignUserToApplication(
  session: OktaSession,
  appId: string,
  userId: string,
  assignment: Assignment = {},
): Promise<ApplicationUser> {
  const { userName, profile } = assignment;
  return session.call({
    operation: 'assignUserToApplication',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/users`,
    body: { id: userId, scope: 'USER', credentials: userName === undefined ? undefined : { userName }, profile },
    answer: ApplicationUser,
    facts,
  });
}

/** What of an assignment is changed: Okta takes either of the two. */
export type AssignmentChange =
  | { readonly credentials: { readonly userName?: string } }
  | { readonly profile: Readonly<Record<string, unknown>> };

/** Changes the assignment of a user. */
export function updateApplicationUser(
  session: OktaSession,
  appId: string,
  userId: string,
  change: AssignmentChange,
): Promise<ApplicationUser> {
  return session.call({
    operation: 'updateApplicationUser',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/users/${userId}`,
    body: change,
    answer: ApplicationUser,
    facts,
  });
}

/** Takes the assignment away; with deactivation on, the user is deactivated in the app. */
export function unassignUserFromApplication(session: OktaSession, appId: string, userId: string): Promise<void> {
  return session.call({
    operation: 'unassignUserFromApplication',
    method: 'DELETE',
    path: path`/api/v1/apps/${appId}/users/${userId}`,
    answer: Nothing,
    facts: () => ({ id: userId }),
  });
}
