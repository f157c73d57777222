import type { Org } from '../core/org.js';
import type { User } from '../core/records.js';
import { verifyPassword } from '../management/passwords.js';
import { setStatus, userTarget } from '../management/user-store.js';
import { unknownActor } from './sign-on-log.js';

/** Wrong passwords after which an account is locked: the default password policy. */
const attemptsBeforeLock = 10;

/** What comes of a login and a password. */
export type PasswordOutcome =
  | { readonly outcome: 'success' | 'passwordExpired'; readonly user: User }
  | { readonly outcome: 'refused' };

/**
 * Checks login and password. A wrong password counts towards the lock; whatever is wrong, the person is told no more
 * than that it failed, and the System Log says why.
 */
export function signInWithPassword(org: Org, login: string, password: string): PasswordOutcome {
  const user = userNamed(org, login);
  if (user === undefined) return refused(org, unknownActor(login), 'VERIFICATION_ERROR');
  if (user.status === 'LOCKED_OUT') return refused(org, userTarget(user), 'LOCKED_OUT');
  if (user.provider.type !== 'OKTA' && user.provider.type !== 'IMPORT') {
    return refused(org, userTarget(user), 'INVALID_CREDENTIALS');
  }
  if (user.status !== 'ACTIVE' && user.status !== 'PASSWORD_EXPIRED') {
    return refused(org, userTarget(user), 'INVALID_CREDENTIALS');
  }
  if (!verifyPassword(user, password)) {
    countFailure(org, user);
    return refused(org, userTarget(user), 'INVALID_CREDENTIALS');
  }
  return { outcome: user.status === 'ACTIVE' ? 'success' : 'passwordExpired', user };
}

/** Finds the user by login; the part before the @ is enough where it fits one user only. */
function userNamed(org: Org, name: string): User | undefined {
  const id = org.userIdsByLogin.get(name.toLowerCase());
  if (id !== undefined) return org.users.get(id);
  if (name.includes('@')) return undefined;
  const prefix = `${name.toLowerCase()}@`;
  const fitting = [...org.userIdsByLogin].filter(([login]) => login.startsWith(prefix));
  return fitting.length === 1 ? org.users.get(fitting[0]?.[1] ?? '') : undefined;
}

function countFailure(org: Org, user: User): void {
  user.failedSignIns += 1;
  if (user.failedSignIns < attemptsBeforeLock) return;
  setStatus(org, user, 'LOCKED_OUT');
  org.log.write({
    eventType: 'user.account.lock',
    actor: userTarget(user),
    target: [userTarget(user)],
    outcome: { result: 'FAILURE', reason: 'LOCKED_OUT' },
  });
}

function refused(org: Org, actor: ReturnType<typeof userTarget>, reason: string): PasswordOutcome {
  org.log.write({ eventType: 'user.session.start', actor, outcome: { result: 'FAILURE', reason } });
  return { outcome: 'refused' };
}
