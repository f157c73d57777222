import type { FastifyInstance } from 'fastify';
import { apiUrl } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, Json, Schema, UserType } from '../core/records.js';
import { asObject, type Call, isObject, ok, operation } from '../core/routing.js';
import { appUserAttributes } from './app-user-profile.js';
import { defaultUserType } from './user-profile.js';

const draft = 'http://json-schema.org/draft-04/schema#';
const read = 'okta.schemas.read';
const manage = 'okta.schemas.manage';

/** Registers the schemas of users, app users and groups. */
export function registerSchemas(server: FastifyInstance, org: Org): void {
  const type = (call: Call): UserType => {
    const id = call.params.schemaId ?? '';
    const found = id === 'default' ? defaultUserType(org) : org.userTypes.find((entry) => entry.schemaId === id);
    if (found === undefined) throw notFound(id, 'Schema');
    return found;
  };
  const userPath = '/api/v1/meta/schemas/user/:schemaId';
  operation(server, org, { id: 'getUserSchema', method: 'GET', path: userPath, scope: read }, (call) =>
    ok(userSchemaAnswer(org, type(call))),
  );
  operation(server, org, { id: 'updateUserProfile', method: 'POST', path: userPath, scope: manage }, (call) => {
    const found = type(call);
    const schema = org.userSchemas.get(found.schemaId);
    if (schema === undefined) throw notFound(found.schemaId, 'Schema');
    updateSchema(org, schema, asObject(call.body));
    const target = { id: schema.id, type: 'UserSchema', alternateId: 'unknown', displayName: found.displayName };
    org.log.write({ eventType: 'directory.user_profile.update', actor: call.actor, target: [target] });
    return ok(userSchemaAnswer(org, found));
  });
  const appPath = '/api/v1/meta/schemas/apps/:appId/default';
  const app = (call: Call): { id: string; app: App | undefined } => {
    const id = call.params.appId ?? '';
    if (!org.apps.has(id) && !org.identityProviders.has(id)) throw notFound(id, 'AppInstance');
    return { id, app: org.apps.get(id) };
  };
  operation(server, org, { id: 'getApplicationUserSchema', method: 'GET', path: appPath, scope: read }, (call) => {
    const found = app(call);
    return ok(appSchemaAnswer(org, found.id, found.app));
  });
  operation(
    server,
    org,
    { id: 'updateApplicationUserProfile', method: 'POST', path: appPath, scope: manage },
    (call) => {
      const found = app(call);
      updateSchema(org, appSchema(org, found.id), asObject(call.body));
      const target = { id: found.id, type: 'AppUserSchema', alternateId: 'unknown', displayName: found.id };
      org.log.write({ eventType: 'directory.app_user_profile.update', actor: call.actor, target: [target] });
      return ok(appSchemaAnswer(org, found.id, found.app));
    },
  );
  const groupPath = '/api/v1/meta/schemas/group/default';
  operation(server, org, { id: 'getGroupSchema', method: 'GET', path: groupPath, scope: read }, () =>
    ok(groupSchemaAnswer(org)),
  );
  operation(server, org, { id: 'updateGroupSchema', method: 'POST', path: groupPath, scope: manage }, (call) => {
    updateSchema(org, groupSchema(org), asObject(call.body));
    return ok(groupSchemaAnswer(org));
  });
}

/** Adds, changes and (with null) removes custom attributes; of base attributes only what an administrator may set. */
function updateSchema(org: Org, schema: Schema, body: Json): void {
  const definitions = asObject(body.definitions);
  for (const [name, value] of Object.entries(asObject(asObject(definitions.custom).properties))) {
    if (value === null) {
      delete schema.custom[name];
      for (const user of org.users.all())
        if (org.userTypes.get(user.typeId)?.schemaId === schema.id) delete user.profile[name];
      continue;
    }
    if (schema.base[name] !== undefined) throw invalid('definitions.custom', `${name}: is a base attribute.`);
    const { master, required, ...sent } = asObject(value);
    if (typeof sent.type !== 'string' && schema.custom[name] === undefined)
      throw invalid('definitions.custom', `${name}: type: The field cannot be left blank`);
    schema.custom[name] = customAttribute(
      { ...schema.custom[name], ...sent, ...(required === true ? { required } : {}) },
      master,
    );
  }
  for (const [name, value] of Object.entries(asObject(asObject(definitions.base).properties))) {
    const current = schema.base[name];
    if (current === undefined || !isObject(value)) continue;
    for (const field of ['required', 'permissions', 'pattern', 'master', 'minLength', 'maxLength'] as const) {
      if (value[field] !== undefined) current[field] = value[field];
    }
  }
  schema.lastUpdated = org.clock.iso();
}

/** A custom attribute in the order and with the defaults in which Okta answers it. */
function customAttribute(sent: Json, master: unknown): Json {
  const { title, type, description, ...rest } = sent;
  const shown = isObject(master) && master.type !== 'PROFILE_MASTER' ? { master } : {};
  return {
    title,
    ...(description === undefined ? {} : { description }),
    type,
    mutability: 'READ_WRITE',
    scope: 'NONE',
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    ...rest,
    ...shown,
  };
}

function definition(id: string, properties: Record<string, Json>): Json {
  const required = Object.entries(properties)
    .filter(([, rule]) => rule.required === true)
    .map(([name]) => name);
  return { id, type: 'object', properties, required };
}

function requiredOrder(names: string[]): string[] {
  const order = ['login', 'firstName', 'lastName', 'email'];
  return [...order.filter((name) => names.includes(name)), ...names.filter((name) => !order.includes(name))];
}

function userSchemaAnswer(org: Org, type: UserType): Json {
  const schema = org.userSchemas.get(type.schemaId);
  const base = definition('#base', schema?.base ?? {});
  return {
    id: `${org.url}/meta/schemas/user/${type.isDefault ? 'default' : type.schemaId}`,
    $schema: draft,
    name: type.name,
    title: type.displayName,
    description: type.description,
    lastUpdated: schema?.lastUpdated,
    created: schema?.created,
    definitions: {
      custom: definition('#custom', schema?.custom ?? {}),
      base: { ...base, required: requiredOrder(Array.isArray(base.required) ? base.required : []) },
    },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: {
      self: { rel: 'self', href: apiUrl(org, `/meta/schemas/user/${type.schemaId}`), method: 'GET' },
      type: { rel: 'type', href: apiUrl(org, `/meta/types/user/${type.id}`), method: 'GET' },
    },
  };
}

function appSchema(org: Org, id: string): Schema {
  const known = org.appSchemas.get(id);
  if (known !== undefined) return known;
  const app = org.apps.get(id);
  const names = app === undefined ? ['firstName', 'lastName', 'email', 'mobilePhone'] : appUserAttributes(app);
  const attribute = (name: string): Json => ({
    title: name === 'userName' ? 'Username' : name,
    type: 'string',
    ...(name === 'userName' ? { required: true } : {}),
    scope: 'NONE',
    ...(name === 'userName' ? { maxLength: 100 } : {}),
    master: { type: 'PROFILE_MASTER' },
  });
  const now = org.clock.iso();
  const base = Object.fromEntries(['userName', ...names].map((name) => [name, attribute(name)]));
  return org.appSchemas.add({ id, created: now, lastUpdated: now, custom: {}, base });
}

function appSchemaAnswer(org: Org, id: string, app: App | undefined): Json {
  const schema = appSchema(org, id);
  const name = app?.label ?? org.identityProviders.get(id)?.name ?? id;
  return {
    id: `${org.url}/meta/schemas/apps/${id}/default`,
    $schema: draft,
    name,
    title: `${name} User`,
    description: '',
    lastUpdated: schema.lastUpdated,
    created: schema.created,
    definitions: { custom: definition('#custom', schema.custom), base: definition('#base', schema.base) },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: { self: { rel: 'self', href: apiUrl(org, `/meta/schemas/apps/${id}/default`), method: 'GET' } },
  };
}

function groupSchema(org: Org): Schema {
  const known = org.appSchemas.get('group');
  if (known !== undefined) return known;
  const attribute = (title: string, more: Json): Json => ({
    title,
    type: 'string',
    ...more,
    mutability: 'READ_WRITE',
    scope: 'NONE',
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: { type: 'PROFILE_MASTER' },
  });
  return org.appSchemas.add({
    id: 'group',
    created: org.created,
    lastUpdated: org.created,
    custom: {},
    base: {
      name: attribute('Name', { required: true, maxLength: 255 }),
      description: attribute('Description', { maxLength: 1024 }),
    },
  });
}

function groupSchemaAnswer(org: Org): Json {
  const schema = groupSchema(org);
  return {
    id: `${org.url}/meta/schemas/group/default`,
    $schema: draft,
    name: 'group',
    title: 'Okta group',
    description: 'Okta group profile template',
    lastUpdated: schema.lastUpdated,
    created: schema.created,
    definitions: { custom: definition('#custom', schema.custom), base: definition('#base', schema.base) },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: { self: { rel: 'self', href: apiUrl(org, '/meta/schemas/group/default'), method: 'GET' } },
  };
}
