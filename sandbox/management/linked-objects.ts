import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import { userOf } from './user-store.js';

interface Definition {
  readonly primary: Json;
  readonly associated: Json;
  /** Primary user by associated user. */
  readonly links: Map<string, string>;
}

/** Registers relations between users, such as manager and subordinate. */
export function registerLinkedObjects(server: FastifyInstance, org: Org): void {
  const definitions: Definition[] = [];
  const path = '/api/v1/meta/schemas/user/linkedObjects';
  const named = (name: string): Definition => {
    const found = definitions.find((entry) => entry.primary.name === name || entry.associated.name === name);
    if (found === undefined) throw notFound(name, 'LinkedObject');
    return found;
  };
  const answer = (entry: Definition): Json => ({
    primary: entry.primary,
    associated: entry.associated,
    _links: { self: link(org, `/meta/schemas/user/linkedObjects/${String(entry.primary.name)}`) },
  });

  operation(
    server,
    org,
    { id: 'listLinkedObjectDefinitions', method: 'GET', path, scope: 'okta.linkedObjects.read' },
    () => ok(definitions.map(answer)),
  );
  operation(
    server,
    org,
    { id: 'createLinkedObjectDefinition', method: 'POST', path, scope: 'okta.linkedObjects.manage' },
    (call) => {
      const [primary, associated] = (['primary', 'associated'] as const).map((side) =>
        checkedSide(side, asObject(asObject(call.body)[side])),
      );
      const names = [primary?.name, associated?.name];
      if (
        primary === undefined ||
        associated === undefined ||
        definitions.some((entry) => names.includes(entry.primary.name) || names.includes(entry.associated.name))
      ) {
        throw new OktaError('E0000127', 'The name is in use.');
      }
      const added = { primary, associated, links: new Map<string, string>() };
      definitions.push(added);
      return created(answer(added));
    },
  );
  operation(
    server,
    org,
    { id: 'getLinkedObjectDefinition', method: 'GET', path: `${path}/:name`, scope: 'okta.linkedObjects.read' },
    (call) => ok(answer(named(call.params.name ?? ''))),
  );
  operation(
    server,
    org,
    { id: 'deleteLinkedObjectDefinition', method: 'DELETE', path: `${path}/:name`, scope: 'okta.linkedObjects.manage' },
    (call) => {
      definitions.splice(definitions.indexOf(named(call.params.name ?? '')), 1);
      return noContent();
    },
  );

  const values = '/api/v1/users/:id/linkedObjects/:name';
  const user = (call: Call) => userOf(org, call.params.id ?? '', call.actor);
  operation(
    server,
    org,
    {
      id: 'assignLinkedObjectValueForPrimary',
      method: 'PUT',
      path: `${values}/:primaryId`,
      scope: 'okta.users.manage',
    },
    (call) => {
      named(call.params.name ?? '').links.set(user(call).id, userOf(org, call.params.primaryId ?? '').id);
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: 'listLinkedObjectsForUser', method: 'GET', path: values, scope: 'okta.users.read' },
    (call) => {
      const found = named(call.params.name ?? '');
      const { id } = user(call);
      const isPrimary = found.primary.name === call.params.name;
      const ids = [...found.links]
        .filter(([associated, primary]) => (isPrimary ? associated : primary) === id)
        .map(([associated, primary]) => (isPrimary ? primary : associated));
      return ok(ids.map((other) => ({ _links: { self: link(org, `/users/${other}`) } })));
    },
  );
  operation(
    server,
    org,
    { id: 'deleteLinkedObjectForUser', method: 'DELETE', path: values, scope: 'okta.users.manage' },
    (call) => {
      named(call.params.name ?? '').links.delete(user(call).id);
      return noContent();
    },
  );
}

function checkedSide(side: string, sent: Json): Json {
  const name = asText(sent.name) ?? '';
  if (!/^[A-Za-z]\w*$/.test(name)) throw invalid(`${side}.name`, `${side}.name: The field cannot be left blank`);
  return { name, title: asText(sent.title) ?? name, description: asText(sent.description) ?? null, type: 'USER' };
}
