import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { randomText } from '../core/ids.js';
import { invalid, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, User } from '../core/records.js';
import { signInWithPassword } from './password-sign-on.js';
import type { SignOnState } from './sign-on-state.js';

const Credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });

const sessionTokenMinutes = 5;

/** `POST /api/v1/authn`: login and password for a session token that can be used once within five minutes. */
export function authnRoutes(server: FastifyInstance, state: SignOnState): void {
  server.post('/api/v1/authn', { config: { operation: 'authn' } }, (request, reply) => {
    const { org } = state;
    const credentials = Credentials.safeParse(request.body);
    if (!credentials.success) {
      const field = String(credentials.error.issues[0]?.path[0] ?? 'username');
      throw invalid('authentication request', `${field}: The field cannot be left blank`);
    }
    const result = signInWithPassword(org, credentials.data.username, credentials.data.password);
    if (result.outcome === 'refused') throw new OktaError('E0000004');
    reply.type('application/json');
    return result.outcome === 'success'
      ? { ...transaction(org, result.user), status: 'SUCCESS', sessionToken: issueSessionToken(state, result.user) }
      : { ...transaction(org, result.user), status: 'PASSWORD_EXPIRED', stateToken: `00${randomText(40)}` };
  });
}

function issueSessionToken(state: SignOnState, user: User): string {
  const token = `20111${randomText(48)}`;
  const now = state.org.clock.now();
  state.sessionTokens.add(token, user.id, now + sessionTokenMinutes * 60_000, now);
  return token;
}

function transaction(org: Org, user: User): Json {
  const { login, firstName, lastName, locale, timezone } = user.profile;
  return {
    expiresAt: org.clock.iso(org.clock.now() + sessionTokenMinutes * 60_000),
    _embedded: {
      user: {
        id: user.id,
        passwordChanged: user.passwordChanged,
        profile: {
          login,
          firstName,
          lastName,
          locale: locale ?? 'en',
          timeZone: timezone ?? 'America/Los_Angeles',
        },
      },
    },
    _links: { cancel: { href: `${org.url}/api/v1/authn/cancel`, hints: { allow: ['POST'] } } },
  };
}
