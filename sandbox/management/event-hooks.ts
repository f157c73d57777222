import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { EventHook, Json } from '../core/records.js';
import { asObject, asText, asTexts, type Call, noContent, ok, operation } from '../core/routing.js';
import type { LogTarget } from '../core/system-log.js';

const manage = 'okta.eventHooks.manage';
const read = 'okta.eventHooks.read';
const mostHooks = 25;
const mostTypes = 300;

/** Event types that the System Log has and hooks cannot carry, as patterns. */
const notEligible = [
  /^application\.provision\.user\.(deactivate|deprovision|activate|verify_exists|push_password)$/,
  /^application\.user_membership\.(provision|deprovision|revoke)$/,
  /^application\.integration\./,
  /^application\.configuration\./,
  /^app\.user_management\./,
  /^user\.authentication\.auth_via_inbound_SAML$/,
  /^user\.lifecycle\.jit\./,
  /^application\.provision\.group/,
  /^app\.(generic|oauth2)\./,
  /^event_hook\./,
  /^directory\./,
  /^group\.user_membership\.rule\./,
  /^policy\.lifecycle\.(create|delete)$/,
  /^user\.lifecycle\.delete\.completed$/,
];

/** Whether an event hook can carry events of this type. */
export function isEligible(eventType: string): boolean {
  return /^[a-z0-9_]+(\.[A-Za-z0-9_]+)+$/.test(eventType) && !notEligible.some((pattern) => pattern.test(eventType));
}

/** Registers event hooks. */
export function registerEventHooks(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/eventHooks';
  const hook = (call: Call): EventHook => {
    const found = org.eventHooks.get(call.params.eventHookId ?? '');
    if (found === undefined) throw notFound(call.params.eventHookId ?? '', 'EventHook');
    return found;
  };
  operation(server, org, { id: 'listEventHooks', method: 'GET', path, scope: read }, () =>
    ok(org.eventHooks.all().map((entry) => hookAnswer(org, entry))),
  );
  operation(server, org, { id: 'createEventHook', method: 'POST', path, scope: manage }, (call) => {
    if (org.eventHooks.size >= mostHooks)
      throw invalid('eventHook', `At most ${mostHooks} event hooks can be created.`);
    const now = org.clock.iso();
    const added = org.eventHooks.add({
      id: newId('who'),
      status: 'ACTIVE',
      verificationStatus: 'UNVERIFIED',
      created: now,
      createdBy: call.actor.id,
      lastUpdated: now,
      ...checkedHook(org, asObject(call.body)),
    });
    org.log.write({ eventType: 'event_hook.created', actor: call.actor, target: [hookTarget(added)] });
    return ok(hookAnswer(org, added));
  });
  operation(server, org, { id: 'getEventHook', method: 'GET', path: `${path}/:eventHookId`, scope: read }, (call) =>
    ok(hookAnswer(org, hook(call))),
  );
  operation(
    server,
    org,
    { id: 'replaceEventHook', method: 'PUT', path: `${path}/:eventHookId`, scope: manage },
    (call) => {
      const found = hook(call);
      const next = checkedHook(org, asObject(call.body), found);
      if (uriOf(next.channel) !== uriOf(found.channel)) found.verificationStatus = 'UNVERIFIED';
      Object.assign(found, next, { secret: next.secret ?? found.secret, lastUpdated: org.clock.iso() });
      org.log.write({ eventType: 'event_hook.updated', actor: call.actor, target: [hookTarget(found)] });
      return ok(hookAnswer(org, found));
    },
  );
  operation(
    server,
    org,
    { id: 'deleteEventHook', method: 'DELETE', path: `${path}/:eventHookId`, scope: manage },
    (call) => {
      const found = hook(call);
      if (found.status === 'ACTIVE') throw invalid('status', 'An active event hook cannot be deleted.');
      org.eventHooks.delete(found.id);
      org.log.write({ eventType: 'event_hook.deleted', actor: call.actor, target: [hookTarget(found)] });
      return noContent();
    },
  );
  for (const [id, name, status, eventType] of [
    ['activateEventHook', 'activate', 'ACTIVE', 'event_hook.activated'],
    ['deactivateEventHook', 'deactivate', 'INACTIVE', 'event_hook.deactivated'],
  ] as const) {
    operation(
      server,
      org,
      { id, method: 'POST', path: `${path}/:eventHookId/lifecycle/${name}`, scope: manage },
      (call) => {
        const found = hook(call);
        found.status = status;
        found.lastUpdated = org.clock.iso();
        org.log.write({ eventType, actor: call.actor, target: [hookTarget(found)] });
        return ok(hookAnswer(org, found));
      },
    );
  }
  operation(
    server,
    org,
    { id: 'verifyEventHook', method: 'POST', path: `${path}/:eventHookId/lifecycle/verify`, scope: manage },
    async (call) => {
      const found = hook(call);
      const verified =
        org.settings.openConnections || org.verifyEventHook === undefined || (await org.verifyEventHook(found));
      if (!verified)
        throw invalid(
          'verification',
          'Verification of the event hook failed: the endpoint did not answer with the challenge.',
        );
      found.verificationStatus = 'VERIFIED';
      found.lastUpdated = org.clock.iso();
      org.log.write({ eventType: 'event_hook.verified', actor: call.actor, target: [hookTarget(found)] });
      return ok(hookAnswer(org, found));
    },
  );
}

function hookTarget(hook: EventHook): LogTarget {
  return { id: hook.id, type: 'EventHook', alternateId: 'unknown', displayName: hook.name };
}

function uriOf(channel: Json): unknown {
  return asObject(channel.config).uri;
}

type Checked = Pick<EventHook, 'name' | 'description' | 'events' | 'channel' | 'secret'>;

function checkedHook(org: Org, body: Json, hook?: EventHook): Checked {
  const name = asText(body.name) ?? '';
  if (name.trim() === '') throw invalid('name', 'name: The field cannot be left blank');
  const owner = org.eventHooks.find((entry) => entry.name === name);
  if (owner !== undefined && owner !== hook)
    throw invalid('name', 'name: An object with this field already exists in the current organization');
  const events = asObject(body.events);
  const items = asTexts(events.items);
  if (items.length === 0 || items.length > mostTypes)
    throw invalid('events.items', `events.items: 1 to ${mostTypes} event types must be given.`);
  const refused = items.filter((item) => !isEligible(item));
  if (refused.length > 0)
    throw invalid('events.items', ...refused.map((item) => `events.items: '${item}' is not eligible for event hooks.`));
  const channel = asObject(body.channel);
  const config = asObject(channel.config);
  const uri = asText(config.uri) ?? '';
  if (!/^https?:\/\//.test(uri))
    throw invalid('channel.config.uri', 'channel.config.uri: The field cannot be left blank');
  const scheme = asObject(config.authScheme);
  return {
    name,
    description: asText(body.description) ?? null,
    events: { type: 'EVENT_TYPE', items, filter: events.filter ?? null },
    channel: {
      type: 'HTTP',
      version: asText(channel.version) ?? '1.0.0',
      config: {
        uri,
        headers: Array.isArray(config.headers) ? config.headers : [],
        method: 'POST',
        authScheme: { type: scheme.type ?? 'HEADER', key: scheme.key ?? 'Authorization' },
      },
    },
    secret: asText(scheme.value) ?? null,
  };
}

function hookAnswer(org: Org, hook: EventHook): Json {
  const path = `/eventHooks/${hook.id}`;
  const active = hook.status === 'ACTIVE';
  return {
    id: hook.id,
    status: hook.status,
    verificationStatus: hook.verificationStatus,
    name: hook.name,
    description: hook.description,
    created: hook.created,
    createdBy: hook.createdBy,
    lastUpdated: hook.lastUpdated,
    events: hook.events,
    channel: hook.channel,
    _links: {
      self: link(org, path),
      ...(active
        ? {
            verify: link(org, `${path}/lifecycle/verify`, 'POST'),
            deactivate: link(org, `${path}/lifecycle/deactivate`, 'POST'),
          }
        : { activate: link(org, `${path}/lifecycle/activate`, 'POST'), delete: link(org, path, 'DELETE') }),
    },
  };
}
