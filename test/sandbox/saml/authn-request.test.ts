import { createPublicKey, createVerify, X509Certificate } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { SAML } from '@node-saml/node-saml';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import type { App, IdentityProvider, SigningKey } from '../../../sandbox/core/records.js';
import { ssoUrlOf } from '../../../sandbox/management/apps.js';
import { AuthnRequestRefused, newAuthnRequest, parseAuthnRequest } from '../../../sandbox/saml/authn-request.js';
import { inflatedMessage, redirectUrl } from '../../../sandbox/saml/redirect-binding.js';
import { certificatePem } from '../../../sandbox/saml/xml-signature.js';
import { Browser } from './browser.js';
import {
  addIdentityProvider,
  addOrgToOrgApp,
  addUser,
  assign,
  events,
  newKey,
  password,
  postForm,
  type RunningOrg,
  startOrg,
} from './fixture.js';

let idp: RunningOrg;
let sp: RunningOrg;
let provider: IdentityProvider;
let app: App;
let key: SigningKey;

beforeAll(async () => {
  [idp, sp] = await Promise.all([startOrg('idp'), startOrg('sp')]);
  const { certificate } = await newKey(sp.org);
  provider = await addIdentityProvider(sp.org, { issuer: 'any', certificate });
  app = await addOrgToOrgApp(idp.org, sp.org, provider);
  assign(idp.org, app, addUser(idp.org, 'ann@one.example'));
  const [signing] = sp.org.identityProviderSigningKeys.get(provider.id) ?? [];
  if (signing === undefined) throw new Error('the provider has no key');
  key = signing;
});
afterAll(() => Promise.all([idp.stop(), sp.stop()]));

function requestFor(acsUrl: string, destination: string): { id: string; xml: string } {
  const issuedAt = new Date(idp.org.clock.now());
  return newAuthnRequest({
    issuer: provider.audience,
    destination,
    acsUrl,
    nameIdFormat: null,
    forceAuthn: false,
    issuedAt,
  });
}

const acsUrl = () => `${sp.org.url}/sso/saml2/${provider.id}`;

describe('an AuthnRequest', () => {
  it('is read as it was written, whatever stands in it', () => {
    const text = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .map((value) => value.replaceAll(/[\u0085\u2028\u2029]/g, '\n').replaceAll('\uFFFD', ''))
      .filter((value) => value !== '' && value.trim() === value);
    fc.assert(
      fc.property(text, text, (issuer, destination) => {
        const { id, xml } = newAuthnRequest({
          issuer,
          destination,
          acsUrl: destination,
          nameIdFormat: null,
          forceAuthn: true,
          issuedAt: new Date(0),
        });
        const expected = { id, issuer, destination, acsUrl: destination, nameIdFormat: null, forceAuthn: true };
        expect(parseAuthnRequest(xml)).toEqual(expected);
      }),
    );
  });

  it('carries the line ends that parsers disagree about as line feeds', () => {
    const asked = {
      destination: 'a\u2028b',
      acsUrl: 'a',
      nameIdFormat: null,
      forceAuthn: false,
      issuedAt: new Date(0),
    };
    const { xml } = newAuthnRequest({ ...asked, issuer: 'a\u0085b' });
    expect(parseAuthnRequest(xml)).toMatchObject({ issuer: 'a\nb', destination: 'a\nb' });
  });

  it('survives the redirect binding', () => {
    const { xml } = requestFor(acsUrl(), 'https://idp.example/sso');
    const url = new URL(redirectUrl('https://idp.example/sso?a=b', xml, 'x y', null));
    expect(inflatedMessage(url.searchParams.get('SAMLRequest') ?? '')).toBe(xml);
    expect(url.searchParams.get('RelayState')).toBe('x y');
    expect(url.searchParams.get('a')).toBe('b');
  });

  it.each(['SHA-1', 'SHA-256'] as const)('by redirect is signed with %s over the query', (algorithm) => {
    const signing = { privateKey: key.privateKeyPem, algorithm };
    const url = redirectUrl('https://idp.example/sso', requestFor(acsUrl(), 'x').xml, 'state', signing);
    const [signed = '', signature = ''] = (url.split('?')[1] ?? '').split('&Signature=');
    const verifier = createVerify(algorithm === 'SHA-1' ? 'RSA-SHA1' : 'RSA-SHA256').update(signed);
    const publicKey = createPublicKey(
      new X509Certificate(Buffer.from(key.certificate, 'base64')).publicKey.export({ type: 'spki', format: 'pem' }),
    );
    expect(verifier.verify(publicKey, decodeURIComponent(signature), 'base64')).toBe(true);
  });

  it('by POST is signed with the key in the metadata of the SP org', async () => {
    const page = await new Browser().open(acsUrl(), false);
    const xml = Buffer.from(page.form?.fields.SAMLRequest ?? '', 'base64').toString();
    const metadata = await (await fetch(`${sp.org.url}/api/v1/idps/${provider.id}/metadata.xml`)).text();
    const certificate = /use="signing".*?<ds:X509Certificate>([^<]*)</s.exec(metadata)?.[1] ?? '';
    const verifier = new SignedXml({ publicCert: certificatePem(certificate) });
    verifier.loadSignature(/<ds:Signature .*<\/ds:Signature>/s.exec(xml)?.[0] ?? '');
    expect(verifier.checkSignature(xml)).toBe(true);
    expect(parseAuthnRequest(verifier.getSignedReferences()[0] ?? '')).toMatchObject({ issuer: provider.audience });
  });

  it('is not signed where the identity provider wants none', async () => {
    provider.protocol = {
      ...provider.protocol,
      algorithms: { request: { signature: { algorithm: 'SHA-256', scope: 'NONE' } } },
    };
    const page = await new Browser().open(acsUrl(), false);
    expect(Buffer.from(page.form?.fields.SAMLRequest ?? '', 'base64').toString()).not.toContain('Signature');
  });

  it('of another library is answered to the app', async () => {
    const saml = new SAML({
      entryPoint: ssoUrlOf(idp.org, app),
      issuer: provider.audience,
      callbackUrl: acsUrl(),
      idpCert: key.certificate,
    });
    const browser = new Browser();
    const asked = await browser.open(await saml.getAuthorizeUrlAsync('state', undefined, {}), false);
    const fromURI = new URL(asked.url).searchParams.get('fromURI') ?? '';
    const fields = { username: 'ann@one.example', password, fromURI };
    const page = await browser.post(`${idp.org.url}/login/login.htm`, fields, false);
    expect(page.form).toMatchObject({ action: acsUrl(), fields: { RelayState: 'state' } });
  });
});

describe('the sign-on URL refuses', () => {
  const sso = () => ssoUrlOf(idp.org, app);

  async function expectRefused(answer: Response, reason: RegExp): Promise<void> {
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('BAD_SAML_REQUEST');
    expect(events(idp.org, 'user.authentication.sso').at(-1)?.outcome?.reason).toMatch(reason);
  }

  function redirected(message: string): Promise<Response> {
    return fetch(`${sso()}?SAMLRequest=${encodeURIComponent(message)}`, { redirect: 'manual' });
  }

  it('a deflate bomb', async () => {
    const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024)).toString('base64');
    await expectRefused(await redirected(bomb), /inflates to more than 65536 bytes/);
  });

  it('what is no deflated message', async () => {
    await expectRefused(await redirected('hello'), /not a deflated message/);
  });

  it('a message that is no AuthnRequest', async () => {
    await expectRefused(await redirected(deflateRawSync('<a/>').toString('base64')), /not an AuthnRequest/);
  });

  it('a DTD', async () => {
    const xml = `<!DOCTYPE a [<!ENTITY b "c">]>${requestFor(acsUrl(), sso()).xml}`;
    await expectRefused(await redirected(deflateRawSync(xml).toString('base64')), /DTD/);
  });

  it('a body of 10 MB, with 413', async () => {
    expect((await postForm(sso(), { SAMLRequest: 'A'.repeat(10 * 1024 * 1024) })).status).toBe(413);
  });

  it.each([
    ['another address', () => requestFor('https://evil.example/acs', sso()), /AssertionConsumerServiceURL/],
    ['another destination', () => requestFor(acsUrl(), 'https://evil.example/'), /Destination/],
  ])('a request that names %s', async (_what, request, reason) => {
    const browser = new Browser();
    await browser.post(`${idp.org.url}/login/login.htm`, { username: 'ann@one.example', password });
    const url = redirectUrl(sso(), request().xml, null, null);
    expect((await browser.open(url)).status).toBe(400);
    expect(events(idp.org, 'user.authentication.sso').at(-1)?.outcome?.reason).toMatch(reason);
  });

  it.each(['', '<AuthnRequest/>', '<a', 'ÿ'])('the text %j, by its reader', (text) => {
    expect(() => parseAuthnRequest(text)).toThrow(AuthnRequestRefused);
  });
});
