import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { CustomRole, Json, RolePermission } from '../core/records.js';
import { asObject, asText, asTexts, type Call, isObject, noContent, ok, operation } from '../core/routing.js';

const read = 'okta.roles.read';
const manage = 'okta.roles.manage';
const path = '/api/v1/iam/roles';

/** A custom role by id or label. @throws OktaError E0000007 */
export function customRoleOf(org: Org, idOrLabel: string): CustomRole {
  const found = org.customRoles.get(idOrLabel) ?? org.customRoles.find((role) => role.label === idOrLabel);
  if (found === undefined) throw notFound(idOrLabel, 'IamRole');
  return found;
}

/** Registers the roles that administrators make from permissions. */
export function registerCustomRoles(server: FastifyInstance, org: Org): void {
  const role = (call: Call) => customRoleOf(org, call.params.roleIdOrLabel ?? '');

  operation(server, org, { id: 'listRoles', method: 'GET', path, scope: read }, () =>
    ok({ roles: org.customRoles.all().map((entry) => roleAnswer(org, entry)), _links: {} }),
  );
  operation(server, org, { id: 'createRole', method: 'POST', path, scope: manage }, (call) => {
    const body = asObject(call.body);
    const now = org.clock.iso();
    const permissions = asTexts(body.permissions);
    if (permissions.length === 0) throw invalid('permissions', 'permissions: The field cannot be left blank');
    const added = org.customRoles.add({
      id: newId('cr0'),
      ...namesOf(org, body),
      created: now,
      lastUpdated: now,
      permissions: permissions.map((label) => permission(org, label, null)),
    });
    const target = { id: added.id, type: 'ROLE', alternateId: 'unknown', displayName: added.label };
    org.log.write({ eventType: 'iam.role.create', actor: call.actor, target: [target] });
    return ok(roleAnswer(org, added));
  });
  operation(server, org, { id: 'getRole', method: 'GET', path: `${path}/:roleIdOrLabel`, scope: read }, (call) =>
    ok(roleAnswer(org, role(call))),
  );
  operation(
    server,
    org,
    { id: 'replaceRole', method: 'PUT', path: `${path}/:roleIdOrLabel`, scope: manage },
    (call) => {
      const found = role(call);
      Object.assign(found, namesOf(org, asObject(call.body), found), { lastUpdated: org.clock.iso() });
      return ok(roleAnswer(org, found));
    },
  );
  operation(
    server,
    org,
    { id: 'deleteRole', method: 'DELETE', path: `${path}/:roleIdOrLabel`, scope: manage },
    (call) => {
      const found = role(call);
      if (org.roleAssignments.find((entry) => entry.customRole === found.id) !== undefined) {
        throw invalid('role', 'The role cannot be deleted while it is assigned.');
      }
      org.customRoles.delete(found.id);
      return noContent();
    },
  );
  registerPermissions(server, org, role);
}

function registerPermissions(server: FastifyInstance, org: Org, role: (call: Call) => CustomRole): void {
  const list = `${path}/:roleIdOrLabel/permissions`;
  const one = `${list}/:permissionType`;
  const typeOf = (call: Call) => call.params.permissionType ?? '';
  const permissionOf = (call: Call): RolePermission => {
    const found = role(call).permissions.find((entry) => entry.label === typeOf(call));
    if (found === undefined) throw notFound(typeOf(call), 'Permission');
    return found;
  };
  const conditionsOf = (call: Call): Json | null => {
    const { conditions } = asObject(call.body);
    return isObject(conditions) ? conditions : null;
  };

  operation(server, org, { id: 'listRolePermissions', method: 'GET', path: list, scope: read }, (call) => {
    const found = role(call);
    return ok({ permissions: found.permissions.map((entry) => permissionAnswer(org, found, entry)) });
  });
  operation(server, org, { id: 'createRolePermission', method: 'POST', path: one, scope: manage }, (call) => {
    const { permissions } = role(call);
    if (!permissions.some((entry) => entry.label === typeOf(call))) {
      permissions.push(permission(org, typeOf(call), conditionsOf(call)));
    }
    return noContent();
  });
  operation(server, org, { id: 'getRolePermission', method: 'GET', path: one, scope: read }, (call) =>
    ok(permissionAnswer(org, role(call), permissionOf(call))),
  );
  operation(server, org, { id: 'replaceRolePermission', method: 'PUT', path: one, scope: manage }, (call) => {
    const found = permissionOf(call);
    found.conditions = conditionsOf(call);
    found.lastUpdated = org.clock.iso();
    return ok(permissionAnswer(org, role(call), found));
  });
  operation(server, org, { id: 'deleteRolePermission', method: 'DELETE', path: one, scope: manage }, (call) => {
    const { permissions } = role(call);
    permissions.splice(permissions.indexOf(permissionOf(call)), 1);
    return noContent();
  });
}

function permission(org: Org, label: string, conditions: Json | null): RolePermission {
  if (!/^okta(\.\w+)+$/.test(label)) throw invalid('permissions', `permissions: '${label}' is not a permission.`);
  const now = org.clock.iso();
  return { label, conditions, created: now, lastUpdated: now };
}

function namesOf(org: Org, body: Json, role?: CustomRole): { label: string; description: string } {
  const label = asText(body.label) ?? '';
  const description = asText(body.description) ?? '';
  if (label.trim() === '') throw invalid('label', 'label: The field cannot be left blank');
  if (description.trim() === '') throw invalid('description', 'description: The field cannot be left blank');
  const owner = org.customRoles.find((entry) => entry.label === label);
  if (owner !== undefined && owner !== role) {
    throw new OktaError('E0000001', 'label', ['label: A role with this label exists already.']);
  }
  return { label, description };
}

function roleAnswer(org: Org, role: CustomRole): Json {
  const self = `/iam/roles/${role.id}`;
  return {
    id: role.id,
    label: role.label,
    description: role.description,
    created: role.created,
    lastUpdated: role.lastUpdated,
    _links: { permissions: link(org, `${self}/permissions`), self: link(org, self) },
  };
}

function permissionAnswer(org: Org, role: CustomRole, entry: RolePermission): Json {
  const owner = `/iam/roles/${role.id}`;
  return {
    label: entry.label,
    created: entry.created,
    lastUpdated: entry.lastUpdated,
    conditions: entry.conditions,
    _links: { role: link(org, owner), self: link(org, `${owner}/permissions/${entry.label}`) },
  };
}
