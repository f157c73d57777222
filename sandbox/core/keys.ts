import 'reflect-metadata';
import {
  createHash,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  X509Certificate as NodeCertificate,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';
import type { Clock } from './clock.js';
import type { SigningKey } from './records.js';

const generate = promisify(generateKeyPair);
/** How the sandbox's keys sign certificates and requests for them. */
export const keyAlgorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const ready: Promise<KeyPair>[] = [];
const kept = 2;

/** RSA keys take about 100 ms to make: a few are made ahead, so that an app is created at once. */
export async function takeKeyPair(): Promise<KeyPair> {
  const pair = ready.shift() ?? generate('rsa', { modulusLength: 2048 });
  const result = await pair;
  while (ready.length < kept) ready.push(generate('rsa', { modulusLength: 2048 }));
  return result;
}

export interface SigningKeyOptions {
  readonly commonName: string;
  readonly validityYears: number;
  readonly clock: Clock;
}

/** Makes an RSA key of 2048 bit with a self-signed certificate. Its id is the SHA-256 of the public key, as at Okta. */
export async function generateSigningKey(options: SigningKeyOptions): Promise<SigningKey> {
  const pair = await takeKeyPair();
  const publicDer = pair.publicKey.export({ type: 'spki', format: 'der' });
  const privateDer = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const notBefore = new Date(Math.floor(options.clock.now() / 1000) * 1000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + options.validityYears);
  const name = `C=US, ST=California, L=San Francisco, O=Okta, OU=SSOProvider, CN=${options.commonName}, E=info@okta.com`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(7).toString('hex')}`,
    name,
    notBefore,
    notAfter,
    signingAlgorithm: keyAlgorithm,
    keys: {
      publicKey: await webcrypto.subtle.importKey('spki', publicDer, keyAlgorithm, true, ['verify']),
      privateKey: await webcrypto.subtle.importKey('pkcs8', privateDer, keyAlgorithm, false, ['sign']),
    },
  });
  const der = Buffer.from(certificate.rawData);
  const now = options.clock.iso();
  return {
    kid: createHash('sha256').update(publicDer).digest('base64url'),
    created: now,
    lastUpdated: now,
    expiresAt: options.clock.iso(notAfter.getTime()),
    privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: der.toString('base64'),
    x5tS256: createHash('sha256').update(der).digest('base64url'),
    ...modulusOf(pair.publicKey),
  };
}

/** What a certificate says about itself. */
export interface CertificateFacts {
  readonly certificate: string;
  readonly x5tS256: string;
  readonly n: string;
  readonly e: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

/** Reads a certificate in base64 DER, line breaks allowed. Returns undefined if it is none, or not of an RSA key. */
export function readCertificate(base64: string): CertificateFacts | undefined {
  try {
    const der = Buffer.from(base64.replace(/\s+/g, ''), 'base64');
    const certificate = new NodeCertificate(der);
    if (certificate.publicKey.asymmetricKeyType !== 'rsa') return undefined;
    return {
      certificate: der.toString('base64'),
      x5tS256: createHash('sha256').update(der).digest('base64url'),
      notAfter: Date.parse(certificate.validTo),
      ...modulusOf(certificate.publicKey),
    };
  } catch {
    return undefined;
  }
}

/** Modulus and exponent of a public RSA key as a JWK writes them. */
export function modulusOf(publicKey: KeyObject): { n: string; e: string } {
  const jwk = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
  return { n: jwk.n ?? '', e: jwk.e ?? '' };
}
