import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, PrincipalKind, RoleAssignment } from '../core/records.js';
import { asObject, asText, asTexts, type Call, noContent, ok, operation } from '../core/routing.js';
import { customRoleOf } from './custom-roles.js';
import { resourceSetOf } from './resource-sets.js';
import { assignCustomRole, holderUrl } from './roles.js';

const read = 'okta.roles.read';
const manage = 'okta.roles.manage';
const path = '/api/v1/iam/resource-sets/:resourceSetIdOrLabel/bindings';

/** Registers who holds a custom role over a resource set. */
export function registerRoleBindings(server: FastifyInstance, org: Org): void {
  const setId = (call: Call) => resourceSetOf(org, call.params.resourceSetIdOrLabel ?? '').id;
  const self = (call: Call) => `/iam/resource-sets/${setId(call)}/bindings`;
  const bound = (call: Call) => org.roleAssignments.filter((entry) => entry.resourceSet === setId(call));
  const roleId = (call: Call): string => {
    const { id } = customRoleOf(org, call.params.roleIdOrLabel ?? '');
    if (!bound(call).some((entry) => entry.customRole === id)) throw notFound(id, 'RoleResourceSetBinding');
    return id;
  };
  const membersOf = (call: Call): RoleAssignment[] => {
    const id = roleId(call);
    return bound(call).filter((entry) => entry.customRole === id);
  };
  const memberOf = (call: Call): RoleAssignment => {
    const found = membersOf(call).find((entry) => entry.id === call.params.memberId);
    if (found === undefined) throw notFound(call.params.memberId ?? '', 'RoleResourceSetBindingMember');
    return found;
  };
  const links = (call: Call, id: string): Json => ({
    self: link(org, `${self(call)}/${id}`),
    bindings: link(org, self(call)),
    'resource-set': link(org, `/iam/resource-sets/${setId(call)}`),
  });
  const memberAnswer = (call: Call, entry: RoleAssignment): Json => ({
    id: entry.id,
    created: entry.created,
    lastUpdated: entry.lastUpdated,
    _links: {
      self: { href: holderUrl(org, entry), hints: { allow: ['GET', 'DELETE'] } },
      binding: link(org, `${self(call)}/${entry.customRole}`),
    },
  });
  const add = (call: Call, role: string, members: readonly string[]) => {
    for (const member of members) {
      const { kind, id } = principalOf(org, member);
      assignCustomRole(org, kind, id, role, setId(call));
    }
  };

  operation(server, org, { id: 'listBindings', method: 'GET', path, scope: read }, (call) => {
    const ids = [...new Set(bound(call).map((entry) => entry.customRole))];
    return ok({
      roles: ids.map((id) => ({
        id,
        _links: {
          self: link(org, `/iam/roles/${id}`, 'GET'),
          members: link(org, `${self(call)}/${id}/members`, 'GET'),
        },
      })),
      _links: { self: link(org, self(call)), 'resource-set': link(org, `/iam/resource-sets/${setId(call)}`) },
    });
  });
  operation(server, org, { id: 'createResourceSetBinding', method: 'POST', path, scope: manage }, (call) => {
    const body = asObject(call.body);
    const members = asTexts(body.members);
    if (members.length === 0) throw invalid('members', 'members: The field cannot be left blank');
    const { id } = customRoleOf(org, asText(body.role) ?? '');
    add(call, id, members);
    return ok({ id, _links: links(call, id) });
  });
  const one = `${path}/:roleIdOrLabel`;
  operation(server, org, { id: 'getBinding', method: 'GET', path: one, scope: read }, (call) => {
    const id = roleId(call);
    return ok({ id, _links: links(call, id) });
  });
  operation(server, org, { id: 'deleteBinding', method: 'DELETE', path: one, scope: manage }, (call) => {
    for (const entry of membersOf(call)) org.roleAssignments.delete(entry.id);
    return noContent();
  });
  operation(server, org, { id: 'listMembersOfBinding', method: 'GET', path: `${one}/members`, scope: read }, (call) =>
    ok({
      members: membersOf(call).map((entry) => memberAnswer(call, entry)),
      _links: { self: link(org, `${self(call)}/${roleId(call)}/members`) },
    }),
  );
  operation(
    server,
    org,
    { id: 'addMembersToBinding', method: 'PATCH', path: `${one}/members`, scope: manage },
    (call) => {
      const id = roleId(call);
      add(call, id, asTexts(asObject(call.body).additions));
      return ok({ id, _links: links(call, id) });
    },
  );
  operation(
    server,
    org,
    { id: 'getMemberOfBinding', method: 'GET', path: `${one}/members/:memberId`, scope: read },
    (call) => ok(memberAnswer(call, memberOf(call))),
  );
  operation(
    server,
    org,
    { id: 'unassignMemberFromBinding', method: 'DELETE', path: `${one}/members/:memberId`, scope: manage },
    (call) => {
      org.roleAssignments.delete(memberOf(call).id);
      return noContent();
    },
  );
}

/** The user, group or client that a member's address or resource name ends with. @throws OktaError E0000001 */
function principalOf(org: Org, member: string): { kind: PrincipalKind; id: string } {
  const id = /[^/:]+$/.exec(member)?.[0] ?? '';
  if (org.users.has(id)) return { kind: 'user', id };
  if (org.groups.has(id)) return { kind: 'group', id };
  if (org.apps.has(id)) return { kind: 'client', id };
  throw new OktaError('E0000001', 'members', [`members: '${member}' is not a member.`]);
}
