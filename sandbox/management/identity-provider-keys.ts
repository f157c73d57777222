import type { FastifyInstance } from 'fastify';
import { newUuid } from '../core/ids.js';
import { readCertificate } from '../core/keys.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { Json, TrustedKey } from '../core/records.js';
import { asObject, asTexts, type Call, noContent, ok, operation } from '../core/routing.js';

const manage = 'okta.idps.manage';
const read = 'okta.idps.read';
const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };
const pemArmour = /-----(BEGIN|END) CERTIFICATE-----/;

/**
 * Uploads the certificate of an identity provider.
 *
 * @param body `{ x5c: [base64 DER] }`
 * @throws OktaError E0000001 if it is none, E0000096 if the org has it already
 */
function uploadKey(org: Org, body: Json): TrustedKey {
  const facts = certificateOf(body);
  const existing = org.identityProviderKeys.find((key) => key.x5tS256 === facts.x5tS256);
  if (existing !== undefined) throw new OktaError('E0000096', existing.id);
  const now = org.clock.iso();
  const { notAfter, ...certificate } = facts;
  return org.identityProviderKeys.add({
    id: newUuid(),
    created: now,
    lastUpdated: now,
    expiresAt: org.clock.iso(notAfter),
    ...certificate,
  });
}

function certificateOf(body: Json) {
  const [encoded] = asTexts(body.x5c);
  if (encoded === undefined) throw invalid('x5c', 'x5c: The field cannot be left blank');
  const facts = pemArmour.test(encoded) ? undefined : readCertificate(encoded);
  if (facts === undefined) throw invalid('x5c', 'x5c: The certificate is not valid.');
  return facts;
}

/** Registers the certificates of identity providers that the org trusts. */
export function registerIdentityProviderKeys(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/idps/credentials/keys';
  const key = (call: Call): TrustedKey => {
    const found = org.identityProviderKeys.get(call.params.kid ?? '');
    if (found === undefined) throw notFound(call.params.kid ?? '', 'JsonWebKey');
    return found;
  };

  operation(server, org, { id: 'listIdentityProviderKeys', method: 'GET', path, scope: read }, (call) => {
    const page = pageOf(call, org.identityProviderKeys, limits, /^[0-9a-f-]{36}$/);
    return ok(page.items.map(trustedKeyAnswer), pageHeaders(call, page.next, limits));
  });
  operation(server, org, { id: 'createIdentityProviderKey', method: 'POST', path, scope: manage }, (call) => {
    const added = uploadKey(org, asObject(call.body));
    org.log.write({ eventType: 'system.idp.key.create', actor: call.actor, target: [keyTarget(added)] });
    return ok(trustedKeyAnswer(added));
  });
  operation(server, org, { id: 'getIdentityProviderKey', method: 'GET', path: `${path}/:kid`, scope: read }, (call) =>
    ok(trustedKeyAnswer(key(call))),
  );
  operation(
    server,
    org,
    { id: 'replaceIdentityProviderKey', method: 'PUT', path: `${path}/:kid`, scope: manage },
    (call) => {
      const found = key(call);
      const { notAfter, ...certificate } = certificateOf(asObject(call.body));
      Object.assign(found, certificate, { expiresAt: org.clock.iso(notAfter), lastUpdated: org.clock.iso() });
      org.log.write({ eventType: 'system.idp.key.update', actor: call.actor, target: [keyTarget(found)] });
      return ok(trustedKeyAnswer(found));
    },
  );
  operation(
    server,
    org,
    { id: 'deleteIdentityProviderKey', method: 'DELETE', path: `${path}/:kid`, scope: manage },
    (call) => {
      const found = key(call);
      const user = org.identityProviders.find((provider) => {
        const trust = asObject(asObject(provider.protocol.credentials).trust);
        return trust.kid === found.id || asTexts(trust.additionalKids).includes(found.id);
      });
      if (user !== undefined) throw invalid('kid', `kid: The key is used by the identity provider '${user.name}'.`);
      org.identityProviderKeys.delete(found.id);
      org.log.write({ eventType: 'system.idp.key.delete', actor: call.actor, target: [keyTarget(found)] });
      return noContent();
    },
  );
}

function keyTarget(key: TrustedKey) {
  return { id: key.id, type: 'IdpKey', alternateId: 'unknown', displayName: key.id };
}

function trustedKeyAnswer(key: TrustedKey): Json {
  return {
    kty: 'RSA',
    created: key.created,
    lastUpdated: key.lastUpdated,
    expiresAt: key.expiresAt,
    alg: 'RSA',
    kid: key.id,
    use: 'sig',
    x5c: [key.certificate],
    'x5t#S256': key.x5tS256,
    e: key.e,
    n: key.n,
  };
}
