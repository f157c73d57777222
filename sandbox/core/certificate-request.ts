import 'reflect-metadata';
import { createHash, type KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { Clock } from './clock.js';
import { keyAlgorithm, modulusOf, readCertificate, takeKeyPair } from './keys.js';
import type { Json, SigningKey } from './records.js';
import { asObject, asText, asTexts } from './routing.js';

/** A key pair that waits for a certificate of another authority. `id` is the SHA-256 of the public key. */
export interface CertificateRequest {
  readonly id: string;
  readonly created: string;
  /** PKCS #10 in base64 DER. */
  readonly csr: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const subjectParts: readonly [string, string][] = [
  ['C', 'countryName'],
  ['ST', 'stateOrProvinceName'],
  ['L', 'localityName'],
  ['O', 'organizationName'],
  ['OU', 'organizationalUnitName'],
  ['CN', 'commonName'],
];

/** Makes a key pair and the request for its certificate from Okta's metadata `{ subject, subjectAltNames }`. */
export async function newCertificateRequest(metadata: Json, clock: Clock): Promise<CertificateRequest> {
  const { publicKey, privateKey } = await takeKeyPair();
  const subject = asObject(metadata.subject);
  const publicDer = publicKey.export({ type: 'spki', format: 'der' });
  const names = asTexts(asObject(metadata.subjectAltNames).dnsNames);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectParts.flatMap(([short, long]) => {
      const value = asText(subject[long]);
      return value === undefined ? [] : [{ [short]: [value] }];
    }),
    extensions:
      names.length === 0
        ? []
        : [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))],
    signingAlgorithm: keyAlgorithm,
    keys: {
      publicKey: await webcrypto.subtle.importKey('spki', publicDer, keyAlgorithm, true, ['verify']),
      privateKey: await webcrypto.subtle.importKey(
        'pkcs8',
        privateKey.export({ type: 'pkcs8', format: 'der' }),
        keyAlgorithm,
        false,
        ['sign'],
      ),
    },
  });
  return {
    id: createHash('sha256').update(publicDer).digest('base64url'),
    created: clock.iso(),
    csr: Buffer.from(request.rawData).toString('base64'),
    publicKey,
    privateKey,
  };
}

/**
 * The signing key of a request with the certificate that an authority gave it.
 *
 * @param body the certificate in DER, base64 or PEM
 * @returns undefined if it is no certificate of this key
 */
export function certifiedKey(request: CertificateRequest, body: Buffer, clock: Clock): SigningKey | undefined {
  const text = body.toString('latin1').replace(/-----(BEGIN|END) CERTIFICATE-----/g, '');
  const base64 = /^[A-Za-z0-9+/=\s]+$/.test(text) ? text : body.toString('base64');
  const facts = readCertificate(base64);
  if (facts === undefined || facts.n !== modulusOf(request.publicKey).n) return undefined;
  const now = clock.iso();
  return {
    kid: request.id,
    created: now,
    lastUpdated: now,
    expiresAt: clock.iso(facts.notAfter),
    privateKeyPem: request.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: facts.certificate,
    x5tS256: facts.x5tS256,
    n: facts.n,
    e: facts.e,
  };
}
