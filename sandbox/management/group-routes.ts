import type { FastifyInstance } from 'fastify';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { cursorOf, limitOf, type PageLimits, pageHeaders, pageOf, takePage } from '../core/pagination.js';
import type { Group, User } from '../core/records.js';
import { type Answer, asObject, type Call, noContent, ok, operation } from '../core/routing.js';
import { appAnswer } from './app-answer.js';
import { type FilterRules, matches, type Operator, parseFilter } from './filter.js';
import { addMember, memberIds, removeMember } from './group-members.js';
import { createGroup, deleteGroup, groupAnswer, groupOf, readOnly, replaceGroup } from './groups.js';
import { userListAnswer } from './user-answer.js';
import { userOf } from './user-store.js';

const manage = 'okta.groups.manage';
const read = 'okta.groups.read';
const listLimits: PageLimits = { standard: 10_000, most: 10_000 };
const memberLimits: PageLimits = { standard: 1000, most: 1000, selfWithLimit: true };
const appLimits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };

const operators: readonly Operator[] = ['eq', 'sw', 'co', 'gt', 'ge', 'lt', 'le', 'pr'];
const attributes = /^(id|type|created|lastUpdated|lastMembershipUpdated|source\.id|profile\.\w+)$/;
const searchRules: FilterRules = {
  operators: (attribute) => (attributes.test(attribute) ? operators : undefined),
  refuse: (reason) => new OktaError('E0000031', '', [reason]),
};

/** Registers groups, their members and apps. */
export function registerGroups(server: FastifyInstance, org: Org): void {
  const group = (call: Call) => groupOf(org, call.params.groupId ?? '');
  const path = '/api/v1/groups';

  operation(server, org, { id: 'listGroups', method: 'GET', path, scope: read }, listGroups);
  operation(server, org, { id: 'addGroup', method: 'POST', path, scope: manage }, (call) =>
    ok(groupAnswer(org, createGroup(org, asObject(call.body), call.actor))),
  );
  operation(server, org, { id: 'getGroup', method: 'GET', path: `${path}/:groupId`, scope: read }, (call) =>
    ok(groupAnswer(org, group(call))),
  );
  operation(server, org, { id: 'replaceGroup', method: 'PUT', path: `${path}/:groupId`, scope: manage }, (call) => {
    const found = group(call);
    replaceGroup(org, found, asObject(call.body), call.actor);
    return ok(groupAnswer(org, found));
  });
  operation(server, org, { id: 'deleteGroup', method: 'DELETE', path: `${path}/:groupId`, scope: manage }, (call) => {
    deleteGroup(org, group(call), call.actor);
    return noContent();
  });
  operation(server, org, { id: 'listGroupUsers', method: 'GET', path: `${path}/:groupId/users`, scope: read }, (call) =>
    listMembers(call, group(call)),
  );
  operation(
    server,
    org,
    { id: 'assignUserToGroup', method: 'PUT', path: `${path}/:groupId/users/:userId`, scope: manage },
    (call) => {
      const found = group(call);
      const user = userOf(org, call.params.userId ?? '', call.actor);
      if (found.type !== 'OKTA_GROUP') throw readOnly(found);
      if (user.status === 'DEPROVISIONED') throw new OktaError('E0000038');
      addMember(org, found, user, call.actor);
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: 'unassignUserFromGroup', method: 'DELETE', path: `${path}/:groupId/users/:userId`, scope: manage },
    (call) => {
      const found = group(call);
      if (found.type !== 'OKTA_GROUP') throw readOnly(found);
      removeMember(org, found, userOf(org, call.params.userId ?? '', call.actor), call.actor);
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: 'listAssignedApplicationsForGroup', method: 'GET', path: `${path}/:groupId/apps`, scope: read },
    (call) => {
      const apps = org.appsOfGroup.get(group(call).id)?.after(cursorOf(call, /^0oa/)) ?? [];
      const page = takePage(apps, limitOf(call, appLimits), (id) => id);
      const answers = page.items.flatMap((id) => org.apps.get(id) ?? []).map((app) => appAnswer(org, app));
      return ok(answers, pageHeaders(call, page.next, appLimits));
    },
  );
}

function listGroups(call: Call): Answer {
  const { org, query } = call;
  const text = query.search ?? query.filter;
  const filter = text === undefined || text === '' ? undefined : parseFilter(text, searchRules);
  const prefix = query.q?.toLowerCase() ?? '';
  const page = pageOf(call, org.groups, listLimits, /^00g[0-9A-Za-z]{17}$/, (group) => {
    if (prefix !== '' && !String(group.profile.name).toLowerCase().startsWith(prefix)) return false;
    return filter === undefined || matches(filter, (attribute) => attributeOf(group, attribute));
  });
  const stats = (query.expand ?? '').includes('stats');
  const answers = page.items.map((group) => {
    const answer = groupAnswer(org, group);
    return stats ? { ...answer, _embedded: { stats: statsOf(org, group) } } : answer;
  });
  return ok(answers, pageHeaders(call, page.next, listLimits));
}

function listMembers(call: Call, group: Group): Answer {
  const { org } = call;
  const page = takePage(
    members(org, group, cursorOf(call, /^00u[0-9A-Za-z]{17}$/)),
    limitOf(call, memberLimits),
    (user) => user.id,
  );
  return ok(
    page.items.map((user) => userListAnswer(org, user)),
    pageHeaders(call, page.next, memberLimits),
  );
}

function* members(org: Org, group: Group, after: string | undefined): Generator<User> {
  for (const id of memberIds(org, group, after)) {
    const user = org.users.get(id);
    if (user !== undefined && user.status !== 'DEPROVISIONED') yield user;
  }
}

function statsOf(org: Org, group: Group) {
  const usersCount = group.id === org.everyoneGroupId ? org.users.size : (org.groupMembers.get(group.id)?.size ?? 0);
  return {
    usersCount,
    appsCount: org.appsOfGroup.get(group.id)?.size ?? 0,
    groupPushMappingsCount: [...org.groupPushMappings.values()].reduce(
      (sum, mappings) => sum + mappings.filter((mapping) => mapping.sourceGroupId === group.id).length,
      0,
    ),
    hasAdminPrivilege: org.roleAssignments.find((role) => role.principalId === group.id) !== undefined,
  };
}

function attributeOf(group: Group, attribute: string): unknown {
  if (attribute.startsWith('profile.')) return group.profile[attribute.slice('profile.'.length)];
  if (attribute === 'source.id') return group.sourceAppId;
  const values: Record<string, unknown> = {
    id: group.id,
    type: group.type,
    created: group.created,
    lastUpdated: group.lastUpdated,
    lastMembershipUpdated: group.lastMembershipUpdated,
  };
  return values[attribute];
}
