import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ownAddress } from './embed-link.js';
import { sendPage, sendRefusal } from './page.js';
import { signInWithPassword } from './password-sign-on.js';
import { currentSession, endSession, startSession } from './session.js';
import type { SignOnState } from './sign-on-state.js';
import { escapeMarkup } from './xml.js';

const text = z.string().optional().catch(undefined);
const SessionRedirect = z.object({ token: text, redirectUrl: text });
const Login = z.object({ username: text, password: text, fromURI: text });

/** The sign-in page, the exchange of a session token for a session, and sign-out. */
export function loginRoutes(server: FastifyInstance, state: SignOnState): void {
  const { org } = state;

  server.get('/login/sessionCookieRedirect', (request, reply) => {
    const { token, redirectUrl } = SessionRedirect.parse(request.query);
    const target = ownAddress(org, redirectUrl ?? '/app/UserHome');
    if (target === null)
      return sendRefusal(reply, 400, 'BAD_REDIRECT', 'The redirectUrl is not an address of this org.');
    const owner = state.sessionTokens.take(token ?? '', org.clock.now());
    const user = owner === undefined ? undefined : org.users.get(owner);
    if (user?.status !== 'ACTIVE') return askToSignIn(reply, target);
    startSession(org, reply, user, null);
    return reply.redirect(target);
  });

  server.get('/login/login.htm', (request, reply) => {
    const { fromURI } = Login.parse(request.query);
    return sendLoginPage(reply, 200, fromURI ?? '', null);
  });

  server.post('/login/login.htm', (request: FastifyRequest, reply) => {
    const { username = '', password = '', fromURI = '' } = Login.parse(request.body ?? {});
    const result = signInWithPassword(org, username, password);
    if (result.outcome === 'refused') return sendLoginPage(reply, 401, fromURI, 'Unable to sign in');
    if (result.outcome === 'passwordExpired') return sendLoginPage(reply, 401, fromURI, 'Your password has expired');
    startSession(org, reply, result.user, null);
    return reply.redirect(ownAddress(org, fromURI === '' ? '/app/UserHome' : fromURI) ?? '/app/UserHome', 303);
  });

  server.get('/login/signout', (request, reply) => {
    endSession(org, request, reply);
    return reply.redirect('/login/login.htm');
  });

  server.get('/', (request, reply) =>
    reply.redirect(currentSession(org, request) === null ? '/login/login.htm' : '/app/UserHome'),
  );
}

/** Sends the browser to the sign-in page; `path` is where it goes on afterwards. */
export function askToSignIn(reply: FastifyReply, path: string): FastifyReply {
  return reply.redirect(`/login/login.htm?fromURI=${encodeURIComponent(path)}`);
}

function sendLoginPage(reply: FastifyReply, status: number, fromURI: string, problem: string | null): FastifyReply {
  const alert = problem === null ? '' : `<p role="alert">${escapeMarkup(problem)}</p>`;
  return sendPage(
    reply,
    status,
    'Sign in',
    `<main><h1>Sign in</h1>${alert}<form method="POST" action="/login/login.htm">` +
      `<input type="hidden" name="fromURI" value="${escapeMarkup(fromURI)}"/>` +
      '<label>Username <input name="username" autocomplete="username" required/></label>' +
      '<label>Password <input name="password" type="password" autocomplete="current-password" required/></label>' +
      '<button type="submit">Sign in</button></form></main>',
  );
}
