import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, Policy, PolicyRule } from '../core/records.js';
import { asObject, asText, type Call, isObject, noContent, ok, operation } from '../core/routing.js';
import { policyOf, policyTarget } from './policies.js';
import { addRule, sortRules } from './policy-store.js';

const manage = 'okta.policies.manage';
const read = 'okta.policies.read';

/** Registers the rules of policies. */
export function registerPolicyRules(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/policies/:policyId/rules';
  const policy = (call: Call) => policyOf(org, call.params.policyId ?? '');
  const rule = (call: Call): PolicyRule => {
    const found = policy(call).rules.find((entry) => entry.id === call.params.ruleId);
    if (found === undefined) throw notFound(call.params.ruleId ?? '', 'PolicyRule');
    return found;
  };

  operation(server, org, { id: 'listPolicyRules', method: 'GET', path, scope: read }, (call) => {
    const found = policy(call);
    return ok(found.rules.map((entry) => ruleAnswer(org, found, entry)));
  });
  operation(server, org, { id: 'createPolicyRule', method: 'POST', path, scope: manage }, (call) => {
    const found = policy(call);
    const body = asObject(call.body);
    const added = addRule(org, found, {
      type: asText(body.type) ?? found.type,
      name: checkedName(found, body),
      status: call.query.activate === 'false' || body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
      conditions: isObject(body.conditions) ? body.conditions : null,
      actions: asObject(body.actions),
      ...(typeof body.priority === 'number' ? { priority: body.priority } : {}),
    });
    org.log.write({ eventType: 'policy.rule.add', actor: call.actor, target: [policyTarget(found)] });
    return ok(ruleAnswer(org, found, added));
  });
  operation(server, org, { id: 'getPolicyRule', method: 'GET', path: `${path}/:ruleId`, scope: read }, (call) =>
    ok(ruleAnswer(org, policy(call), rule(call))),
  );
  operation(server, org, { id: 'replacePolicyRule', method: 'PUT', path: `${path}/:ruleId`, scope: manage }, (call) => {
    const owner = policy(call);
    const found = rule(call);
    const body = asObject(call.body);
    if (!found.system) {
      found.name = checkedName(owner, body, found);
      found.conditions = isObject(body.conditions) ? body.conditions : null;
      if (typeof body.priority === 'number') found.priority = body.priority;
    }
    found.actions = isObject(body.actions) ? body.actions : found.actions;
    found.lastUpdated = org.clock.iso();
    sortRules(owner);
    org.log.write({ eventType: 'policy.rule.update', actor: call.actor, target: [policyTarget(owner)] });
    return ok(ruleAnswer(org, owner, found));
  });
  operation(
    server,
    org,
    { id: 'deletePolicyRule', method: 'DELETE', path: `${path}/:ruleId`, scope: manage },
    (call) => {
      const owner = policy(call);
      const found = rule(call);
      if (found.system) throw invalid('rule', 'The default rule cannot be deleted.');
      owner.rules.splice(owner.rules.indexOf(found), 1);
      org.log.write({ eventType: 'policy.rule.delete', actor: call.actor, target: [policyTarget(owner)] });
      return noContent();
    },
  );
  for (const [id, name, status] of [
    ['activatePolicyRule', 'activate', 'ACTIVE'],
    ['deactivatePolicyRule', 'deactivate', 'INACTIVE'],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/:ruleId/lifecycle/${name}`, scope: manage }, (call) => {
      const found = rule(call);
      if (found.system && status === 'INACTIVE') throw invalid('rule', 'The default rule cannot be deactivated.');
      found.status = status;
      found.lastUpdated = org.clock.iso();
      org.log.write({ eventType: `policy.rule.${name}`, actor: call.actor, target: [policyTarget(policy(call))] });
      return noContent();
    });
  }
}

function checkedName(policy: Policy, body: Json, rule?: PolicyRule): string {
  const name = asText(body.name) ?? '';
  if (name.trim() === '') throw invalid('name', 'name: The field cannot be left blank');
  const owner = policy.rules.find((entry) => entry.name === name);
  if (owner !== undefined && owner !== rule) throw invalid('name', 'Policy rule name already in use');
  return name;
}

function ruleAnswer(org: Org, policy: Policy, rule: PolicyRule): Json {
  const path = `/policies/${policy.id}/rules/${rule.id}`;
  const next = rule.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    id: rule.id,
    status: rule.status,
    name: rule.name,
    priority: rule.priority,
    created: rule.created,
    lastUpdated: rule.lastUpdated,
    system: rule.system,
    conditions: rule.conditions,
    actions: rule.actions,
    _links: {
      self: link(org, path, 'GET', 'PUT', ...(rule.system ? [] : ['DELETE'])),
      ...(rule.system ? {} : { [next]: link(org, `${path}/lifecycle/${next}`, 'POST') }),
    },
    type: rule.type,
  };
}
