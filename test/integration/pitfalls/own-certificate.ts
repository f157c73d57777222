import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { z } from 'zod';
import { edit } from '../../world/by-hand.js';
import type { World } from '../../world/world.js';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** Has an app of the IdP org sign with a certificate of another authority that ends then; returns it in base64. */
export async function signUntil({ idpAdmin, sandbox }: World, appId: string, notAfter: Date): Promise<string> {
  const app = `/api/v1/apps/${appId}`;
  const subject = { countryName: 'US', commonName: 'Acme' };
  const request = await idpAdmin.post(`${app}/credentials/csrs`, { subject });
  const { id, csr } = z.object({ id: z.string(), csr: z.string() }).parse(request);
  const certificate = await issue(csr, notAfter);
  const published = await fetch(`${sandbox.idp.url}${app}/credentials/csrs/${id}/lifecycle/publish`, {
    method: 'POST',
    headers: { authorization: `SSWS ${sandbox.idp.token}`, 'content-type': 'application/x-pem-file' },
    body: certificate.toString('pem'),
  });
  const { kid } = z.object({ kid: z.string() }).parse(await published.json());
  await edit(idpAdmin, app, { 'credentials.signing.kid': kid });
  return Buffer.from(certificate.rawData).toString('base64');
}

async function issue(csr: string, notAfter: Date): Promise<x509.X509Certificate> {
  const size = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  const { privateKey } = await webcrypto.subtle.generateKey({ ...algorithm, ...size }, false, ['sign', 'verify']);
  return x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject: 'CN=Acme',
    issuer: 'CN=An authority',
    notBefore: new Date('2020-01-01'),
    notAfter,
    signingAlgorithm: algorithm,
    publicKey: new x509.Pkcs10CertificateRequest(csr).publicKey,
    signingKey: privateKey,
  });
}
