import { z } from 'zod';
import type { Org } from '../core/org.js';
import { SortedIds } from '../core/sorted-ids.js';
import { appUsersOf } from '../management/app-assignments.js';
import { mappedAppProfile } from '../management/app-user-profile.js';
import { appOf } from '../management/apps.js';
import { linkUser } from '../management/identity-provider-users.js';
import { identityProviderOf } from '../management/identity-providers.js';
import { findUserByLogin } from '../management/user-store.js';

/** Users of the IdP org who are assigned to an Org2Org app and stand in the SP org, as if pushed long ago. */
export const ProvisionedUsers = z.strictObject({
  /** Id of the Org2Org app in the IdP org. */
  appId: z.string(),
  count: z.number().int().min(1).max(1_000_000),
  /** The logins are `{prefix}{number}@{domain}` in both orgs, counted from 1. */
  prefix: z.string().min(1).default('member'),
  domain: z.string().min(1).default('idp.example'),
  /** Groups of the SP org that they are members of. */
  groups: z.array(z.string()).default([]),
  /** Id of an identity provider in the SP org that they are linked to, as if they had signed on through it. */
  identityProviderId: z.string().optional(),
});
export type ProvisionedUsers = z.output<typeof ProvisionedUsers>;

/** Links users who exist in both orgs by their login to the app. Returns how many. */
export function linkProvisioned(idp: Org, sp: Org, wanted: ProvisionedUsers): number {
  const app = appOf(idp, wanted.appId);
  const assignments = appUsersOf(idp, app.id);
  const { identityProviderId } = wanted;
  const provider = identityProviderId === undefined ? null : identityProviderOf(sp, identityProviderId);
  const now = idp.clock.iso();
  let linked = 0;
  for (let number = 1; number <= wanted.count; number += 1) {
    const login = `${wanted.prefix}${number}@${wanted.domain}`;
    const user = findUserByLogin(idp, login);
    const target = findUserByLogin(sp, login);
    if (user === undefined || target === undefined || assignments.has(user.id)) continue;
    assignments.add({
      id: user.id,
      appId: app.id,
      externalId: target.id,
      created: now,
      lastUpdated: now,
      scope: 'USER',
      status: 'PROVISIONED',
      statusChanged: now,
      passwordChanged: null,
      syncState: 'SYNCHRONIZED',
      lastSync: now,
      userName: login,
      passwordSet: false,
      profile: mappedAppProfile(idp, app, user, login),
    });
    const apps = idp.appsOfUser.get(user.id) ?? new SortedIds();
    apps.add(app.id);
    idp.appsOfUser.set(user.id, apps);
    if (provider !== null) linkUser(sp, provider, target, login, {});
    linked += 1;
  }
  return linked;
}
