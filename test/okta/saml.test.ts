import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCertificate } from '../../src/okta/certificate.js';
import { SamlMetadataXml } from '../../src/okta/saml-metadata.js';
import { readSamlResponse } from '../../src/okta/saml-response.js';
import { sharedFolder } from './support/shared.js';

const folder = sharedFolder('okta-data/saml');
const file = (name: string) => readFileSync(join(folder ?? '', name), 'utf8');

describe.skipIf(folder === null)('SAML of the real Okta (skipped where the recordings are absent)', () => {
  test("an app's metadata yields issuer, sign-on URL and certificate", () => {
    expect(SamlMetadataXml.parse(file('app-metadata.xml'))).toMatchObject({
      issuer: 'http://www.okta.com/exku8mdpwiBT9FCKd1d7',
      ssoUrl: expect.stringMatching(/^https:.*exku8mdpwiBT9FCKd1d7\/sso\/saml$/),
      nameIdFormats: ['urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
      certificate: expect.stringMatching(/^MIIDwj[A-Za-z0-9+/=]+$/),
      expiresAt: '2036-01-26T19:05:20.000Z',
    });
  });

  test('a response yields what the configuration must agree with, and nothing that could be used', () => {
    const xml = file('okta-response-2016.xml');
    const { thumbprint } = readCertificate(file('okta-response-2016-cert.pem'));
    const facts = readSamlResponse(Buffer.from(xml).toString('base64'));
    expect(facts).toMatchObject({
      issuer: 'http://www.okta.com/exk659aytfMeNI49v0h7',
      destination: 'http://localhost:8080/v1/_saml_callback',
      recipient: 'http://localhost:8080/v1/_saml_callback',
      certificateThumbprint: thumbprint,
      signed: 'both',
      status: 'Success',
      audience: expect.any(String),
      nameId: expect.any(String),
      notOnOrAfter: expect.stringMatching(/^2016-07-25T/),
    });
    expect(JSON.stringify(facts)).not.toContain('SignatureValue');
  });
});

const metadata = (inner: string) =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://www.okta.com/exk1">${inner}</md:EntityDescriptor>`;

describe('metadata that cannot be used is refused', () => {
  test.each([
    ['no XML', 'nothing'],
    ['HTML', '<html><body>Sign in</body></html>'],
    ['cut off', metadata('<md:IDPSSODescriptor>').slice(0, 120)],
    ['of a service provider', metadata('<md:SPSSODescriptor/>')],
    ['with a document type', `<!DOCTYPE x [<!ENTITY e "v">]>${metadata('')}`],
  ])('%s', (_case, xml) => {
    expect(SamlMetadataXml.safeParse(xml).success).toBe(false);
  });
});

test.each([
  ['nothing', ''],
  ['no XML', Buffer.from('nothing').toString('base64')],
  ['a request', Buffer.from('<AuthnRequest/>').toString('base64')],
  ['a document type', Buffer.from('<!DOCTYPE x><Response/>').toString('base64')],
])('what is no SAML response (%s) yields none', (_case, field) => {
  expect(readSamlResponse(field)).toBeNull();
});
