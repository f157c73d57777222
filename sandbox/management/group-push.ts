import type { FastifyInstance } from 'fastify';
import { Collection } from '../core/collection.js';
import { newId } from '../core/ids.js';
import { apiUrl } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { App, GroupPushMapping, Json } from '../core/records.js';
import { asObject, asText, type Call, ok, operation } from '../core/routing.js';
import type { LogActor } from '../core/system-log.js';
import { appTarget } from './app-assignments.js';
import { appOf } from './apps.js';
import { supportsConnections } from './connections.js';
import { groupTarget } from './group-members.js';
import { addGroup, groupOf } from './groups.js';

const manage = 'okta.apps.manage';
const read = 'okta.apps.read';
const limits: PageLimits = { standard: 100, most: 1000, selfWithLimit: true };

/** Registers the pushing of groups into an app. */
export function registerGroupPush(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/group-push/mappings';
  const app = (call: Call) => appOf(org, call.params.appId ?? '');
  const mapping = (call: Call): GroupPushMapping => {
    const id = call.params.mappingId ?? '';
    const found = org.groupPushMappings.get(app(call).id)?.get(id);
    if (found === undefined) throw notFound(id, 'GroupPushMapping');
    return found;
  };

  operation(server, org, { id: 'listGroupPushMappings', method: 'GET', path, scope: read }, (call) => {
    const { sourceGroupId, status, lastUpdated } = call.query;
    const page = pageOf(call, mappingsOf(org, app(call)), limits, /^gPm/, (entry) => {
      if (sourceGroupId !== undefined && sourceGroupId !== '' && entry.sourceGroupId !== sourceGroupId) return false;
      if (status !== undefined && status !== '' && entry.status !== status) return false;
      return lastUpdated === undefined || lastUpdated === '' || entry.lastUpdated >= lastUpdated;
    });
    return ok(
      page.items.map((entry) => answerOf(org, entry)),
      pageHeaders(call, page.next, limits),
    );
  });
  operation(
    server,
    org,
    { id: 'getGroupPushMapping', method: 'GET', path: `${path}/:mappingId`, scope: read },
    (call) => ok(answerOf(org, mapping(call))),
  );
  operation(server, org, { id: 'createGroupPushMapping', method: 'POST', path, scope: manage }, (call) =>
    ok(answerOf(org, createMapping(org, app(call), asObject(call.body), call.actor))),
  );
  operation(
    server,
    org,
    { id: 'updateGroupPushMapping', method: 'PATCH', path: `${path}/:mappingId`, scope: manage },
    (call) => {
      const found = mapping(call);
      const { status } = asObject(call.body);
      if (status !== 'ACTIVE' && status !== 'INACTIVE') throw invalid('status', 'status: must be ACTIVE or INACTIVE');
      if (found.status !== status) {
        found.status = status;
        found.lastUpdated = org.clock.iso();
        const eventType =
          status === 'ACTIVE'
            ? 'application.provision.group_push.activate_mapping'
            : 'application.provision.group_push.deactivate_mapping';
        org.log.write({ eventType, actor: call.actor, target: [appTarget(app(call))] });
        org.events.emit({ type: 'groupPushMapping.updated', appId: found.appId, mappingId: found.id });
      }
      return ok(answerOf(org, found));
    },
  );
  operation(
    server,
    org,
    { id: 'deleteGroupPushMapping', method: 'DELETE', path: `${path}/:mappingId`, scope: manage },
    (call) => {
      const found = mapping(call);
      const { deleteTargetGroup } = call.query;
      if (deleteTargetGroup !== 'true' && deleteTargetGroup !== 'false')
        throw invalid('deleteTargetGroup', 'deleteTargetGroup: The field cannot be left blank');
      if (found.status === 'ACTIVE')
        throw invalid('status', 'The group push mapping must be inactive before it is deleted.');
      org.groupPushMappings.get(found.appId)?.delete(found.id);
      if (deleteTargetGroup === 'true' && org.groups.get(found.targetGroupId ?? '')?.sourceAppId === found.appId)
        org.groups.delete(found.targetGroupId ?? '');
      org.log.write({
        eventType: 'application.provision.group_push.removed',
        actor: call.actor,
        target: [appTarget(app(call))],
      });
      org.events.emit({
        type: 'groupPushMapping.deleted',
        appId: found.appId,
        mappingId: found.id,
        deleteTargetGroup: deleteTargetGroup === 'true',
      });
      return { status: 200 };
    },
  );
}

function mappingsOf(org: Org, app: App): Collection<GroupPushMapping> {
  const known = org.groupPushMappings.get(app.id) ?? new Collection<GroupPushMapping>();
  org.groupPushMappings.set(app.id, known);
  return known;
}

/**
 * Creates a mapping. Where no connection carries groups into another system, the app's group is made at once; else the
 * push gives the target group.
 */
function createMapping(org: Org, app: App, body: Json, actor: LogActor): GroupPushMapping {
  const source = groupOf(org, asText(body.sourceGroupId) ?? '');
  const targetGroupId = asText(body.targetGroupId) ?? null;
  const targetGroupName = asText(body.targetGroupName) ?? null;
  if (targetGroupId === null && targetGroupName === null)
    throw invalid('targetGroup', 'Either targetGroupId or targetGroupName must be given.');
  const mappings = mappingsOf(org, app);
  if (mappings.find((entry) => entry.sourceGroupId === source.id) !== undefined) {
    throw invalid('sourceGroupId', 'A group push mapping for this source group already exists.');
  }
  const now = org.clock.iso();
  const ownGroup =
    targetGroupId === null && !supportsConnections(app)
      ? addGroup(org, { name: targetGroupName, description: null }, 'APP_GROUP', app.id)
      : undefined;
  const mapping = mappings.add({
    id: newId('gPm'),
    appId: app.id,
    sourceGroupId: source.id,
    targetGroupId: targetGroupId ?? ownGroup?.id ?? null,
    targetGroupName,
    status: body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    errorSummary: null,
    created: now,
    lastUpdated: now,
    lastPush: null,
  });
  org.log.write({
    eventType: 'application.provision.group_push.mapping.created',
    actor,
    target: [appTarget(app), groupTarget(source)],
  });
  org.events.emit({ type: 'groupPushMapping.created', appId: app.id, mappingId: mapping.id });
  return mapping;
}

/** These times have no fraction of a second, unlike those of other objects. */
function withoutMillis(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

function answerOf(org: Org, mapping: GroupPushMapping): Json {
  const { appId, sourceGroupId, targetGroupId } = mapping;
  return {
    created: withoutMillis(mapping.created),
    id: mapping.id,
    lastUpdated: withoutMillis(mapping.lastUpdated),
    ...(mapping.lastPush === null ? {} : { lastPush: withoutMillis(mapping.lastPush) }),
    ...(mapping.errorSummary === null ? {} : { errorSummary: mapping.errorSummary }),
    sourceGroupId,
    status: mapping.status,
    ...(targetGroupId === null ? {} : { targetGroupId }),
    _links: {
      app: { href: apiUrl(org, `/apps/${appId}`) },
      sourceGroup: { href: apiUrl(org, `/groups/${sourceGroupId}`) },
      ...(targetGroupId === null ? {} : { targetGroup: { href: apiUrl(org, `/groups/${targetGroupId}`) } }),
    },
  };
}
