import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { apiUrl, link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, UserType } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { baseUserAttributes } from './user-schema.js';

/** Adds a user type with its own schema. */
export function addUserType(
  org: Org,
  input: { name: string; displayName: string; description: string | null; isDefault: boolean; createdBy: string },
): UserType {
  const now = org.clock.iso();
  const schemaId = newId('osc');
  org.userSchemas.add({
    id: schemaId,
    created: now,
    lastUpdated: now,
    custom: {},
    base: structuredClone({ ...baseUserAttributes }),
  });
  return org.userTypes.add({
    id: newId('oty'),
    schemaId,
    created: now,
    lastUpdated: now,
    lastUpdatedBy: input.createdBy,
    ...input,
  });
}

/** Registers user types. */
export function registerUserTypes(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/meta/types/user';
  const type = (call: Call): UserType => {
    const id = call.params.typeId ?? '';
    const found = id === 'default' ? org.userTypes.find((entry) => entry.isDefault) : org.userTypes.get(id);
    if (found === undefined) throw notFound(id, 'UserType');
    return found;
  };
  const read = 'okta.userTypes.read';
  const manage = 'okta.userTypes.manage';
  operation(server, org, { id: 'listUserTypes', method: 'GET', path, scope: read }, () =>
    ok(org.userTypes.all().map((entry) => typeAnswer(org, entry))),
  );
  operation(server, org, { id: 'getUserType', method: 'GET', path: `${path}/:typeId`, scope: read }, (call) =>
    ok(typeAnswer(org, type(call))),
  );
  operation(server, org, { id: 'createUserType', method: 'POST', path, scope: manage }, (call) => {
    const body = asObject(call.body);
    const name = asText(body.name) ?? '';
    if (!/^[A-Za-z_]\w*$/.test(name)) throw invalid('name', 'name: The field cannot be left blank');
    if (org.userTypes.find((entry) => entry.name === name) !== undefined)
      throw invalid('name', 'name: An object with this field already exists in the current organization');
    const added = addUserType(org, {
      name,
      displayName: asText(body.displayName) ?? name,
      description: asText(body.description) ?? null,
      isDefault: false,
      createdBy: call.actor.id,
    });
    return ok(typeAnswer(org, added));
  });
  for (const [id, method] of [
    ['updateUserType', 'POST'],
    ['replaceUserType', 'PUT'],
  ] as const) {
    operation(server, org, { id, method, path: `${path}/:typeId`, scope: manage }, (call) => {
      const found = type(call);
      const body = asObject(call.body);
      found.displayName = asText(body.displayName) ?? found.displayName;
      found.description =
        body.description === undefined && method === 'POST' ? found.description : (asText(body.description) ?? null);
      found.lastUpdated = org.clock.iso();
      found.lastUpdatedBy = call.actor.id;
      return ok(typeAnswer(org, found));
    });
  }
  operation(server, org, { id: 'deleteUserType', method: 'DELETE', path: `${path}/:typeId`, scope: manage }, (call) => {
    const found = type(call);
    if (found.isDefault || org.users.all().some((user) => user.typeId === found.id)) throw new OktaError('E0000142');
    org.userTypes.delete(found.id);
    org.userSchemas.delete(found.schemaId);
    return noContent();
  });
}

function typeAnswer(org: Org, type: UserType): Json {
  return {
    id: type.id,
    displayName: type.displayName,
    name: type.name,
    description: type.description,
    createdBy: type.createdBy,
    lastUpdatedBy: type.lastUpdatedBy,
    created: type.created,
    lastUpdated: type.lastUpdated,
    default: type.isDefault,
    _links: {
      self: link(org, `/meta/types/user/${type.id}`),
      schema: { href: apiUrl(org, `/meta/schemas/user/${type.schemaId}`) },
    },
  };
}
