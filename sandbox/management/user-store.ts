import { newId } from '../core/ids.js';
import { notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { CredentialProvider, Json, User, UserStatus } from '../core/records.js';
import { fullName } from '../core/routing.js';
import type { LogActor, LogTarget } from '../core/system-log.js';
import { copyForSearch, noteForSearch } from './search-index.js';

/** The user with this id or login. */
function findUser(org: Org, idOrLogin: string): User | undefined {
  return org.users.get(idOrLogin) ?? findUserByLogin(org, idOrLogin);
}

/** The user with this login, in any spelling of upper and lower case. */
export function findUserByLogin(org: Org, login: string): User | undefined {
  const id = org.userIdsByLogin.get(login.toLowerCase());
  return id === undefined ? undefined : org.users.get(id);
}

/**
 * The user that a path names: by id, login, or `me` for the principal.
 *
 * @throws OktaError E0000007
 */
export function userOf(org: Org, idOrLogin: string, actor?: LogActor): User {
  const user = idOrLogin === 'me' && actor !== undefined ? org.users.get(actor.id) : findUser(org, idOrLogin);
  if (user === undefined) throw notFound(idOrLogin, 'User');
  return user;
}

export interface NewUser {
  readonly profile: Json;
  readonly typeId: string;
  readonly provider: CredentialProvider;
  readonly passwordHash: string | null;
  readonly status: UserStatus;
}

/** Puts a new user into the org. The profile must have been checked. Writes no log and tells nobody. */
export function addUser(org: Org, input: NewUser): User {
  const now = org.clock.iso();
  const activated = input.status === 'STAGED' ? null : now;
  const user: User = {
    id: newId('00u'),
    status: input.status,
    transitioningToStatus: null,
    created: now,
    activated,
    statusChanged: input.status === 'STAGED' && input.passwordHash === null ? null : now,
    lastLogin: null,
    lastUpdated: now,
    passwordChanged: input.passwordHash === null ? null : now,
    typeId: input.typeId,
    profile: input.profile,
    provider: input.provider,
    passwordHash: input.passwordHash,
    recoveryQuestion: null,
    masteredBy: null,
    failedSignIns: 0,
  };
  org.users.add(user);
  org.userIdsByLogin.set(String(user.profile.login).toLowerCase(), user.id);
  noteForSearch(org, user.id, null, user);
  return user;
}

/** Changes a user: `lastUpdated`, the index of logins and the delay of `search` are taken care of. */
export function changeUser(org: Org, user: User, change: () => void): void {
  const before = copyForSearch(org, user);
  const login = String(user.profile.login).toLowerCase();
  change();
  user.lastUpdated = org.clock.iso();
  const newLogin = String(user.profile.login).toLowerCase();
  if (newLogin !== login) {
    org.userIdsByLogin.delete(login);
    org.userIdsByLogin.set(newLogin, user.id);
  }
  if (before !== null) noteForSearch(org, user.id, before, copyForSearch(org, user));
}

/** Sets the status of a user. */
export function setStatus(org: Org, user: User, status: UserStatus): void {
  changeUser(org, user, () => {
    user.status = status;
    user.statusChanged = org.clock.iso();
  });
}

/** Takes a user out of the org. Assignments and memberships must be gone. */
export function removeUser(org: Org, user: User): void {
  const before = copyForSearch(org, user);
  org.users.delete(user.id);
  org.userIdsByLogin.delete(String(user.profile.login).toLowerCase());
  if (before !== null) noteForSearch(org, user.id, before, null);
}

/** The user as target of a log event. */
export function userTarget(user: User): LogTarget {
  return {
    id: user.id,
    type: 'User',
    alternateId: String(user.profile.login),
    displayName: fullName(user.profile),
  };
}

/**
 * Refuses a write to the profile of a user that another system masters.
 *
 * @throws OktaError E0000023
 */
export function refuseIfMastered(user: User): void {
  if (user.masteredBy !== null) throw new OktaError('E0000023');
}
