import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { apiUrl, link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, PrincipalKind, RoleAssignment } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import { customRoleOf } from './custom-roles.js';
import { groupIdsOf, groupTarget } from './group-members.js';
import { groupOf } from './groups.js';
import { resourceSetOf } from './resource-sets.js';
import { registerRoleTargets } from './role-targets.js';
import { assignmentPrefix, encodedRoleId, roleLabels, roleTargets } from './role-types.js';
import { userOf, userTarget } from './user-store.js';

const manage = 'okta.roles.manage';
const read = 'okta.roles.read';

/** Who holds roles, by path. */
export interface Holder {
  readonly kind: PrincipalKind;
  readonly path: string;
  /** The id of the holder that a call names. */
  readonly idOf: (call: Call) => string;
}

/**
 * Gives a standard role to a user, group or client.
 *
 * @throws OktaError E0000090 if it has the role already
 */
export function assignRole(org: Org, kind: PrincipalKind, principalId: string, type: string): RoleAssignment {
  if (roleLabels[type] === undefined) throw invalid('type', `type: '${type}' is not a role.`);
  if (rolesOf(org, principalId).some((role) => role.type === type)) throw new OktaError('E0000090');
  const now = org.clock.iso();
  const id = newId(assignmentPrefix[kind]);
  return org.roleAssignments.add({
    id,
    roleId: roleTargets[type] === undefined ? id : encodedRoleId(type),
    principalKind: kind,
    principalId,
    type,
    created: now,
    lastUpdated: now,
    targetGroupIds: [],
    targetApps: [],
    resourceSet: null,
    customRole: null,
  });
}

/**
 * Gives a custom role over a resource set to a user, group or client.
 *
 * @throws OktaError E0000090 if it has the role over this set already
 */
export function assignCustomRole(
  org: Org,
  kind: PrincipalKind,
  principalId: string,
  customRole: string,
  resourceSet: string,
): RoleAssignment {
  const has = rolesOf(org, principalId).some(
    (role) => role.customRole === customRole && role.resourceSet === resourceSet,
  );
  if (has) throw new OktaError('E0000090');
  const now = org.clock.iso();
  return org.roleAssignments.add({
    id: newId('irb'),
    principalKind: kind,
    principalId,
    type: 'CUSTOM',
    created: now,
    lastUpdated: now,
    targetGroupIds: [],
    targetApps: [],
    resourceSet,
    customRole,
  });
}

/** Gives the role that the body of an assignment names. @throws OktaError E0000001, E0000007, E0000090 */
export function assignSentRole(org: Org, kind: PrincipalKind, principalId: string, body: Json): RoleAssignment {
  const type = asText(body.type);
  if (type === undefined) throw invalid('type', 'type: The field cannot be left blank');
  if (type !== 'CUSTOM') return assignRole(org, kind, principalId, type);
  const role = customRoleOf(org, asText(body.role) ?? '');
  const set = resourceSetOf(org, asText(body['resource-set']) ?? '');
  return assignCustomRole(org, kind, principalId, role.id, set.id);
}

/** Roles that a principal holds itself. */
export function rolesOf(org: Org, principalId: string): RoleAssignment[] {
  return org.roleAssignments.filter((role) => role.principalId === principalId);
}

/** Roles of a user: its own and those of its groups. */
export function effectiveRolesOf(org: Org, userId: string): RoleAssignment[] {
  return [userId, ...groupIdsOf(org, userId)].flatMap((id) => rolesOf(org, id));
}

/** Registers the administrator roles of users and groups with their targets. */
export function registerRoles(server: FastifyInstance, org: Org): void {
  const users: Holder = {
    kind: 'user',
    path: '/api/v1/users/:id/roles',
    idOf: (call) => userOf(org, call.params.id ?? '', call.actor).id,
  };
  const groups: Holder = {
    kind: 'group',
    path: '/api/v1/groups/:groupId/roles',
    idOf: (call) => groupOf(org, call.params.groupId ?? '').id,
  };
  registerHolder(server, org, users, [
    'listAssignedRolesForUser',
    'assignRoleToUser',
    'getUserAssignedRole',
    'unassignRoleFromUser',
  ]);
  registerHolder(server, org, groups, [
    'listGroupAssignedRoles',
    'assignRoleToGroup',
    'getGroupAssignedRole',
    'unassignRoleFromGroup',
  ]);
  operation(
    server,
    org,
    { id: 'listUsersWithRoleAssignments', method: 'GET', path: '/api/v1/iam/assignees/users', scope: read },
    () => {
      const holders = new Set(
        org.roleAssignments.filter((role) => role.principalKind === 'user').map((role) => role.principalId),
      );
      const value = [...holders].map((id) => ({
        id,
        orn: `orn:okta:directory:${org.id}:users:${id}`,
        _links: { self: link(org, `/users/${id}`), roles: link(org, `/users/${id}/roles`) },
      }));
      return ok({ value, _links: {} });
    },
  );
  registerRoleTargets(server, org, users);
  registerRoleTargets(server, org, groups);
}

function registerHolder(
  server: FastifyInstance,
  org: Org,
  holder: Holder,
  [list, assign, get, unassign]: readonly [string, string, string, string],
): void {
  const { path, idOf } = holder;
  operation(server, org, { id: list, method: 'GET', path, scope: read }, (call) => {
    const id = idOf(call);
    const roles = holder.kind === 'user' ? effectiveRolesOf(org, id) : rolesOf(org, id);
    return ok(roles.map((role) => roleAnswer(org, role)));
  });
  operation(server, org, { id: assign, method: 'POST', path, scope: manage }, (call) => {
    const id = idOf(call);
    if (id === org.everyoneGroupId) throw new OktaError('E0000211', 'Everyone');
    const role = assignSentRole(org, holder.kind, id, asObject(call.body));
    logPrivilege(call, holder, id, 'grant');
    return created(roleAnswer(org, role));
  });
  operation(server, org, { id: get, method: 'GET', path: `${path}/:roleId`, scope: read }, (call) =>
    ok(roleAnswer(org, roleOf(org, holder, call))),
  );
  operation(server, org, { id: unassign, method: 'DELETE', path: `${path}/:roleId`, scope: manage }, (call) => {
    org.roleAssignments.delete(roleOf(org, holder, call).id);
    logPrivilege(call, holder, idOf(call), 'revoke');
    return noContent();
  });
}

/** @throws OktaError E0000007 */
export function roleOf(org: Org, holder: Holder, call: Call): RoleAssignment {
  const roleId = call.params.roleId ?? '';
  const role = rolesOf(org, holder.idOf(call)).find((entry) => entry.roleId === roleId || entry.id === roleId);
  if (role === undefined) throw notFound(roleId, 'RoleAssignment');
  return role;
}

function logPrivilege(call: Call, holder: Holder, id: string, what: 'grant' | 'revoke'): void {
  const { org } = call;
  if (holder.kind === 'user') {
    const user = org.users.get(id);
    org.log.write({
      eventType: `user.account.privilege.${what}`,
      actor: call.actor,
      target: user === undefined ? [] : [userTarget(user)],
    });
    return;
  }
  const group = org.groups.get(id);
  org.log.write({
    eventType: `group.privilege.${what}`,
    actor: call.actor,
    target: group === undefined ? [] : [groupTarget(group)],
  });
}

/** Address of who holds a role. */
export function holderUrl(org: Org, role: RoleAssignment): string {
  if (role.principalKind === 'client') return `${org.url}/oauth2/v1/clients/${role.principalId}`;
  return apiUrl(org, `/${role.principalKind}s/${role.principalId}`);
}

/** The role as Okta answers it. */
export function roleAnswer(org: Org, role: RoleAssignment): Json {
  const assignee = { href: holderUrl(org, role) };
  const custom = role.customRole === null ? undefined : org.customRoles.get(role.customRole);
  const answer: Json = {
    id: role.roleId ?? role.id,
    label: custom?.label ?? roleLabels[role.type],
    type: role.type,
    status: 'ACTIVE',
    created: role.created,
    lastUpdated: role.lastUpdated,
    assignmentType: role.principalKind.toUpperCase(),
    _links: { assignee },
  };
  if (custom === undefined || role.resourceSet === null) return answer;
  const set = `/iam/resource-sets/${role.resourceSet}`;
  return {
    ...answer,
    role: custom.id,
    'resource-set': role.resourceSet,
    _links: {
      assignee,
      permissions: link(org, `/iam/roles/${custom.id}/permissions`),
      member: link(org, `${set}/bindings/${custom.id}/members/${role.id}`),
      role: link(org, `/iam/roles/${custom.id}`),
      'resource-set': link(org, set),
    },
  };
}
