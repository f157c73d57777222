import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, Session } from '../core/records.js';
import { type Call, noContent, ok, operation } from '../core/routing.js';

/** How long a session lasts after its last use, in milliseconds. */
export const sessionLifetime = 120 * 60_000;

/** Registers the sessions of signed-in people by id. */
export function registerSessions(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/sessions/:sessionId';
  const session = (call: Call): Session => {
    const id = call.params.sessionId ?? '';
    const found = org.sessions.get(id);
    if (found === undefined || found.expiresAt <= org.clock.now()) throw notFound(id, 'Session');
    return found;
  };
  operation(server, org, { id: 'getSession', method: 'GET', path, scope: 'okta.sessions.read' }, (call) =>
    ok(sessionAnswer(org, session(call))),
  );
  operation(server, org, { id: 'revokeSession', method: 'DELETE', path, scope: 'okta.sessions.manage' }, (call) => {
    org.sessions.delete(session(call).id);
    return noContent();
  });
  operation(
    server,
    org,
    { id: 'refreshSession', method: 'POST', path: `${path}/lifecycle/refresh`, scope: 'okta.sessions.manage' },
    (call) => {
      const found = session(call);
      found.expiresAt = org.clock.now() + sessionLifetime;
      return ok(sessionAnswer(org, found));
    },
  );
}

function sessionAnswer(org: Org, session: Session): Json {
  const self = `/sessions/${session.id}`;
  const federated = session.idpId !== null;
  return {
    id: session.id,
    userId: session.userId,
    login: org.users.get(session.userId)?.profile.login,
    createdAt: session.created,
    expiresAt: org.clock.iso(session.expiresAt),
    status: 'ACTIVE',
    lastPasswordVerification: federated ? null : session.created,
    lastFactorVerification: null,
    amr: federated ? [] : ['pwd'],
    idp: { id: session.idpId ?? org.id, type: federated ? 'FEDERATION' : 'OKTA' },
    mfaActive: false,
    _links: {
      self: link(org, self, 'GET', 'DELETE'),
      refresh: link(org, `${self}/lifecycle/refresh`, 'POST'),
      user: link(org, `/users/${session.userId}`, 'GET'),
    },
  };
}
