import type { FastifyInstance } from 'fastify';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { App, AppUser, Json } from '../core/records.js';
import { type Answer, asObject, asText, type Call, isObject, noContent, ok, operation } from '../core/routing.js';
import {
  type AssignmentInput,
  appUsersOf,
  assignUserToApp,
  groupAssignmentFor,
  unassignUser,
  updateAppUser,
} from './app-assignments.js';
import { appUserAnswer } from './app-user-answer.js';
import { appOf } from './apps.js';
import { mappingFromUser } from './mapping-store.js';
import { userListAnswer } from './user-answer.js';
import { userOf } from './user-store.js';

const manage = 'okta.apps.manage';
const read = 'okta.apps.read';
const limits: PageLimits = { standard: 50, most: 500, selfWithLimit: true };

/** Registers the assignments of apps to users. */
export function registerAppUsers(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/users';
  const app = (call: Call) => appOf(org, call.params.appId ?? '');

  operation(server, org, { id: 'listApplicationUsers', method: 'GET', path, scope: read }, (call) =>
    listAppUsers(call, app(call)),
  );
  operation(server, org, { id: 'assignUserToApplication', method: 'POST', path, scope: manage }, (call) => {
    const found = app(call);
    const body = asObject(call.body);
    const id = asText(body.id);
    if (id === undefined) throw invalid('id', 'id: The field cannot be left blank');
    const user = userOf(org, id);
    checkInput(org, found, body);
    return ok(appUserAnswer(org, assignUserToApp(org, found, user, inputOf(body), call.actor)));
  });
  operation(server, org, { id: 'getApplicationUser', method: 'GET', path: `${path}/:userId`, scope: read }, (call) =>
    ok(withUser(call, appUserOf(org, app(call), call.params.userId ?? ''))),
  );
  operation(
    server,
    org,
    { id: 'updateApplicationUser', method: 'POST', path: `${path}/:userId`, scope: manage },
    (call) => {
      const found = app(call);
      const body = asObject(call.body);
      checkInput(org, found, body);
      const existing = org.appUsers.get(found.id)?.get(userOf(org, call.params.userId ?? '').id);
      if (existing === undefined) {
        return ok(
          appUserAnswer(
            org,
            assignUserToApp(org, found, userOf(org, call.params.userId ?? ''), inputOf(body), call.actor),
          ),
        );
      }
      if (
        body.scope === 'GROUP' &&
        existing.scope === 'USER' &&
        groupAssignmentFor(org, found, existing.id) !== undefined
      )
        existing.scope = 'GROUP';
      else if (body.scope === 'USER') existing.scope = 'USER';
      updateAppUser(org, existing, inputOf(body), call.actor);
      return ok(appUserAnswer(org, existing));
    },
  );
  operation(
    server,
    org,
    { id: 'unassignUserFromApplication', method: 'DELETE', path: `${path}/:userId`, scope: manage },
    (call) => {
      const found = app(call);
      const appUser = appUserOf(org, found, call.params.userId ?? '');
      if (groupAssignmentFor(org, found, appUser.id) !== undefined && found.status === 'ACTIVE') {
        if (appUser.scope === 'GROUP') throw new OktaError('E0000046');
        appUser.scope = 'GROUP';
        return noContent();
      }
      unassignUser(org, found, appUser, call.actor);
      return noContent();
    },
  );
}

/** @throws OktaError E0000007 */
function appUserOf(org: Org, app: App, userId: string): AppUser {
  const appUser = org.appUsers.get(app.id)?.get(userId);
  if (appUser === undefined) throw notFound(userId, 'AppUser');
  return appUser;
}

function inputOf(body: Json): AssignmentInput {
  return {
    ...(isObject(body.credentials) ? { credentials: body.credentials } : {}),
    ...(isObject(body.profile) ? { profile: body.profile } : {}),
  };
}

/** Refuses credentials that the app's scheme does not take, and attributes that a mapping pushes. */
function checkInput(org: Org, app: App, body: Json): void {
  const password = asText(asObject(asObject(body.credentials).password).value);
  if (password !== undefined && app.credentials.scheme === undefined) throw new OktaError('E0000041');
  const features = asObject(org.appFeatures.get(app.id)?.get('USER_PROVISIONING'));
  const pushes =
    asObject(asObject(features.update).profile).status === 'ENABLED' &&
    org.connections.get(app.id)?.status === 'ENABLED';
  if (!pushes) return;
  const mapped = mappingFromUser(org, app.id)?.properties ?? {};
  for (const name of Object.keys(asObject(body.profile))) {
    if (mapped[name]?.pushStatus === 'PUSH') throw new OktaError('E0000075', name);
  }
}

function listAppUsers(call: Call, app: App): Answer {
  const { org } = call;
  const prefix = call.query.q?.toLowerCase() ?? '';
  const page = pageOf(
    call,
    appUsersOf(org, app.id),
    limits,
    /^00u[0-9A-Za-z]{17}$/,
    (appUser) => prefix === '' || fits(org, appUser, prefix),
  );
  return ok(
    page.items.map((appUser) => withUser(call, appUser)),
    pageHeaders(call, page.next, limits),
  );
}

function withUser(call: Call, appUser: AppUser): Json {
  const answer = appUserAnswer(call.org, appUser);
  const user = call.org.users.get(appUser.id);
  if (call.query.expand !== 'user' || user === undefined) return answer;
  return { ...answer, _embedded: { user: userListAnswer(call.org, user) } };
}

function fits(org: Org, appUser: AppUser, prefix: string): boolean {
  const profile = org.users.get(appUser.id)?.profile ?? {};
  return [appUser.userName, profile.firstName, profile.lastName, profile.email].some((value) =>
    String(value ?? '')
      .toLowerCase()
      .startsWith(prefix),
  );
}
