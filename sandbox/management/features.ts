import type { FastifyInstance } from 'fastify';
import { apiUrl } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Json } from '../core/records.js';
import { asObject, type Call, isObject, ok, operation } from '../core/routing.js';
import { appTarget } from './app-assignments.js';
import { appOf } from './apps.js';
import { supportsConnections } from './connections.js';

const off = { status: 'DISABLED' };

const descriptions = {
  USER_PROVISIONING: 'User provisioning settings from Okta to a downstream application',
  INBOUND_PROVISIONING: 'In-bound provisioning settings from an application to Okta',
} as const;
type FeatureName = keyof typeof descriptions;

const defaults: Readonly<Record<FeatureName, Json>> = {
  USER_PROVISIONING: {
    create: { lifecycleCreate: off },
    update: {
      profile: off,
      lifecycleDeactivate: off,
      password: { status: 'DISABLED', seed: 'RANDOM', change: 'KEEP_EXISTING' },
    },
  },
  INBOUND_PROVISIONING: {
    importSettings: { username: { userNameFormat: 'EMAIL' }, schedule: off },
    importRules: {
      userCreateAndMatch: {
        exactMatchCriteria: 'USERNAME',
        allowPartialMatch: false,
        autoConfirmPartialMatch: false,
        autoConfirmExactMatch: false,
        autoConfirmNewUsers: false,
        autoActivateNewUsers: false,
      },
    },
  },
};

/** Registers the provisioning features of apps. */
export function registerFeatures(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/features';
  const app = (call: Call): App => {
    const found = appOf(org, call.params.appId ?? '');
    if (!supportsConnections(found)) throw new OktaError('E0000001', 'feature', ['Provisioning is not supported.']);
    if (org.connections.get(found.id)?.status !== 'ENABLED') {
      throw new OktaError('E0000001', 'feature', ['Provisioning is not enabled for the app instance.']);
    }
    return found;
  };
  const feature = (call: Call): FeatureName => {
    const name = call.params.name ?? '';
    if (name !== 'USER_PROVISIONING' && name !== 'INBOUND_PROVISIONING') throw notFound(name, 'ApplicationFeature');
    return name;
  };

  operation(server, org, { id: 'listFeaturesForApplication', method: 'GET', path, scope: 'okta.apps.read' }, (call) => {
    const found = app(call);
    return ok([featureAnswer(org, found, 'USER_PROVISIONING'), featureAnswer(org, found, 'INBOUND_PROVISIONING')]);
  });
  operation(
    server,
    org,
    { id: 'getFeatureForApplication', method: 'GET', path: `${path}/:name`, scope: 'okta.apps.read' },
    (call) => ok(featureAnswer(org, app(call), feature(call))),
  );
  operation(
    server,
    org,
    { id: 'updateFeatureForApplication', method: 'PUT', path: `${path}/:name`, scope: 'okta.apps.manage' },
    (call) => {
      const found = app(call);
      const name = feature(call);
      const sent = asObject(call.body);
      setCapabilities(org, found, name, isObject(sent.capabilities) ? sent.capabilities : sent);
      org.log.write({ eventType: 'application.configuration.update', actor: call.actor, target: [appTarget(found)] });
      return ok(featureAnswer(org, found, name));
    },
  );
}

/** The capabilities of a feature as they are set. */
function capabilitiesOf(org: Org, app: App, name: FeatureName): Json {
  return org.appFeatures.get(app.id)?.get(name) ?? defaults[name];
}

/** Changes the capabilities that were sent; others stay. */
function setCapabilities(org: Org, app: App, name: FeatureName, sent: Json): void {
  const features = org.appFeatures.get(app.id) ?? new Map<string, Json>();
  features.set(name, merged(capabilitiesOf(org, app, name), sent, name));
  org.appFeatures.set(app.id, features);
  refreshFeatures(org, app);
}

function merged(current: Json, sent: Json, path: string): Json {
  const result: Json = { ...current };
  for (const [name, value] of Object.entries(sent)) {
    if (value === null || value === undefined) continue;
    if (name === 'status' && value !== 'ENABLED' && value !== 'DISABLED')
      throw invalid(path, `${path}.status: must be ENABLED or DISABLED`);
    result[name] = isObject(value) ? merged(asObject(current[name]), value, `${path}.${name}`) : value;
  }
  return result;
}

/** Whether a capability of user provisioning is switched on, for example `create.lifecycleCreate`. */
export function capabilityEnabled(
  org: Org,
  app: App,
  path: 'create.lifecycleCreate' | 'update.profile' | 'update.lifecycleDeactivate' | 'update.password',
): boolean {
  const [group = '', name = ''] = path.split('.');
  return asObject(asObject(capabilitiesOf(org, app, 'USER_PROVISIONING')[group])[name]).status === 'ENABLED';
}

/** Brings `features` of the app into line with its connection and capabilities. */
export function refreshFeatures(org: Org, app: App): void {
  if (!supportsConnections(app)) return;
  const features: string[] = [];
  if (org.connections.get(app.id)?.status === 'ENABLED') {
    features.push('IMPORT_PROFILE_UPDATES', 'GROUP_PUSH', 'IMPORT_USER_SCHEMA', 'IMPORT_NEW_USERS');
    if (capabilityEnabled(org, app, 'create.lifecycleCreate')) features.push('PUSH_NEW_USERS');
    if (capabilityEnabled(org, app, 'update.profile')) features.push('PUSH_PROFILE_UPDATES');
    if (capabilityEnabled(org, app, 'update.lifecycleDeactivate'))
      features.push('PUSH_USER_DEACTIVATION', 'REACTIVATE_USERS');
    if (capabilityEnabled(org, app, 'update.password')) features.push('PUSH_PASSWORD_UPDATES');
  }
  app.features = features;
  app.lastUpdated = org.clock.iso();
}

function featureAnswer(org: Org, app: App, name: FeatureName): Json {
  const capabilities = capabilitiesOf(org, app, name);
  const enabled = name === 'INBOUND_PROVISIONING' || JSON.stringify(capabilities).includes('"ENABLED"');
  return {
    name,
    status: enabled ? 'ENABLED' : 'DISABLED',
    description: descriptions[name],
    capabilities,
    _links: { self: { href: apiUrl(org, `/apps/${app.id}/features/${name}`), hints: { allow: ['GET', 'PUT'] } } },
  };
}
