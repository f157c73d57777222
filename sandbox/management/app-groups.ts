import type { FastifyInstance } from 'fastify';
import { apiUrl } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { AppGroup, Json } from '../core/records.js';
import { asObject, asText, type Call, isObject, noContent, ok, operation } from '../core/routing.js';
import { appGroupsOf, assignGroupToApp, unassignGroup } from './app-assignments.js';
import { appOf } from './apps.js';
import { groupAnswer, groupOf } from './groups.js';

const manage = 'okta.apps.manage';
const read = 'okta.apps.read';
const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };

/** The assignment of a group to an app as Okta answers it. */
function appGroupAnswer(org: Org, assignment: AppGroup, expand = ''): Json {
  const { id, appId } = assignment;
  const group = org.groups.get(id);
  return {
    id,
    lastUpdated: assignment.lastUpdated,
    priority: assignment.priority,
    profile: assignment.profile,
    _links: {
      app: { href: apiUrl(org, `/apps/${appId}`) },
      self: { href: apiUrl(org, `/apps/${appId}/groups/${id}`) },
      group: { href: apiUrl(org, `/groups/${id}`) },
    },
    ...(expand === 'group' && group !== undefined ? { _embedded: { group: groupAnswer(org, group) } } : {}),
  };
}

/** Registers the assignments of apps to groups. */
export function registerAppGroups(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/groups';
  const app = (call: Call) => appOf(org, call.params.appId ?? '');
  const assignment = (call: Call): AppGroup => {
    const id = call.params.groupId ?? '';
    const found = org.appGroups.get(app(call).id)?.get(id);
    if (found === undefined) throw notFound(id, 'AppGroup');
    return found;
  };

  operation(server, org, { id: 'listApplicationGroupAssignments', method: 'GET', path, scope: read }, (call) => {
    const prefix = call.query.q?.toLowerCase() ?? '';
    const page = pageOf(call, appGroupsOf(org, app(call).id), limits, /^00g[0-9A-Za-z]{17}$/, (entry) =>
      String(org.groups.get(entry.id)?.profile.name ?? '')
        .toLowerCase()
        .startsWith(prefix),
    );
    return ok(
      page.items.map((entry) => appGroupAnswer(org, entry, call.query.expand)),
      pageHeaders(call, page.next, limits),
    );
  });
  operation(
    server,
    org,
    { id: 'getApplicationGroupAssignment', method: 'GET', path: `${path}/:groupId`, scope: read },
    (call) => ok(appGroupAnswer(org, assignment(call), call.query.expand)),
  );
  operation(
    server,
    org,
    { id: 'assignGroupToApplication', method: 'PUT', path: `${path}/:groupId`, scope: manage },
    (call) => {
      const found = app(call);
      const group = groupOf(org, call.params.groupId ?? '');
      const { priority, profile } = asObject(call.body);
      const assigned = assignGroupToApp(
        org,
        found,
        group.id,
        {
          ...(typeof priority === 'number' ? { priority } : {}),
          ...(isObject(profile) ? { profile } : {}),
        },
        call.actor,
      );
      return ok(appGroupAnswer(org, assigned));
    },
  );
  operation(
    server,
    org,
    { id: 'updateGroupAssignmentToApplication', method: 'PATCH', path: `${path}/:groupId`, scope: manage },
    (call) => {
      const found = assignment(call);
      patch(found, Array.isArray(call.body) ? call.body : []);
      found.lastUpdated = org.clock.iso();
      return ok(appGroupAnswer(org, found));
    },
  );
  operation(
    server,
    org,
    { id: 'unassignApplicationFromGroup', method: 'DELETE', path: `${path}/:groupId`, scope: manage },
    (call) => {
      unassignGroup(org, app(call), assignment(call).id, call.actor);
      return noContent();
    },
  );
}

/** Carries out JSON Patch operations on priority and profile. */
function patch(assignment: AppGroup, operations: readonly unknown[]): void {
  for (const entry of operations) {
    const { op, path, value } = asObject(entry);
    const name = /^\/profile\/(\w+)$/.exec(asText(path) ?? '')?.[1];
    if (op !== 'replace' && op !== 'add' && op !== 'remove')
      throw invalid('op', `op: '${String(op)}' is not supported.`);
    if (path === '/priority' && typeof value === 'number') assignment.priority = value;
    else if (path === '/profile' && isObject(value)) assignment.profile = value;
    else if (name !== undefined && op === 'remove') delete assignment.profile[name];
    else if (name !== undefined) assignment.profile[name] = value;
    else throw invalid('path', `path: '${String(path)}' is not supported.`);
  }
}
