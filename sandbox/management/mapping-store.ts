import { newId } from '../core/ids.js';
import type { Org } from '../core/org.js';
import type { ProfileMapping } from '../core/records.js';
import { defaultUserType } from './user-profile.js';

type Properties = ProfileMapping['properties'];

/** Gives an app or identity provider its two mappings: into the user profile, and from it. */
export function addMappings(org: Org, appUserOwnerId: string, intoUser: Properties, fromUser: Properties): void {
  const userType = defaultUserType(org);
  if (userType === undefined) return;
  const user = { id: userType.id, type: 'user' } as const;
  const appUser = { id: appUserOwnerId, type: 'appuser' } as const;
  org.mappings.add({ id: newId('prm'), source: appUser, target: user, properties: intoUser });
  org.mappings.add({ id: newId('prm'), source: user, target: appUser, properties: fromUser });
}

export function removeMappings(org: Org, ownerId: string): void {
  for (const mapping of org.mappings.filter((entry) => entry.source.id === ownerId || entry.target.id === ownerId)) {
    org.mappings.delete(mapping.id);
  }
}

/** The mapping from the user profile to an app. */
export function mappingFromUser(org: Org, ownerId: string): ProfileMapping | undefined {
  return org.mappings.find((mapping) => mapping.target.id === ownerId && mapping.source.type === 'user');
}
