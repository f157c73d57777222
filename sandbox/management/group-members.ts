import type { Org } from '../core/org.js';
import type { Group, User } from '../core/records.js';
import { SortedIds } from '../core/sorted-ids.js';
import type { LogActor, LogTarget } from '../core/system-log.js';
import { reconcileUser } from './app-assignments.js';
import { userTarget } from './user-store.js';

/** The group as target of a log event. */
export function groupTarget(group: Group): LogTarget {
  return { id: group.id, type: 'UserGroup', alternateId: 'unknown', displayName: String(group.profile.name) };
}

export function isMember(org: Org, group: Group, userId: string): boolean {
  if (group.id === org.everyoneGroupId) return org.users.has(userId);
  return org.groupMembers.get(group.id)?.has(userId) ?? false;
}

/** Ids of the members behind the cursor, in order. */
export function* memberIds(org: Org, group: Group, after?: string): Generator<string> {
  if (group.id === org.everyoneGroupId) {
    for (const user of org.users.after(after)) yield user.id;
    return;
  }
  yield* org.groupMembers.get(group.id)?.after(after) ?? [];
}

/** Ids of the groups of a user, Everyone included. */
export function groupIdsOf(org: Org, userId: string): string[] {
  return [org.everyoneGroupId, ...(org.groupsOfUser.get(userId)?.all() ?? [])].sort();
}

/** Adds a member; does nothing if the user is one. Assignments by the group follow in the background. */
export function addMember(org: Org, group: Group, user: User, actor: LogActor): void {
  if (!joinGroup(org, group, user.id)) return;
  group.lastMembershipUpdated = org.clock.iso();
  org.log.write({
    eventType: 'group.user_membership.add',
    actor,
    target: [userTarget(user), groupTarget(group)],
  });
  org.events.emit({ type: 'groupMembership.changed', groupId: group.id, userId: user.id, member: true });
  if (hasApps(org, group))
    org.background.schedule('reconciliation', () => reconcileUser(org, user.id, actor), `user ${user.id}`);
}

/** Removes a member; does nothing if the user is none. */
export function removeMember(org: Org, group: Group, user: User, actor: LogActor): void {
  if (org.groupMembers.get(group.id)?.delete(user.id) !== true) return;
  org.groupsOfUser.get(user.id)?.delete(group.id);
  group.lastMembershipUpdated = org.clock.iso();
  org.log.write({
    eventType: 'group.user_membership.remove',
    actor,
    target: [userTarget(user), groupTarget(group)],
  });
  org.events.emit({ type: 'groupMembership.changed', groupId: group.id, userId: user.id, member: false });
  if (hasApps(org, group))
    org.background.schedule('reconciliation', () => reconcileUser(org, user.id, actor), `user ${user.id}`);
}

/** Puts a user into a group without log, event or reconciliation: for seeding. Returns false if it was in there. */
export function joinGroup(org: Org, group: Group, userId: string): boolean {
  if (group.id === org.everyoneGroupId) return false;
  const added = idsOf(org.groupMembers, group.id).add(userId);
  if (added) idsOf(org.groupsOfUser, userId).add(group.id);
  return added;
}

/** Removes a deactivated user from all groups. */
export function leaveAllGroups(org: Org, user: User, actor: LogActor): void {
  for (const groupId of [...(org.groupsOfUser.get(user.id)?.all() ?? [])]) {
    const group = org.groups.get(groupId);
    if (group !== undefined) removeMember(org, group, user, actor);
  }
}

function hasApps(org: Org, group: Group): boolean {
  return (org.appsOfGroup.get(group.id)?.size ?? 0) > 0;
}

function idsOf(index: Map<string, SortedIds>, key: string): SortedIds {
  const known = index.get(key);
  if (known !== undefined) return known;
  const fresh = new SortedIds();
  index.set(key, fresh);
  return fresh;
}
