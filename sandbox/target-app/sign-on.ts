import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newAuthnRequest } from '../saml/authn-request.js';
import { nameIdFormats } from '../saml/names.js';
import { sendPage } from '../saml/page.js';
import { postedResponse } from '../saml/posted-response.js';
import { redirectUrl } from '../saml/redirect-binding.js';
import { invalidMessage, SignOnRefused } from '../saml/refusal.js';
import { type ValidAssertion, validateResponse } from '../saml/response-validation.js';
import { escapeMarkup } from '../saml/xml.js';
import { newCookie, type TargetAppState } from './target-app.js';

const cookieName = 'target_app_session';
const sessionMinutes = 60;
const requestMinutes = 10;
const clockSkew = 60_000;
const minute = 60_000;

/** Sign-on by SAML and the page that says who is signed in. */
export function signOnRoutes(app: FastifyInstance, state: TargetAppState): void {
  app.get('/', (request, reply) => {
    const login = state.sessions.get(request.cookies[cookieName] ?? '', state.clock.now());
    if (login !== undefined) return sendPage(reply, 200, 'Files', signedInPage(login));
    return sendPage(reply, 200, 'Sign in', '<main><p>Nobody is signed in.</p><a href="/saml_login">Sign in</a></main>');
  });

  app.get('/saml_login', (_request, reply) => {
    if (state.sso === null) return refuseUnconfigured(reply);
    const now = state.clock.now();
    const { id, xml } = newAuthnRequest({
      issuer: state.audience,
      destination: state.sso.signOnUrl,
      acsUrl: `${state.url}/saml_login`,
      nameIdFormat: nameIdFormats.emailAddress,
      forceAuthn: false,
      issuedAt: new Date(now),
    });
    state.sentRequests.add(id, true, now + requestMinutes * minute, now);
    return reply.redirect(redirectUrl(state.sso.signOnUrl, xml, null, null));
  });

  app.post(
    '/saml_login',
    { errorHandler: (error, request, reply) => answerRefusal(state, error, request, reply) },
    async (request, reply) => {
      if (state.sso === null) return refuseUnconfigured(reply);
      const form = postedResponse(request.body);
      const assertion = await accepted(state, form.SAMLResponse);
      const login = signIn(state, assertion);
      const session = newCookie();
      const now = state.clock.now();
      state.sessions.add(session, login, now + sessionMinutes * minute, now);
      reply.setCookie(cookieName, session, { path: '/', httpOnly: true, sameSite: 'lax' });
      return reply.redirect('/', 303);
    },
  );
}

async function accepted(state: TargetAppState, samlResponse: string): Promise<ValidAssertion> {
  const sso = state.sso;
  if (sso === null) throw invalidMessage('single sign-on is not configured');
  const now = state.clock.now();
  const assertion = await validateResponse(samlResponse, {
    issuer: sso.issuer ?? null,
    audience: state.audience,
    acsUrl: `${state.url}/saml_login`,
    certificates: [sso.certificate],
    signatureScope: 'ANY',
    minimumAlgorithm: 'SHA-256',
    clockSkew,
    now: new Date(now),
    isAwaited: (id) => state.sentRequests.get(id, now) !== undefined,
  });
  if (!state.usedAssertions.add(assertion.id, true, assertion.expiresAt.getTime(), now)) {
    throw invalidMessage('the assertion was used before');
  }
  if (assertion.inResponseTo !== null && state.sentRequests.take(assertion.inResponseTo, now) === undefined) {
    throw invalidMessage('the request was answered before');
  }
  return assertion;
}

/** Lets the member in. Whoever the org sends for the first time becomes a member, as with silent provisioning. */
function signIn(state: TargetAppState, assertion: ValidAssertion): string {
  const login = assertion.nameId;
  const at = new Date(state.clock.now()).toISOString();
  const status = state.members.get(login)?.status ?? 'active';
  if (status !== 'active') throw new SignOnRefused('The member may not sign in', `the member is ${status}`);
  const [firstName] = assertion.attributes.get('firstName') ?? [];
  const [lastName] = assertion.attributes.get('lastName') ?? [];
  state.members.put(login, at, {
    lastSignInAt: at,
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
  });
  state.log.add({ at, event: 'sign_in_success', login, reason: null });
  return login;
}

function answerRefusal(state: TargetAppState, error: FastifyError, _request: FastifyRequest, reply: FastifyReply) {
  const status = error instanceof SignOnRefused ? 400 : (error.statusCode ?? 500);
  const reason = status === 500 ? 'The target app failed' : error.message;
  const at = new Date(state.clock.now()).toISOString();
  state.log.add({ at, event: 'sign_in_failed', login: null, reason });
  return sendPage(
    reply,
    status,
    'Sign-in failed',
    `<main data-error="sign-in-failed"><p>${escapeMarkup(reason)}</p></main>`,
  );
}

function refuseUnconfigured(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    403,
    'Single sign-on is not configured',
    '<main data-error="sso-not-configured"><p>An administrator must first enter the sign-on URL and the certificate.</p></main>',
  );
}

function signedInPage(login: string): string {
  const name = escapeMarkup(login);
  return `<main data-signed-in-as="${name}"><h1>Files</h1><p>Signed in as ${name}.</p></main>`;
}
