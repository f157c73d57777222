import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { generateSigningKey } from '../core/keys.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { IdentityProvider, Json, SigningKey } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import type { LogActor, LogTarget } from '../core/system-log.js';
import { serviceProviderMetadata } from '../saml/metadata.js';
import { signingKeyAnswer, validityYearsOf } from './app-keys.js';
import {
  acsUrlOf,
  defaultProviderMapping,
  identityProviderAnswer,
  policyOf,
  protocolOf,
} from './identity-provider-shape.js';
import { addMappings, removeMappings } from './mapping-store.js';

const manage = 'okta.idps.manage';
const read = 'okta.idps.read';
const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };

/** @throws OktaError E0000007 */
export function identityProviderOf(org: Org, id: string): IdentityProvider {
  const provider = org.identityProviders.get(id);
  if (provider === undefined) throw notFound(id, 'IdentityProvider');
  return provider;
}

export function identityProviderTarget(provider: IdentityProvider): LogTarget {
  return { id: provider.id, type: 'IdentityProvider', alternateId: 'unknown', displayName: provider.name };
}

/**
 * Creates an identity provider with its signing key, audience and mappings.
 *
 * @param body the body of `POST /idps`
 * @throws OktaError E0000001
 */
async function createIdentityProvider(org: Org, body: Json, actor: LogActor): Promise<IdentityProvider> {
  const name = checkedName(org, body);
  const type = asText(body.type);
  if (type === undefined) throw invalid('type', 'type: The field cannot be left blank');
  const audience = `https://www.okta.com/saml2/service-provider/sp${newId('').toLowerCase().slice(0, 18)}`;
  const sent = asObject(body.protocol);
  protocolOf(org, type, sent, audience, undefined);
  const key =
    type === 'SAML2'
      ? await generateSigningKey({ commonName: org.name, validityYears: 10, clock: org.clock })
      : undefined;
  const now = org.clock.iso();
  const provider: IdentityProvider = {
    id: newId('0oa'),
    type,
    name,
    status: body.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
    created: now,
    lastUpdated: now,
    issuerMode: asText(body.issuerMode) ?? 'ORG_URL',
    properties: body.properties,
    protocol: protocolOf(org, type, sent, audience, key?.kid),
    policy: policyOf(asObject(body.policy)),
    audience,
  };
  org.identityProviders.add(provider);
  if (key !== undefined) org.identityProviderSigningKeys.set(provider.id, [key]);
  addMappings(org, provider.id, defaultProviderMapping(type), {});
  org.log.write({ eventType: 'system.idp.lifecycle.create', actor, target: [identityProviderTarget(provider)] });
  return provider;
}

/** The key with which the org signs requests to an identity provider. */
export function requestSigningKeyOf(org: Org, provider: IdentityProvider): SigningKey | undefined {
  const kid = asObject(asObject(provider.protocol.credentials).signing).kid;
  return org.identityProviderSigningKeys.get(provider.id)?.find((key) => key.kid === kid);
}

function checkedName(org: Org, body: Json, provider?: IdentityProvider): string {
  const name = asText(body.name) ?? '';
  if (name.trim() === '') throw invalid('name', 'name: The field cannot be left blank');
  if (name.length > 100) throw invalid('name', 'name: The field is too long');
  const owner = org.identityProviders.find((entry) => entry.name === name);
  if (owner !== undefined && owner !== provider)
    throw invalid('name', 'name: An object with this field already exists in the current organization');
  return name;
}

/** Registers identity providers, their lifecycle, metadata and request-signing keys. */
export function registerIdentityProviders(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/idps';
  const provider = (call: Call) => identityProviderOf(org, call.params.idpId ?? '');

  operation(server, org, { id: 'listIdentityProviders', method: 'GET', path, scope: read }, (call) => {
    const prefix = call.query.q?.toLowerCase() ?? '';
    const type = call.query.type ?? '';
    const page = pageOf(
      call,
      org.identityProviders,
      limits,
      /^0oa[0-9A-Za-z]{17}$/,
      (entry) => entry.name.toLowerCase().startsWith(prefix) && (type === '' || entry.type === type),
    );
    return ok(
      page.items.map((entry) => identityProviderAnswer(org, entry)),
      pageHeaders(call, page.next, limits),
    );
  });
  operation(server, org, { id: 'createIdentityProvider', method: 'POST', path, scope: manage }, async (call) =>
    ok(identityProviderAnswer(org, await createIdentityProvider(org, asObject(call.body), call.actor))),
  );
  operation(server, org, { id: 'getIdentityProvider', method: 'GET', path: `${path}/:idpId`, scope: read }, (call) =>
    ok(identityProviderAnswer(org, provider(call))),
  );
  operation(
    server,
    org,
    { id: 'replaceIdentityProvider', method: 'PUT', path: `${path}/:idpId`, scope: manage },
    (call) => {
      const found = provider(call);
      const body = asObject(call.body);
      const name = checkedName(org, body, found);
      const signing =
        asText(asObject(asObject(asObject(body.protocol).credentials).signing).kid) ??
        requestSigningKeyOf(org, found)?.kid;
      const protocol = protocolOf(org, found.type, asObject(body.protocol), found.audience, signing);
      found.name = name;
      found.protocol = protocol;
      found.policy = policyOf(asObject(body.policy));
      found.issuerMode = asText(body.issuerMode) ?? found.issuerMode;
      found.properties = body.properties;
      if (body.status === 'ACTIVE' || body.status === 'INACTIVE') found.status = body.status;
      found.lastUpdated = org.clock.iso();
      org.log.write({
        eventType: 'system.idp.lifecycle.update',
        actor: call.actor,
        target: [identityProviderTarget(found)],
      });
      return ok({ ...identityProviderAnswer(org, found), created: null });
    },
  );
  operation(
    server,
    org,
    { id: 'deleteIdentityProvider', method: 'DELETE', path: `${path}/:idpId`, scope: manage },
    (call) => {
      const found = provider(call);
      org.identityProviders.delete(found.id);
      org.identityProviderUsers.delete(found.id);
      org.identityProviderSigningKeys.delete(found.id);
      removeMappings(org, found.id);
      org.log.write({
        eventType: 'system.idp.lifecycle.delete',
        actor: call.actor,
        target: [identityProviderTarget(found)],
      });
      return noContent();
    },
  );
  for (const [id, name, status] of [
    ['activateIdentityProvider', 'activate', 'ACTIVE'],
    ['deactivateIdentityProvider', 'deactivate', 'INACTIVE'],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/:idpId/lifecycle/${name}`, scope: manage }, (call) => {
      const found = provider(call);
      if (found.status !== status) {
        found.status = status;
        found.lastUpdated = org.clock.iso();
        org.log.write({
          eventType: `system.idp.lifecycle.${name}`,
          actor: call.actor,
          target: [identityProviderTarget(found)],
        });
      }
      return ok(identityProviderAnswer(org, found));
    });
  }
  operation(server, org, { id: 'getIdpMetadataXml', method: 'GET', path: `${path}/:idpId/metadata.xml` }, (call) => {
    const found = provider(call);
    const key = requestSigningKeyOf(org, found);
    if (key === undefined) throw notFound(found.id, 'IdentityProvider');
    const body = serviceProviderMetadata({
      audience: found.audience,
      acsUrl: acsUrlOf(org, found),
      certificate: key.certificate,
      name: found.name,
      orgName: org.name,
    });
    return ok(body, { 'content-type': 'application/octet-stream' });
  });
  registerSigningKeys(server, org, provider);
}

function registerSigningKeys(server: FastifyInstance, org: Org, provider: (call: Call) => IdentityProvider): void {
  const path = '/api/v1/idps/:idpId/credentials/keys';
  const keys = (call: Call) => org.identityProviderSigningKeys.get(provider(call).id) ?? [];

  operation(server, org, { id: 'listIdentityProviderSigningKeys', method: 'GET', path, scope: read }, (call) =>
    ok(keys(call).map(signingKeyAnswer)),
  );
  operation(
    server,
    org,
    { id: 'listActiveIdentityProviderSigningKey', method: 'GET', path: `${path}/active`, scope: read },
    (call) => {
      const key = requestSigningKeyOf(org, provider(call));
      return ok(key === undefined ? [] : [signingKeyAnswer(key)]);
    },
  );
  operation(
    server,
    org,
    { id: 'generateIdentityProviderSigningKey', method: 'POST', path: `${path}/generate`, scope: manage },
    async (call) => {
      const found = provider(call);
      const key = await generateSigningKey({
        commonName: org.name,
        validityYears: validityYearsOf(call),
        clock: org.clock,
      });
      org.identityProviderSigningKeys.set(found.id, [...keys(call), key]);
      return created(signingKeyAnswer(key));
    },
  );
  operation(
    server,
    org,
    { id: 'getIdentityProviderSigningKey', method: 'GET', path: `${path}/:kid`, scope: read },
    (call) => {
      const key = keys(call).find((entry) => entry.kid === call.params.kid);
      if (key === undefined) throw notFound(call.params.kid ?? '', 'JsonWebKey');
      return ok(signingKeyAnswer(key));
    },
  );
  operation(
    server,
    org,
    { id: 'cloneIdentityProviderKey', method: 'POST', path: `${path}/:kid/clone`, scope: manage },
    (call) => {
      const key = keys(call).find((entry) => entry.kid === call.params.kid);
      if (key === undefined) throw notFound(call.params.kid ?? '', 'JsonWebKey');
      const target = identityProviderOf(org, call.query.targetIdpId ?? '');
      const present = org.identityProviderSigningKeys.get(target.id) ?? [];
      if (present.some((entry) => entry.kid === key.kid))
        throw invalid(
          'cloneKey',
          'Key already exists in the list of key credentials for the target identity provider.',
        );
      org.identityProviderSigningKeys.set(target.id, [...present, key]);
      return created(signingKeyAnswer(key));
    },
  );
}
