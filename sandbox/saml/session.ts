import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomText } from '../core/ids.js';
import type { Org } from '../core/org.js';
import type { Session, User } from '../core/records.js';
import { sessionLifetime } from '../management/sessions.js';
import { userTarget } from '../management/user-store.js';

/** The session of a browser and the person it belongs to. */
export interface CurrentSession {
  readonly session: Session;
  readonly user: User;
}

/** Cookies that hold the session: Okta's own, and one that says which org it belongs to. */
function cookieNames(org: Org): readonly string[] {
  return [org.edition === 'idx' ? 'idx' : 'sid', `sid-${org.id}`];
}

/**
 * Starts a session: cookie, `lastLogin`, System Log. A browser sends the cookies of one host to all its ports, so that
 * two orgs on one host would take each other's session away: the second cookie is named after the org.
 */
export function startSession(org: Org, reply: FastifyReply, user: User, idpId: string | null): Session {
  const session: Session = {
    id: randomText(32),
    userId: user.id,
    created: org.clock.iso(),
    expiresAt: org.clock.now() + sessionLifetime,
    idpId,
  };
  org.sessions.set(session.id, session);
  user.lastLogin = org.clock.iso();
  user.failedSignIns = 0;
  for (const name of cookieNames(org)) {
    reply.setCookie(name, session.id, { path: '/', httpOnly: true, sameSite: 'lax' });
  }
  org.log.write({
    eventType: 'user.session.start',
    actor: userTarget(user),
    externalSessionId: session.id,
    outcome: { result: 'SUCCESS' },
  });
  return session;
}

/** The session of the browser and its user; null if there is none, it has expired or the user is not active. */
export function currentSession(org: Org, request: FastifyRequest): CurrentSession | null {
  const session = cookieNames(org)
    .map((name) => org.sessions.get(request.cookies[name] ?? ''))
    .find((found) => found !== undefined);
  if (session === undefined) return null;
  const user = org.users.get(session.userId);
  if (session.expiresAt <= org.clock.now() || user?.status !== 'ACTIVE') {
    org.sessions.delete(session.id);
    return null;
  }
  session.expiresAt = org.clock.now() + sessionLifetime;
  return { session, user };
}

/** Ends the session of the browser, if there is one. */
export function endSession(org: Org, request: FastifyRequest, reply: FastifyReply): void {
  const current = currentSession(org, request);
  for (const name of cookieNames(org)) reply.clearCookie(name, { path: '/' });
  if (current === null) return;
  org.sessions.delete(current.session.id);
  org.log.write({
    eventType: 'user.session.end',
    actor: userTarget(current.user),
    externalSessionId: current.session.id,
    outcome: { result: 'SUCCESS' },
  });
}
