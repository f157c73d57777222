import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders } from '../core/pagination.js';
import type { Json, Policy } from '../core/records.js';
import { asObject, asText, type Call, isObject, noContent, ok, operation } from '../core/routing.js';
import type { LogTarget } from '../core/system-log.js';
import { addCatchAllRule, addPolicy } from './policy-store.js';

const manage = 'okta.policies.manage';
const read = 'okta.policies.read';
const limits: PageLimits = { standard: 1000, most: 1000 };

/** Types that hang on single apps: their policies can be mapped and know no order among each other. */
const appTypes = ['ACCESS_POLICY', 'PROFILE_ENROLLMENT'];
const types = [
  ...appTypes,
  'OKTA_SIGN_ON',
  'PASSWORD',
  'MFA_ENROLL',
  'IDP_DISCOVERY',
  'POST_AUTH_SESSION',
  'ENTITY_RISK',
  'RESOURCE_ACCESS',
  'DEVICE_SIGNAL_COLLECTION',
];

/** @throws OktaError E0000007 */
export function policyOf(org: Org, id: string): Policy {
  const policy = org.policies.get(id);
  if (policy === undefined) throw notFound(id, 'Policy');
  return policy;
}

export function policyTarget(policy: Policy): LogTarget {
  return { id: policy.id, type: 'PolicyEntity', alternateId: 'unknown', displayName: policy.name };
}

/** Registers policies. */
export function registerPolicies(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/policies';
  const policy = (call: Call) => policyOf(org, call.params.policyId ?? '');

  operation(server, org, { id: 'listPolicies', method: 'GET', path, scope: read }, (call) => {
    const { type = '', status = '' } = call.query;
    if (type === '') throw new OktaError('E0000028');
    if (!types.includes(type)) throw invalid('type', `The value '${type}' is not a policy type.`);
    const found = org.policies.filter((entry) => entry.type === type && (status === '' || entry.status === status));
    found.sort((a, b) => a.priority - b.priority);
    return ok(
      found.map((entry) => policyAnswer(org, entry)),
      pageHeaders(call, undefined, limits),
    );
  });
  operation(server, org, { id: 'createPolicy', method: 'POST', path, scope: manage }, (call) => {
    const body = asObject(call.body);
    const type = asText(body.type) ?? '';
    if (!types.includes(type)) throw invalid('type', 'type: The field cannot be left blank');
    const others = org.policies.filter((entry) => entry.type === type && !entry.system).length;
    const added = addPolicy(org, {
      type,
      name: checkedName(org, body, type),
      description: asText(body.description) ?? null,
      priority: appTypes.includes(type) ? 1 : typeof body.priority === 'number' ? body.priority : others + 1,
      conditions: isObject(body.conditions) ? body.conditions : null,
      settings: isObject(body.settings) ? body.settings : null,
      status: call.query.activate === 'false' || body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    });
    addCatchAllRule(org, added);
    org.log.write({ eventType: 'policy.lifecycle.create', actor: call.actor, target: [policyTarget(added)] });
    return ok(policyAnswer(org, added));
  });
  operation(server, org, { id: 'getPolicy', method: 'GET', path: `${path}/:policyId`, scope: read }, (call) =>
    ok(policyAnswer(org, policy(call))),
  );
  operation(server, org, { id: 'replacePolicy', method: 'PUT', path: `${path}/:policyId`, scope: manage }, (call) => {
    const found = policy(call);
    const body = asObject(call.body);
    found.name = found.system ? found.name : checkedName(org, body, found.type, found);
    found.description = asText(body.description) ?? null;
    if (typeof body.priority === 'number' && !found.system) found.priority = body.priority;
    found.conditions = isObject(body.conditions) ? body.conditions : found.conditions;
    found.settings = isObject(body.settings) ? body.settings : found.settings;
    found.lastUpdated = org.clock.iso();
    org.log.write({ eventType: 'policy.lifecycle.update', actor: call.actor, target: [policyTarget(found)] });
    return ok(policyAnswer(org, found));
  });
  operation(server, org, { id: 'deletePolicy', method: 'DELETE', path: `${path}/:policyId`, scope: manage }, (call) => {
    const found = policy(call);
    refuseSystem(found);
    org.policies.delete(found.id);
    for (const app of org.apps.filter((entry) => entry.accessPolicyId === found.id)) {
      app.accessPolicyId = org.policies.find((entry) => entry.type === 'ACCESS_POLICY' && entry.system)?.id ?? null;
    }
    org.log.write({ eventType: 'policy.lifecycle.delete', actor: call.actor, target: [policyTarget(found)] });
    return noContent();
  });
  for (const [id, name, status] of [
    ['activatePolicy', 'activate', 'ACTIVE'],
    ['deactivatePolicy', 'deactivate', 'INACTIVE'],
  ] as const) {
    operation(
      server,
      org,
      { id, method: 'POST', path: `${path}/:policyId/lifecycle/${name}`, scope: manage },
      (call) => {
        const found = policy(call);
        if (status === 'INACTIVE') refuseSystem(found);
        found.status = status;
        found.lastUpdated = org.clock.iso();
        org.log.write({ eventType: `policy.lifecycle.${name}`, actor: call.actor, target: [policyTarget(found)] });
        return noContent();
      },
    );
  }
}

/** @throws OktaError E0000001 for a policy that belongs to Okta */
function refuseSystem(policy: Policy): void {
  if (policy.system) throw invalid('policy', 'The default policy cannot be changed this way.');
}

function checkedName(org: Org, body: Json, type: string, policy?: Policy): string {
  const name = asText(body.name) ?? '';
  if (name.trim() === '') throw invalid('name', 'name: The field cannot be left blank');
  const owner = org.policies.find((entry) => entry.type === type && entry.name === name);
  if (owner !== undefined && owner !== policy) throw invalid('name', `Policy name already in use`);
  return name;
}

/** The policy as Okta answers it. */
export function policyAnswer(org: Org, policy: Policy): Json {
  const path = `/policies/${policy.id}`;
  const next = policy.status === 'ACTIVE' ? 'deactivate' : 'activate';
  const ofApps = appTypes.includes(policy.type);
  const own = ['GET', 'PUT', ...(policy.system ? [] : ['DELETE'])];
  return {
    id: policy.id,
    status: policy.status,
    name: policy.name,
    ...(policy.description === null ? {} : { description: policy.description }),
    priority: policy.priority,
    system: policy.system,
    conditions: policy.conditions,
    ...(policy.settings === null ? {} : { settings: policy.settings }),
    created: policy.created,
    lastUpdated: policy.lastUpdated,
    _links: {
      ...(ofApps && !policy.system ? { mappings: link(org, `${path}/mappings`, 'GET', 'POST') } : {}),
      self: link(org, path, ...own),
      rules: link(org, `${path}/rules`, 'GET', 'POST'),
      ...(policy.system ? {} : { [next]: link(org, `${path}/lifecycle/${next}`, 'POST') }),
    },
    ...(ofApps ? { _embedded: { resourceType: 'APP' } } : {}),
    type: policy.type,
  };
}
