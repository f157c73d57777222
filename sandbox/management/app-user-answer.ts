import { apiUrl } from '../core/links.js';
import type { Org } from '../core/org.js';
import type { AppUser, Json } from '../core/records.js';

/** The assignment of a user to an app as Okta answers it. */
export function appUserAnswer(org: Org, appUser: AppUser): Json {
  return {
    id: appUser.id,
    externalId: appUser.externalId,
    created: appUser.created,
    lastUpdated: appUser.lastUpdated,
    scope: appUser.scope,
    status: appUser.status,
    statusChanged: appUser.statusChanged,
    passwordChanged: appUser.passwordChanged,
    syncState: appUser.syncState,
    ...(appUser.lastSync === null ? {} : { lastSync: appUser.lastSync }),
    credentials: { userName: appUser.userName, ...(appUser.passwordSet ? { password: {} } : {}) },
    profile: appUser.profile,
    _links: {
      app: { href: apiUrl(org, `/apps/${appUser.appId}`) },
      user: { href: apiUrl(org, `/users/${appUser.id}`) },
      ...(appUser.scope === 'GROUP' ? { group: { href: apiUrl(org, `/groups`) } } : {}),
    },
  };
}
