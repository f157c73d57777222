import type { FastifyInstance } from 'fastify';
import { apiUrl, link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { Json, ProfileMapping } from '../core/records.js';
import { asObject, asText, type Call, isObject, ok, operation } from '../core/routing.js';
import { appUserAttributes } from './app-user-profile.js';
import { schemaOfType } from './user-profile.js';

const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };
type End = ProfileMapping['source'];

/** Registers profile mappings between the user profile and the profiles of app users. */
export function registerMappings(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/mappings';
  const mapping = (call: Call): ProfileMapping => {
    const id = call.params.mappingId ?? '';
    const found = org.mappings.get(id);
    if (found === undefined) throw notFound(id, 'ProfileMapping');
    return found;
  };
  operation(
    server,
    org,
    { id: 'listProfileMappings', method: 'GET', path, scope: 'okta.profileMappings.read' },
    (call) => {
      const { sourceId = '', targetId = '' } = call.query;
      const page = pageOf(
        call,
        org.mappings,
        limits,
        /^prm/,
        (entry) =>
          (sourceId === '' || entry.source.id === sourceId) && (targetId === '' || entry.target.id === targetId),
      );
      return ok(
        page.items.map((entry) => mappingAnswer(org, entry, false)),
        pageHeaders(call, page.next, limits),
      );
    },
  );
  operation(
    server,
    org,
    { id: 'getProfileMapping', method: 'GET', path: `${path}/:mappingId`, scope: 'okta.profileMappings.read' },
    (call) => ok(mappingAnswer(org, mapping(call), true)),
  );
  operation(
    server,
    org,
    { id: 'updateProfileMapping', method: 'POST', path: `${path}/:mappingId`, scope: 'okta.profileMappings.manage' },
    (call) => {
      const found = mapping(call);
      updateMapping(org, found, asObject(asObject(call.body).properties));
      const target = { id: found.id, type: 'ProfileMapping', alternateId: 'unknown', displayName: found.id };
      org.log.write({ eventType: 'directory.mapping.update', actor: call.actor, target: [target] });
      return ok(mappingAnswer(org, found, true));
    },
  );
}

/**
 * Changes the attributes that were sent; null ends the mapping of an attribute; others stay.
 *
 * @throws OktaError E0000001 for an attribute that the target does not have
 */
function updateMapping(org: Org, mapping: ProfileMapping, sent: Json): void {
  const known = attributesOf(org, mapping.target);
  for (const [name, value] of Object.entries(sent)) {
    if (value !== null && known !== undefined && !known.has(name) && mapping.properties[name] === undefined) {
      throw invalid('updateMapping', `Invalid target field ${name}`);
    }
    if (value !== null && asText(asObject(value).expression) === undefined) {
      throw invalid('updateMapping', `The expression of ${name} cannot be left blank`);
    }
  }
  for (const [name, value] of Object.entries(sent)) {
    if (!isObject(value)) {
      delete mapping.properties[name];
      continue;
    }
    const pushStatus = value.pushStatus === 'PUSH' ? 'PUSH' : 'DONT_PUSH';
    mapping.properties[name] = { expression: String(value.expression), pushStatus };
  }
}

/** Attributes of one end of a mapping; undefined where the sandbox does not know the schema of an app. */
function attributesOf(org: Org, end: End): ReadonlySet<string> | undefined {
  if (end.type === 'user') {
    const schema = schemaOfType(org, end.id);
    return new Set([...Object.keys(schema?.base ?? {}), ...Object.keys(schema?.custom ?? {})]);
  }
  const app = org.apps.get(end.id);
  const attributes = app === undefined ? [] : appUserAttributes(app);
  if (attributes.length === 0) return undefined;
  return new Set([...attributes, ...Object.keys(org.appSchemas.get(end.id)?.custom ?? {})]);
}

function nameOf(org: Org, end: End): string {
  if (end.type === 'user') return org.userTypes.get(end.id)?.name ?? 'user';
  const provider = org.identityProviders.get(end.id);
  if (provider === undefined) return org.apps.get(end.id)?.name ?? '';
  return provider.type === 'SAML2' ? 'saml_idp' : `${provider.type.toLowerCase()}_idp`;
}

function endAnswer(org: Org, end: End): Json {
  const schemaId = org.userTypes.get(end.id)?.schemaId;
  const links =
    end.type === 'user'
      ? { self: link(org, `/meta/types/user/${end.id}`), schema: link(org, `/meta/schemas/user/${schemaId}`) }
      : { self: link(org, `/apps/${end.id}`), schema: link(org, `/meta/schemas/apps/${end.id}/default`) };
  return { id: end.id, name: nameOf(org, end), type: end.type, _links: links };
}

function mappingAnswer(org: Org, mapping: ProfileMapping, withProperties: boolean): Json {
  return {
    id: mapping.id,
    source: endAnswer(org, mapping.source),
    target: endAnswer(org, mapping.target),
    ...(withProperties ? { properties: mapping.properties } : {}),
    _links: { self: { href: apiUrl(org, `/mappings/${mapping.id}`) } },
  };
}
