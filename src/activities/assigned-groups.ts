import { listAssignedGroups } from '../okta/application-groups.js';
import { findGroup, type Group } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';

/** The groups that have an app, with their names. */
export async function assignedGroups(session: OktaSession, appId: string): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const { id, _embedded } of await listAssignedGroups(session, appId)) {
    const group = _embedded?.group ?? (await findGroup(session, id));
    if (group !== null) groups.push(group);
  }
  return groups;
}
