import { inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Clock } from '../../../sandbox/core/clock.js';
import { generateSigningKey } from '../../../sandbox/core/keys.js';
import type { SigningKey } from '../../../sandbox/core/records.js';
import { parseAuthnRequest } from '../../../sandbox/saml/authn-request.js';
import { type ResponseContent, signedResponse } from '../../../sandbox/saml/response.js';
import { startTargetApp, type TargetApp } from '../../../sandbox/target-app/target-app.js';
import { Browser } from '../saml/browser.js';
import { base64, content, signature } from '../saml/fixture.js';

const issuer = 'http://www.okta.com/exkDropbox';
const login = 'ann@one.example';

let clock: Clock;
let app: TargetApp;
let key: SigningKey;

beforeEach(async () => {
  clock = new Clock();
  app = await startTargetApp({ clock });
  key = await generateSigningKey({ commonName: 'sp', validityYears: 2, clock });
});
afterEach(() => app.stop());

function put(path: string, body: unknown): Promise<Response> {
  return fetch(app.url + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function configure(certificate = key.certificate): Promise<Response> {
  return put('/admin/sso', { signOnUrl: 'https://sp.example/app/dropbox/exk/sso/saml', certificate, issuer });
}

function response(changes: Partial<ResponseContent> = {}): Record<string, string> {
  const says = content({ ...app, issuer }, clock.now(), changes);
  return { SAMLResponse: base64(signedResponse(says, signature(key))), RelayState: '' };
}

describe('before sign-on is configured', () => {
  it('everyone is refused and told what is missing', async () => {
    for (const page of [
      await new Browser().open(`${app.url}/saml_login`),
      await new Browser().post(app.acsUrl, response()),
    ]) {
      expect(page.status).toBe(403);
      expect(page.html).toContain('data-error="sso-not-configured"');
    }
    expect(await (await fetch(`${app.url}/admin/sso`)).json()).toEqual({ configured: false });
  });

  it.each([
    ['a certificate that is none', () => ({ signOnUrl: 'https://sp.example/', certificate: 'abc' })],
    ['an address that is none', () => ({ signOnUrl: 'sp.example', certificate: key.certificate })],
    ['a script for an address', () => ({ signOnUrl: 'javascript:alert(1)', certificate: key.certificate })],
    ['nothing', () => ({})],
  ])('%s is not taken for a configuration', async (_what, settings) => {
    expect((await put('/admin/sso', settings())).status).toBe(400);
  });

  it('a certificate is taken as PEM and as bare base64', async () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${key.certificate}\n-----END CERTIFICATE-----\n`;
    for (const text of [key.certificate, pem]) {
      const answer = await configure(text);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ configured: true, issuer });
    }
  });
});

describe('sign-on', () => {
  beforeEach(() => configure());

  it('ends at a page that says who is signed in, also later', async () => {
    const browser = new Browser();
    const page = await browser.post(app.acsUrl, response());
    expect(page).toMatchObject({ status: 200, url: `${app.url}/`, signedInAs: login });
    expect((await browser.open(`${app.url}/`)).signedInAs).toBe(login);
    expect((await new Browser().open(`${app.url}/`)).signedInAs).toBeNull();
  });

  it('makes a member of whoever comes for the first time', async () => {
    await new Browser().post(app.acsUrl, response());
    const members = await (await fetch(`${app.url}/admin/members`)).json();
    expect(members).toMatchObject([{ login, firstName: 'Ann', lastName: 'Other', status: 'active' }]);
  });

  it.each(['suspended', 'removed'])('is refused for a member who is %s', async (status) => {
    expect((await put(`/admin/members/${login.toUpperCase()}`, { status })).status).toBe(200);
    const page = await new Browser().post(app.acsUrl, response());
    expect(page).toMatchObject({ status: 400, signedInAs: null });
    expect(app.state.log.all().at(-1)).toMatchObject({ event: 'sign_in_failed' });
    expect(app.state.log.all().at(-1)?.reason).toContain(`the member is ${status}`);
  });

  it('ends after an hour', async () => {
    const browser = new Browser();
    await browser.post(app.acsUrl, response());
    clock.advance(61 * 60_000);
    expect((await browser.open(`${app.url}/`)).signedInAs).toBeNull();
  });

  it('shows a name without running it', async () => {
    const page = await new Browser().post(app.acsUrl, response({ nameId: '"><script>alert(1)</script>' }));
    expect(page.signedInAs).toBe('"><script>alert(1)</script>');
    expect(page.html).not.toContain('<script>alert');
  });

  it('can start here: the request names the app, and its answer is taken once', async () => {
    const answer = await fetch(`${app.url}/saml_login`, { redirect: 'manual' });
    const location = new URL(answer.headers.get('location') ?? '');
    const xml = inflateRawSync(Buffer.from(location.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
    const request = parseAuthnRequest(xml);
    expect(request).toMatchObject({ issuer: app.audience, acsUrl: app.acsUrl, forceAuthn: false });
    const first = await new Browser().post(app.acsUrl, response({ inResponseTo: request.id }));
    const second = await new Browser().post(app.acsUrl, response({ inResponseTo: request.id }));
    expect([first.status, second.status]).toEqual([200, 400]);
  });

  it('stops with the old certificate as soon as another is configured', async () => {
    const fresh = await generateSigningKey({ commonName: 'sp', validityYears: 2, clock });
    await configure(fresh.certificate);
    expect((await new Browser().post(app.acsUrl, response())).status).toBe(400);
  });

  it('stops when the certificate has expired', async () => {
    clock.advance(3 * 365 * 24 * 3_600_000);
    expect((await new Browser().post(app.acsUrl, response())).status).toBe(400);
    expect(app.state.log.all().at(-1)?.reason).toContain('no trusted certificate is valid');
  });
});
