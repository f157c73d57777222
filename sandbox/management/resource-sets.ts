import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, ResourceSet, SetResource } from '../core/records.js';
import { asObject, asText, asTexts, type Call, isObject, noContent, ok, operation } from '../core/routing.js';

const read = 'okta.roles.read';
const manage = 'okta.roles.manage';
const path = '/api/v1/iam/resource-sets';

/** A resource set by id or label. @throws OktaError E0000007 */
export function resourceSetOf(org: Org, idOrLabel: string): ResourceSet {
  const found = org.resourceSets.get(idOrLabel) ?? org.resourceSets.find((set) => set.label === idOrLabel);
  if (found === undefined) throw notFound(idOrLabel, 'ResourceSet');
  return found;
}

/** Registers sets of objects that custom roles are bound to. */
export function registerResourceSets(server: FastifyInstance, org: Org): void {
  const one = `${path}/:resourceSetIdOrLabel`;
  const set = (call: Call) => resourceSetOf(org, call.params.resourceSetIdOrLabel ?? '');

  operation(server, org, { id: 'listResourceSets', method: 'GET', path, scope: read }, () =>
    ok({ 'resource-sets': org.resourceSets.all().map((entry) => setAnswer(org, entry)), _links: {} }),
  );
  operation(server, org, { id: 'createResourceSet', method: 'POST', path, scope: manage }, (call) => {
    const body = asObject(call.body);
    const now = org.clock.iso();
    const added = org.resourceSets.add({
      id: newId('iam'),
      ...namesOf(org, body),
      created: now,
      lastUpdated: now,
      resources: asTexts(body.resources).map((name) => resource(org, name, null)),
    });
    return ok(setAnswer(org, added));
  });
  operation(server, org, { id: 'getResourceSet', method: 'GET', path: one, scope: read }, (call) =>
    ok(setAnswer(org, set(call))),
  );
  operation(server, org, { id: 'replaceResourceSet', method: 'PUT', path: one, scope: manage }, (call) => {
    const found = set(call);
    Object.assign(found, namesOf(org, asObject(call.body), found), { lastUpdated: org.clock.iso() });
    return ok(setAnswer(org, found));
  });
  operation(server, org, { id: 'deleteResourceSet', method: 'DELETE', path: one, scope: manage }, (call) => {
    const { id } = set(call);
    for (const entry of org.roleAssignments.filter((bound) => bound.resourceSet === id)) {
      org.roleAssignments.delete(entry.id);
    }
    org.resourceSets.delete(id);
    return noContent();
  });
  registerResources(server, org, set);
}

function registerResources(server: FastifyInstance, org: Org, set: (call: Call) => ResourceSet): void {
  const list = `${path}/:resourceSetIdOrLabel/resources`;
  const one = `${list}/:resourceId`;
  const resourceOf = (call: Call): SetResource => {
    const found = set(call).resources.find((entry) => entry.id === call.params.resourceId);
    if (found === undefined) throw notFound(call.params.resourceId ?? '', 'Resource');
    return found;
  };
  const conditionsOf = (body: Json): Json | null => (isObject(body.conditions) ? body.conditions : null);
  const add = (owner: ResourceSet, name: string, conditions: Json | null): SetResource => {
    const known = owner.resources.find((entry) => entry.name === name);
    if (known !== undefined) return known;
    const added = resource(org, name, conditions);
    owner.resources.push(added);
    owner.lastUpdated = org.clock.iso();
    return added;
  };

  operation(server, org, { id: 'listResourceSetResources', method: 'GET', path: list, scope: read }, (call) => {
    const found = set(call);
    return ok({
      resources: found.resources.map((entry) => resourceAnswer(org, found, entry)),
      _links: { 'resource-set': link(org, `/iam/resource-sets/${found.id}`) },
    });
  });
  operation(server, org, { id: 'addResourceSetResource', method: 'POST', path: list, scope: manage }, (call) => {
    const found = set(call);
    const body = asObject(call.body);
    const added = add(found, asText(body.resourceOrnOrUrl) ?? '', conditionsOf(body));
    return ok(resourceAnswer(org, found, added));
  });
  operation(server, org, { id: 'addResourceSetResources', method: 'PATCH', path: list, scope: manage }, (call) => {
    const found = set(call);
    for (const name of asTexts(asObject(call.body).additions)) add(found, name, null);
    return ok(setAnswer(org, found));
  });
  operation(server, org, { id: 'getResourceSetResource', method: 'GET', path: one, scope: read }, (call) =>
    ok(resourceAnswer(org, set(call), resourceOf(call))),
  );
  operation(server, org, { id: 'replaceResourceSetResource', method: 'PUT', path: one, scope: manage }, (call) => {
    const found = resourceOf(call);
    found.conditions = conditionsOf(asObject(call.body));
    found.lastUpdated = org.clock.iso();
    return ok(resourceAnswer(org, set(call), found));
  });
  operation(server, org, { id: 'deleteResourceSetResource', method: 'DELETE', path: one, scope: manage }, (call) => {
    const { resources } = set(call);
    resources.splice(resources.indexOf(resourceOf(call)), 1);
    return noContent();
  });
}

/** A resource is named by its address in this org or by its Okta resource name. */
function resource(org: Org, name: string, conditions: Json | null): SetResource {
  if (!/^orn:/.test(name) && !URL.canParse(name)) {
    throw invalid('resources', `resources: '${name}' is not a resource.`);
  }
  const now = org.clock.iso();
  return { id: newId('ire'), name, conditions, created: now, lastUpdated: now };
}

function namesOf(org: Org, body: Json, set?: ResourceSet): { label: string; description: string } {
  const label = asText(body.label) ?? '';
  const description = asText(body.description) ?? '';
  if (label.trim() === '') throw invalid('label', 'label: The field cannot be left blank');
  const owner = org.resourceSets.find((entry) => entry.label === label);
  if (owner !== undefined && owner !== set) {
    throw invalid('label', 'label: A resource set with this label exists already.');
  }
  return { label, description };
}

function setAnswer(org: Org, set: ResourceSet): Json {
  const self = `/iam/resource-sets/${set.id}`;
  return {
    id: set.id,
    label: set.label,
    description: set.description,
    created: set.created,
    lastUpdated: set.lastUpdated,
    _links: {
      bindings: link(org, `${self}/bindings`),
      resources: link(org, `${self}/resources`),
      self: link(org, self),
    },
  };
}

/** The Okta resource name of an address such as `https://org/api/v1/groups/00g…`. */
function resourceName(org: Org, name: string): string {
  if (name.startsWith('orn:')) return name;
  const [kind = '', ...rest] = new URL(name).pathname.replace('/api/v1/', '').split('/');
  return ['orn:okta:directory', org.id, kind, ...rest].join(':');
}

function resourceAnswer(org: Org, set: ResourceSet, entry: SetResource): Json {
  const address = entry.name.startsWith('orn:') ? undefined : { href: entry.name };
  return {
    id: entry.id,
    orn: resourceName(org, entry.name),
    created: entry.created,
    lastUpdated: entry.lastUpdated,
    ...(entry.conditions === null ? {} : { conditions: entry.conditions }),
    _links: {
      ...(address === undefined ? {} : { resource: address }),
      self: link(org, `/iam/resource-sets/${set.id}/resources/${entry.id}`),
    },
  };
}
