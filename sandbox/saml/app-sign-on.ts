import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { randomText } from '../core/ids.js';
import type { App, AppUser } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';
import { appTarget } from '../management/app-assignments.js';
import { userTarget } from '../management/user-store.js';
import { appResponse } from './app-response.js';
import { type AuthnRequest, AuthnRequestRefused, parseAuthnRequest } from './authn-request.js';
import { assignmentOf, embedPath } from './embed-link.js';
import { askToSignIn } from './login.js';
import { sendAutoSubmit, sendRefusal } from './page.js';
import { inflatedMessage, maximumInflated } from './redirect-binding.js';
import { type CurrentSession, currentSession, startSession } from './session.js';
import { unknownActor } from './sign-on-log.js';
import type { SignOnState } from './sign-on-state.js';

const text = z.string().optional().catch(undefined);
const Fields = z.object({ SAMLRequest: text, RelayState: text, sessionToken: text, pending: text });

/** What a browser that comes to an app's address wants. */
interface Wish {
  readonly app: App;
  readonly asked: AuthnRequest | null;
  readonly relayState: string | null;
  readonly sessionToken: string | undefined;
  /** The person has just signed in for this very request. */
  readonly signedInForIt: boolean;
}

const pendingMinutes = 10;

/** Sign-on to apps of this org: embed links, and the sign-on URL with and without an AuthnRequest. */
export function appSignOnRoutes(server: FastifyInstance, state: SignOnState): void {
  const { org } = state;

  server.get<{ Params: { name: string; appId: string } }>('/home/:name/:appId/:linkId', (request, reply) => {
    const app = org.apps.get(request.params.appId);
    if (app === undefined || app.name !== request.params.name || app.status === 'DELETED') return noSuchApp(reply);
    return answer(state, app, request, reply, inflatedMessage);
  });

  server.route<{ Params: { name: string; key: string } }>({
    method: ['GET', 'POST'],
    url: '/app/:name/:key/sso/saml',
    handler: (request, reply) => {
      const { name, key } = request.params;
      const app = org.apps.find((one) => one.externalKey === key && one.name === name && one.status !== 'DELETED');
      if (app === undefined) return noSuchApp(reply);
      return answer(state, app, request, reply, request.method === 'POST' ? decodedMessage : inflatedMessage);
    },
  });
}

function answer(
  state: SignOnState,
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  decode: (message: string) => string,
): FastifyReply {
  try {
    return signOn(state, wishOf(state, app, request, decode), request, reply);
  } catch (error) {
    if (!(error instanceof AuthnRequestRefused)) throw error;
    state.org.log.write({
      eventType: 'user.authentication.sso',
      actor: unknownActor(null),
      target: [appTarget(app)],
      outcome: { result: 'FAILURE', reason: `Bad SAML request: ${error.message}`.slice(0, 255) },
    });
    return sendRefusal(reply, 400, 'BAD_SAML_REQUEST', `Bad SAML request: ${error.message}`);
  }
}

function wishOf(state: SignOnState, app: App, request: FastifyRequest, decode: (message: string) => string): Wish {
  const fields = Fields.parse((request.method === 'POST' ? request.body : request.query) ?? {});
  const pending =
    fields.pending === undefined ? undefined : state.pendingRequests.get(fields.pending, state.org.clock.now());
  if (pending?.appId === app.id) {
    return { app, asked: pending.asked, relayState: pending.relayState, sessionToken: undefined, signedInForIt: true };
  }
  return {
    app,
    asked: fields.SAMLRequest === undefined ? null : parseAuthnRequest(decode(fields.SAMLRequest)),
    relayState: fields.RelayState ?? null,
    sessionToken: fields.sessionToken,
    signedInForIt: false,
  };
}

/** Signs the browser's user in to the app, or asks who it is. */
function signOn(state: SignOnState, wish: Wish, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { org } = state;
  const { app } = wish;
  const current = signedIn(state, wish, request, reply);
  if (current === null) return askToSignIn(reply, pathBack(state, wish));
  const appUser = assignmentOf(org, app, current.user.id);
  const refusal = refusalOf(app, appUser);
  if (refusal !== null || appUser === null) {
    org.log.write({
      eventType: 'app.generic.unauth_app_access_attempt',
      actor: userTarget(current.user),
      target: [appTarget(app)],
      outcome: { result: 'FAILURE', reason: refusal },
      externalSessionId: current.session.id,
    });
    return sendRefusal(reply, 403, 'ACCESS_DENIED', `${refusal}.`);
  }
  const bookmark = app.signOnMode === 'BOOKMARK' ? asText(asObject(app.settings.app).url) : undefined;
  if (bookmark !== undefined) return reply.redirect(bookmark);
  const response = appResponse(org, app, appUser, current, wish.asked);
  if ('missing' in response) {
    const reason = `The app cannot sign on: it lacks ${response.missing}`;
    org.log.write({
      eventType: 'user.authentication.sso',
      actor: userTarget(current.user),
      target: [appTarget(app)],
      outcome: { result: 'FAILURE', reason },
    });
    return sendRefusal(reply, 400, 'APP_NOT_SET_UP', reason);
  }
  org.log.write({
    eventType: 'user.authentication.sso',
    actor: userTarget(current.user),
    target: [appTarget(app)],
    outcome: { result: 'SUCCESS' },
    externalSessionId: current.session.id,
    debugData: { initiationType: wish.asked === null ? 'IDP_INITIATED' : 'SP_INITIATED', signOnMode: 'SAML 2.0' },
  });
  return sendAutoSubmit(reply, response.acsUrl, {
    SAMLResponse: Buffer.from(response.xml).toString('base64'),
    RelayState: wish.relayState ?? (wish.asked === null ? response.defaultRelayState : null) ?? '',
  });
}

/** The person at the browser: by a session token, which is used up, or by the session; null if nobody is signed in. */
function signedIn(state: SignOnState, wish: Wish, request: FastifyRequest, reply: FastifyReply): CurrentSession | null {
  const { org } = state;
  const owner =
    wish.sessionToken === undefined ? undefined : state.sessionTokens.take(wish.sessionToken, org.clock.now());
  const user = owner === undefined ? undefined : org.users.get(owner);
  if (user?.status === 'ACTIVE') return { user, session: startSession(org, reply, user, null) };
  if (wish.asked?.forceAuthn === true && !wish.signedInForIt) return null;
  return currentSession(org, request);
}

function refusalOf(app: App, appUser: AppUser | null): string | null {
  if (app.status !== 'ACTIVE') return 'The app is not active';
  if (appUser === null) return 'User is not assigned to the app';
  const ended = appUser.status === 'SUSPENDED' || appUser.status === 'DEPROVISIONED' || appUser.status === 'INACTIVE';
  return ended ? `The assignment of the user to the app is ${appUser.status}` : null;
}

/** Where to go on once the person has signed in. */
function pathBack(state: SignOnState, { app, asked, relayState }: Wish): string {
  if (asked === null) {
    return embedPath(app) + (relayState === null ? '' : `?RelayState=${encodeURIComponent(relayState)}`);
  }
  const now = state.org.clock.now();
  const pending = randomText(24);
  state.pendingRequests.add(pending, { appId: app.id, asked, relayState }, now + pendingMinutes * 60_000, now);
  return `/app/${app.name}/${app.externalKey}/sso/saml?pending=${pending}`;
}

function decodedMessage(message: string): string {
  const xml = Buffer.from(message, 'base64').toString('utf8');
  if (xml.length > maximumInflated) throw new AuthnRequestRefused('the request is too long');
  return xml;
}

function noSuchApp(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, 404, 'E0000008', 'There is no such app in this org.');
}
