import { profileFacts } from '../domain/user-attributes.js';
import type { AssignmentView, UserView } from '../domain/user-lifecycle.js';
import type { ApplicationUser } from '../okta/application-users.js';
import type { User } from '../okta/users.js';

/** A user as reports show it. */
export function userView(user: User): UserView {
  const { login, ...profile } = user.profile;
  return {
    id: user.id,
    login,
    status: user.status,
    transitioningToStatus: user.transitioningToStatus ?? null,
    provider: user.credentials?.provider?.type ?? null,
    lastLogin: user.lastLogin ?? null,
    profile: profileFacts(profile),
  };
}

/** An assignment as reports show it. */
export function assignmentView(assignment: ApplicationUser): AssignmentView {
  return {
    scope: assignment.scope ?? 'USER',
    status: assignment.status,
    syncState: assignment.syncState ?? null,
    externalId: assignment.externalId ?? null,
    userName: assignment.credentials?.userName ?? null,
    profile: profileFacts(assignment.profile ?? {}),
  };
}
