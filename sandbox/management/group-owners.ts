import type { FastifyInstance } from 'fastify';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { asObject, asText, type Call, created, fullName, noContent, ok, operation } from '../core/routing.js';
import { groupOf } from './groups.js';
import { userOf } from './user-store.js';

interface Owner {
  readonly id: string;
  readonly type: 'USER' | 'GROUP';
}

/** Registers the owners of groups: users and groups. */
export function registerGroupOwners(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/groups/:groupId/owners';
  const owners = new Map<string, Owner[]>();
  const group = (call: Call) => groupOf(org, call.params.groupId ?? '');
  const answer = (owner: Owner): Json => ({
    id: owner.id,
    type: owner.type,
    resolved: true,
    originId: null,
    originType: 'OKTA_DIRECTORY',
    displayName:
      owner.type === 'USER'
        ? fullName(org.users.get(owner.id)?.profile ?? {})
        : String(org.groups.get(owner.id)?.profile.name ?? ''),
    lastUpdated: org.clock.iso(),
  });

  operation(server, org, { id: 'listGroupOwners', method: 'GET', path, scope: 'okta.groups.read' }, (call) =>
    ok((owners.get(group(call).id) ?? []).map(answer)),
  );
  operation(server, org, { id: 'assignGroupOwner', method: 'POST', path, scope: 'okta.groups.manage' }, (call) => {
    const { id, type } = asObject(call.body);
    if (type !== 'USER' && type !== 'GROUP') throw invalid('type', 'type: must be USER or GROUP');
    const owner: Owner = {
      id: type === 'USER' ? userOf(org, asText(id) ?? '').id : groupOf(org, asText(id) ?? '').id,
      type,
    };
    const present = owners.get(group(call).id) ?? [];
    if (present.some((entry) => entry.id === owner.id))
      throw invalid('id', 'The provided owner is already assigned to this group');
    owners.set(group(call).id, [...present, owner]);
    return created(answer(owner));
  });
  operation(
    server,
    org,
    { id: 'deleteGroupOwner', method: 'DELETE', path: `${path}/:ownerId`, scope: 'okta.groups.manage' },
    (call) => {
      const present = owners.get(group(call).id) ?? [];
      const left = present.filter((entry) => entry.id !== call.params.ownerId);
      if (left.length === present.length) throw notFound(call.params.ownerId ?? '', 'GroupOwner');
      owners.set(group(call).id, left);
      return noContent();
    },
  );
}
