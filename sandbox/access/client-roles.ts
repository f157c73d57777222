import type { FastifyInstance } from 'fastify';
import { notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { RoleAssignment } from '../core/records.js';
import { asObject, type Call, noContent, ok, operation } from '../core/routing.js';
import { registerRoleTargets } from '../management/role-targets.js';
import { assignSentRole, roleAnswer, rolesOf } from '../management/roles.js';
import { clientOf } from './clients.js';

const path = '/oauth2/v1/clients/:clientId/roles';

/** `/oauth2/v1/clients/{id}/roles`: administrator roles of service apps. Only a super administrator may assign them. */
export function clientRoleRoutes(server: FastifyInstance, org: Org): void {
  const read = 'okta.roles.read';
  const manage = 'okta.roles.manage';
  operation(server, org, { id: 'listRolesForClient', method: 'GET', path, scope: read }, (call) =>
    ok(rolesOf(org, clientOf(call).id).map((role) => roleAnswer(org, role))),
  );
  operation(server, org, { id: 'assignRoleToClient', method: 'POST', path, scope: manage }, (call) => {
    const client = clientOf(call);
    if (asObject(client.settings.oauthClient).application_type !== 'service') throw new OktaError('E0000227');
    const role = assignSentRole(org, 'client', client.id, asObject(call.body));
    logPrivilege(call, 'grant');
    return ok(roleAnswer(org, role));
  });
  operation(server, org, { id: 'retrieveClientRole', method: 'GET', path: `${path}/:roleId`, scope: read }, (call) =>
    ok(roleAnswer(org, roleOf(call))),
  );
  operation(
    server,
    org,
    { id: 'deleteRoleFromClient', method: 'DELETE', path: `${path}/:roleId`, scope: manage },
    (call) => {
      org.roleAssignments.delete(roleOf(call).id);
      logPrivilege(call, 'revoke');
      return noContent();
    },
  );
  registerRoleTargets(server, org, { kind: 'client', path, idOf: (call) => clientOf(call).id });
}

function roleOf(call: Call): RoleAssignment {
  const id = call.params.roleId ?? '';
  const role = rolesOf(call.org, clientOf(call).id).find((entry) => entry.roleId === id || entry.id === id);
  if (role === undefined) throw notFound(id, 'RoleAssignment');
  return role;
}

function logPrivilege(call: Call, what: 'grant' | 'revoke'): void {
  const client = clientOf(call);
  const target = { id: client.id, type: 'PublicClientApp', alternateId: client.id, displayName: client.label };
  call.org.log.write({ eventType: `user.account.privilege.${what}`, actor: call.actor, target: [target] });
}
