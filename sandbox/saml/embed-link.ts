import type { Org } from '../core/org.js';
import type { App, AppUser } from '../core/records.js';

/** Path of the page that starts sign-on to an app: what `_links.appLinks` names. */
export function embedPath(app: App): string {
  return `/home/${app.name}/${app.id}/${app.linkId}`;
}

/** The user's assignment to the app, null if the user has none. */
export function assignmentOf(org: Org, app: App, userId: string): AppUser | null {
  return org.appUsers.get(app.id)?.get(userId) ?? null;
}

/** Active apps that the user is assigned to and sees on the dashboard. */
export function appsOf(org: Org, userId: string): App[] {
  const ids = org.appsOfUser.get(userId)?.all() ?? [];
  return ids.flatMap((id) => {
    const app = org.apps.get(id);
    return app?.status === 'ACTIVE' ? [app] : [];
  });
}

/**
 * Where a person may be sent after sign-on: an address of this org. Null for any other, so that the org cannot be used
 * to send people to strangers.
 */
export function ownAddress(org: Org, target: string): string | null {
  if (!URL.canParse(target, org.url)) return null;
  const url = new URL(target, org.url);
  return url.origin === new URL(org.url).origin ? `/${url.pathname.replace(/^\/+/, '')}${url.search}` : null;
}
