import type { FastifyInstance } from 'fastify';
import { type CertificateRequest, certifiedKey, newCertificateRequest } from '../core/certificate-request.js';
import { link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, SigningKey } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import { signingKeyAnswer } from './app-keys.js';
import { appOf } from './apps.js';
import { identityProviderOf } from './identity-providers.js';

/** Whose signing keys the certificates are for. */
interface Owner {
  /** Path below `/api/v1`, with the parameter `:ownerId`. */
  readonly path: string;
  readonly scope: string;
  readonly idOf: (call: Call) => string;
  readonly keys: Map<string, SigningKey[]>;
  readonly operations: Readonly<Record<'list' | 'generate' | 'get' | 'revoke' | 'publish', string>>;
}

/** Media types in which a certificate is published. */
const certificateTypes = ['application/x-x509-ca-cert', 'application/pkix-cert', 'application/x-pem-file'];

/** Registers requests for certificates of the signing keys of apps and identity providers. */
export function registerCertificateRequests(server: FastifyInstance, org: Org): void {
  server.addContentTypeParser(certificateTypes, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  registerFor(server, org, {
    path: '/apps/:ownerId/credentials/csrs',
    scope: 'okta.apps',
    idOf: (call) => appOf(org, call.params.ownerId ?? '').id,
    keys: org.appKeys,
    operations: {
      list: 'listCsrsForApplication',
      generate: 'generateCsrForApplication',
      get: 'getCsrForApplication',
      revoke: 'revokeCsrFromApplication',
      publish: 'publishCsrFromApplication',
    },
  });
  registerFor(server, org, {
    path: '/idps/:ownerId/credentials/csrs',
    scope: 'okta.idps',
    idOf: (call) => identityProviderOf(org, call.params.ownerId ?? '').id,
    keys: org.identityProviderSigningKeys,
    operations: {
      list: 'listCsrsForIdentityProvider',
      generate: 'generateCsrForIdentityProvider',
      get: 'getCsrForIdentityProvider',
      revoke: 'revokeCsrForIdentityProvider',
      publish: 'publishCsrForIdentityProvider',
    },
  });
}

function registerFor(server: FastifyInstance, org: Org, owner: Owner): void {
  const { operations } = owner;
  const path = `/api/v1${owner.path}`;
  const read = `${owner.scope}.read`;
  const manage = `${owner.scope}.manage`;
  const requests = new Map<string, CertificateRequest[]>();
  const requestsOf = (call: Call) => requests.get(owner.idOf(call)) ?? [];
  const request = (call: Call): CertificateRequest => {
    const found = requestsOf(call).find((entry) => entry.id === call.params.csrId);
    if (found === undefined) throw notFound(call.params.csrId ?? '', 'Csr');
    return found;
  };
  const remove = (call: Call, gone: CertificateRequest) =>
    requests.set(
      owner.idOf(call),
      requestsOf(call).filter((entry) => entry !== gone),
    );
  const answer = (call: Call, entry: CertificateRequest): Json => {
    const self = `${owner.path.replace(':ownerId', owner.idOf(call))}/${entry.id}`;
    return {
      id: entry.id,
      created: entry.created,
      csr: entry.csr,
      kty: 'RSA',
      _links: {
        self: link(org, self, 'GET', 'DELETE'),
        publish: link(org, `${self}/lifecycle/publish`, 'POST'),
      },
    };
  };

  operation(server, org, { id: operations.list, method: 'GET', path, scope: read }, (call) =>
    ok(requestsOf(call).map((entry) => answer(call, entry))),
  );
  operation(server, org, { id: operations.generate, method: 'POST', path, scope: manage }, async (call) => {
    const id = owner.idOf(call);
    const body = asObject(call.body);
    if (asText(asObject(body.subject).commonName) === undefined) {
      throw invalid('subject', 'subject: The field cannot be left blank');
    }
    const added = await newCertificateRequest(body, org.clock);
    requests.set(id, [...(requests.get(id) ?? []), added]);
    return created(answer(call, added));
  });
  operation(server, org, { id: operations.get, method: 'GET', path: `${path}/:csrId`, scope: read }, (call) =>
    ok(answer(call, request(call))),
  );
  operation(server, org, { id: operations.revoke, method: 'DELETE', path: `${path}/:csrId`, scope: manage }, (call) => {
    remove(call, request(call));
    return noContent();
  });
  operation(
    server,
    org,
    { id: operations.publish, method: 'POST', path: `${path}/:csrId/lifecycle/publish`, scope: manage },
    (call) => {
      const found = request(call);
      const key = Buffer.isBuffer(call.body) ? certifiedKey(found, call.body, org.clock) : undefined;
      if (key === undefined) throw invalid('certificate', 'The certificate does not match the certificate request.');
      const id = owner.idOf(call);
      owner.keys.set(id, [...(owner.keys.get(id) ?? []), key]);
      remove(call, found);
      return created(signingKeyAnswer(key));
    },
  );
}
