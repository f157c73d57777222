import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Json, Policy } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { appAnswer } from './app-answer.js';
import { appOf } from './apps.js';
import { policyAnswer, policyOf, policyTarget } from './policies.js';
import { addPolicy, addRule, defaultPolicy } from './policy-store.js';

/** Registers which apps a policy holds for, and copies of policies. */
export function registerPolicyMappings(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/policies/:policyId';
  const manage = 'okta.policies.manage';
  const read = 'okta.policies.read';
  const policy = (call: Call) => policyOf(org, call.params.policyId ?? '');
  const mapped = (call: Call): App => {
    const { id } = policy(call);
    const app = org.apps.get(call.params.mappingId ?? '');
    if (app?.accessPolicyId !== id) throw notFound(call.params.mappingId ?? '', 'PolicyMapping');
    return app;
  };
  const apps = (found: Policy) => org.apps.filter((app) => app.accessPolicyId === found.id);

  operation(server, org, { id: 'listPolicyMappings', method: 'GET', path: `${path}/mappings`, scope: read }, (call) => {
    const found = policy(call);
    return ok(apps(found).map((app) => mappingAnswer(org, found, app)));
  });
  operation(
    server,
    org,
    { id: 'mapResourceToPolicy', method: 'POST', path: `${path}/mappings`, scope: manage },
    (call) => {
      const found = policy(call);
      const { resourceId, resourceType } = asObject(call.body);
      if (resourceType !== 'APP') throw invalid('resourceType', "resourceType: must be 'APP'");
      const app = appOf(org, asText(resourceId) ?? '');
      app.accessPolicyId = found.id;
      return ok(mappingAnswer(org, found, app));
    },
  );
  operation(
    server,
    org,
    { id: 'getPolicyMapping', method: 'GET', path: `${path}/mappings/:mappingId`, scope: read },
    (call) => ok(mappingAnswer(org, policy(call), mapped(call))),
  );
  operation(
    server,
    org,
    { id: 'deletePolicyResourceMapping', method: 'DELETE', path: `${path}/mappings/:mappingId`, scope: manage },
    (call) => {
      mapped(call).accessPolicyId = defaultPolicy(org, 'ACCESS_POLICY')?.id ?? null;
      return noContent();
    },
  );
  operation(server, org, { id: 'listPolicyApps', method: 'GET', path: `${path}/app`, scope: read }, (call) =>
    ok(apps(policy(call)).map((app) => appAnswer(org, app))),
  );
  operation(server, org, { id: 'clonePolicy', method: 'POST', path: `${path}/clone`, scope: manage }, (call) => {
    const { type, name, description, conditions, settings, rules } = policy(call);
    const copy = addPolicy(org, { type, name: `[cloned] ${name}`, description, conditions, settings });
    for (const rule of rules) addRule(org, copy, structuredClone(rule));
    org.log.write({ eventType: 'policy.lifecycle.create', actor: call.actor, target: [policyTarget(copy)] });
    return ok(policyAnswer(org, copy));
  });
}

function mappingAnswer(org: Org, policy: Policy, app: App): Json {
  const path = `/policies/${policy.id}`;
  return {
    id: app.id,
    _links: {
      self: link(org, `${path}/mappings/${app.id}`, 'GET', 'DELETE'),
      application: link(org, `/apps/${app.id}`),
      policy: link(org, path),
    },
  };
}
