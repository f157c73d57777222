import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Json, RoleAssignment } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { clientOf } from './clients.js';

/** Okta's standard roles and their labels. */
const labels: Readonly<Record<string, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organization Administrator',
  APP_ADMIN: 'Application Administrator',
  USER_ADMIN: 'Group Administrator',
  GROUP_MEMBERSHIP_ADMIN: 'Group Membership Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  READ_ONLY_ADMIN: 'Read-Only Administrator',
  REPORT_ADMIN: 'Report Administrator',
  API_ACCESS_MANAGEMENT_ADMIN: 'API Access Management Administrator',
  MOBILE_ADMIN: 'Mobile Administrator',
};
const path = '/oauth2/v1/clients/:clientId/roles';

/** `/oauth2/v1/clients/{id}/roles`: administrator roles of service apps. Only a super administrator may assign them. */
export function clientRoleRoutes(server: FastifyInstance, org: Org): void {
  const read = 'okta.roles.read';
  const manage = 'okta.roles.manage';
  operation(server, org, { id: 'listRolesForClient', method: 'GET', path, scope: read }, (call) =>
    ok(rolesOf(call).map((role) => roleAnswer(org, role))),
  );
  operation(server, org, { id: 'assignRoleToClient', method: 'POST', path, scope: manage }, assignRole);
  operation(server, org, { id: 'retrieveClientRole', method: 'GET', path: `${path}/:roleId`, scope: read }, (call) =>
    ok(roleAnswer(org, roleOf(call))),
  );
  operation(
    server,
    org,
    { id: 'deleteRoleFromClient', method: 'DELETE', path: `${path}/:roleId`, scope: manage },
    (call) => {
      const role = roleOf(call);
      org.roleAssignments.delete(role.id);
      logRole(call, 'user.account.privilege.revoke', role);
      return noContent();
    },
  );
}

function assignRole(call: Call) {
  const { org } = call;
  const client = clientOf(call);
  const type = asText(asObject(call.body).type);
  if (type === undefined || labels[type] === undefined)
    throw invalid('type', 'type: The role is not one of the standard roles.');
  if (asObject(client.settings.oauthClient).application_type !== 'service') throw new OktaError('E0000227');
  if (rolesOf(call).some((role) => role.type === type)) throw new OktaError('E0000090');
  const now = org.clock.iso();
  const id = newId('irb');
  const role: RoleAssignment = {
    id,
    roleId: id,
    principalKind: 'client',
    principalId: client.id,
    type,
    created: now,
    lastUpdated: now,
    targetGroupIds: [],
    targetApps: [],
    resourceSet: null,
    customRole: null,
  };
  org.roleAssignments.add(role);
  logRole(call, 'user.account.privilege.grant', role);
  return ok(roleAnswer(org, role));
}

function rolesOf(call: Call): RoleAssignment[] {
  const client: App = clientOf(call);
  return call.org.roleAssignments.filter((role) => role.principalKind === 'client' && role.principalId === client.id);
}

function roleOf(call: Call): RoleAssignment {
  const id = call.params.roleId ?? '';
  const role = rolesOf(call).find((candidate) => candidate.id === id);
  if (role === undefined) throw notFound(id, 'RoleAssignment');
  return role;
}

function roleAnswer(org: Org, role: RoleAssignment): Json {
  return {
    id: role.id,
    label: labels[role.type],
    type: role.type,
    status: 'ACTIVE',
    created: role.created,
    lastUpdated: role.lastUpdated,
    assignmentType: 'CLIENT',
    _links: { assignee: { href: `${org.url}/oauth2/v1/clients/${role.principalId}` } },
  };
}

function logRole(
  call: Call,
  eventType: 'user.account.privilege.grant' | 'user.account.privilege.revoke',
  role: RoleAssignment,
): void {
  const client = clientOf(call);
  const target = { id: client.id, type: 'PublicClientApp', alternateId: client.id, displayName: client.label };
  call.org.log.write({
    eventType,
    actor: call.actor,
    target: [target],
    debugData: { privilegeGranted: labels[role.type] ?? '' },
  });
}
