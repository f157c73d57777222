import type { FastifyInstance } from 'fastify';
import { Collection } from '../core/collection.js';
import { apiUrl, link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { IdentityProvider, IdentityProviderUser, Json, User } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { identityProviderAnswer } from './identity-provider-shape.js';
import { identityProviderOf } from './identity-providers.js';
import { userListAnswer } from './user-answer.js';
import { userOf } from './user-store.js';

const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };

/** Links a user to an identity provider, or renews the link. */
export function linkUser(
  org: Org,
  provider: IdentityProvider,
  user: User,
  externalId: string,
  profile: Json,
): IdentityProviderUser {
  const links = org.identityProviderUsers.get(provider.id) ?? new Collection<IdentityProviderUser>();
  org.identityProviderUsers.set(provider.id, links);
  const now = org.clock.iso();
  const existing = links.get(user.id);
  if (existing !== undefined) {
    existing.externalId = externalId;
    existing.profile = { ...existing.profile, ...profile };
    existing.lastUpdated = now;
    return existing;
  }
  return links.add({ id: user.id, idpId: provider.id, externalId, created: now, lastUpdated: now, profile });
}

/** Registers the users of identity providers. */
export function registerIdentityProviderUsers(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/idps/:idpId/users';
  const provider = (call: Call) => identityProviderOf(org, call.params.idpId ?? '');
  const linked = (call: Call): IdentityProviderUser => {
    const found = org.identityProviderUsers.get(provider(call).id)?.get(call.params.userId ?? '');
    if (found === undefined) throw notFound(call.params.userId ?? '', 'IdentityProviderApplicationUser');
    return found;
  };
  const scope = 'okta.idps.read';

  operation(server, org, { id: 'listIdentityProviderApplicationUsers', method: 'GET', path, scope }, (call) => {
    const prefix = call.query.q?.toLowerCase() ?? '';
    const page = pageOf(call, org.identityProviderUsers.get(provider(call).id), limits, /^00u/, (entry) =>
      [entry.externalId, entry.profile.email].some((value) =>
        String(value ?? '')
          .toLowerCase()
          .startsWith(prefix),
      ),
    );
    const answers = page.items.map((entry) => {
      const user = org.users.get(entry.id);
      const answer = linkAnswer(org, entry);
      return call.query.expand === 'user' && user !== undefined
        ? { ...answer, _embedded: { user: userListAnswer(org, user) } }
        : answer;
    });
    return ok(answers, pageHeaders(call, page.next, limits));
  });
  operation(
    server,
    org,
    { id: 'getIdentityProviderApplicationUser', method: 'GET', path: `${path}/:userId`, scope },
    (call) => ok(linkAnswer(org, linked(call))),
  );
  operation(
    server,
    org,
    { id: 'linkUserToIdentityProvider', method: 'POST', path: `${path}/:userId`, scope: 'okta.users.manage' },
    (call) => {
      const externalId = asText(asObject(call.body).externalId);
      if (externalId === undefined) throw invalid('externalId', 'externalId: The field cannot be left blank');
      return ok(linkAnswer(org, linkUser(org, provider(call), userOf(org, call.params.userId ?? ''), externalId, {})));
    },
  );
  operation(
    server,
    org,
    { id: 'unlinkUserFromIdentityProvider', method: 'DELETE', path: `${path}/:userId`, scope: 'okta.idps.manage' },
    (call) => {
      org.identityProviderUsers.get(provider(call).id)?.delete(linked(call).id);
      return noContent();
    },
  );
  const tokens = `${path}/:userId/credentials/tokens`;
  operation(server, org, { id: 'listSocialAuthTokens', method: 'GET', path: tokens, scope }, (call) => {
    linked(call);
    return ok([]);
  });
  operation(
    server,
    org,
    { id: 'listUserIdentityProviders', method: 'GET', path: '/api/v1/users/:id/idps', scope: 'okta.users.read' },
    (call) => {
      const user = userOf(org, call.params.id ?? '', call.actor);
      const providers = org.identityProviders.filter(
        (entry) => org.identityProviderUsers.get(entry.id)?.has(user.id) === true,
      );
      return ok(providers.map((entry) => identityProviderAnswer(org, entry)));
    },
  );
}

function linkAnswer(org: Org, entry: IdentityProviderUser): Json {
  return {
    id: entry.id,
    externalId: entry.externalId,
    created: entry.created,
    lastUpdated: entry.lastUpdated,
    profile: entry.profile,
    _links: {
      idp: { href: apiUrl(org, `/idps/${entry.idpId}`) },
      user: { href: apiUrl(org, `/users/${entry.id}`) },
      self: link(org, `/idps/${entry.idpId}/users/${entry.id}`, 'GET', 'DELETE'),
      users: link(org, `/idps/${entry.idpId}/users`, 'GET'),
    },
  };
}
