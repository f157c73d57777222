import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SigningKey } from '../../../sandbox/core/records.js';
import { type ResponseContent, type ResponseSignature, signedResponse } from '../../../sandbox/saml/response.js';
import { startTargetApp } from '../../../sandbox/target-app/target-app.js';
import {
  type Addressee,
  addIdentityProvider,
  base64,
  content,
  events,
  newKey,
  postForm,
  signature,
  startOrg,
} from './fixture.js';
import { withAssertionOf, wrappings } from './hostile-responses.js';

/** A service provider under attack. */
interface Victim extends Addressee {
  now(): number;
  readonly key: SigningKey;
  /** Why the last sign-on failed, as the log says it. */
  lastReason(): string;
  signIns(): number;
  stop(): Promise<void>;
}

const issuer = 'http://www.okta.com/exkTrusted';
const attacker = 'admin@sp.example';

async function spOrg(): Promise<Victim> {
  const { org, stop } = await startOrg('sp');
  const key = await newKey(org);
  const provider = await addIdentityProvider(org, { issuer, certificate: key.certificate });
  return {
    acsUrl: `${org.url}/sso/saml2/${provider.id}`,
    audience: provider.audience,
    issuer,
    now: () => org.clock.now(),
    key,
    lastReason: () => {
      const failed = events(org, 'user.authentication.auth_via_IDP').filter((one) => one.outcome?.result === 'FAILURE');
      return `${failed.at(-1)?.outcome?.reason}: ${failed.at(-1)?.debugData?.detail}`;
    },
    signIns: () => events(org, 'user.session.start').length,
    stop,
  };
}

async function targetApp(): Promise<Victim> {
  const { org, stop } = await startOrg('sp');
  const key = await newKey(org);
  await stop();
  const app = await startTargetApp();
  const settings = { signOnUrl: 'https://sp.example/sso', certificate: key.certificate, issuer };
  const configured = await fetch(`${app.url}/admin/sso`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  expect(configured.status).toBe(200);
  const activity = (event: string) => app.state.log.all().filter((line) => line.event === event);
  return {
    acsUrl: app.acsUrl,
    audience: app.audience,
    issuer,
    now: () => Date.now(),
    key,
    lastReason: () => activity('sign_in_failed').at(-1)?.reason ?? '',
    signIns: () => activity('sign_in_success').length,
    stop: () => app.stop(),
  };
}

describe.each([
  ['the ACS of the SP org', spOrg],
  ['the target app', targetApp],
])('%s', (_name, start) => {
  let victim: Victim;
  let other: SigningKey;

  beforeAll(async () => {
    victim = await start();
    const { org, stop } = await startOrg('other');
    other = await newKey(org);
    await stop();
  });
  afterAll(() => victim.stop());

  /** A Response of the trusted key; each one new, so that none fails for being used before. */
  function response(changes: Partial<ResponseContent> = {}, how: Partial<ResponseSignature> = {}): string {
    return signedResponse(content(victim, victim.now(), changes), signature(victim.key, how));
  }

  async function expectRefused(xml: string, reason: RegExp, status = 400): Promise<void> {
    const before = victim.signIns();
    const answer = await postForm(victim.acsUrl, { SAMLResponse: base64(xml), RelayState: '' });
    expect(victim.signIns()).toBe(before);
    expect(victim.lastReason()).toMatch(reason);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('set-cookie')).toBeNull();
  }

  it('lets in whom the trusted key names', async () => {
    const answer = await postForm(victim.acsUrl, { SAMLResponse: base64(response()), RelayState: '' });
    expect(victim.signIns()).toBe(1);
    expect(answer.status).toBe(303);
  });

  it.each([
    ['response only', { signAssertion: false }],
    ['assertion only', { signResponse: false }],
  ])('lets in with a signature over the %s', async (_what, how) => {
    const answer = await postForm(victim.acsUrl, { SAMLResponse: base64(response({}, how)), RelayState: '' });
    expect(answer.status).toBe(303);
  });

  it('refuses a Response without signature', async () => {
    await expectRefused(response({}, { signResponse: false, signAssertion: false }), /signature .*neither/);
  });

  it.each([{ signAssertion: false }, { signResponse: false }, {}])(
    'refuses the signature of another key %j',
    async (how) => {
      const xml = signedResponse(content(victim, victim.now()), signature(other, how));
      await expectRefused(xml, /digital signature.*no trusted key/);
    },
  );

  it('refuses the certificate of the trusted key over the signature of another', async () => {
    const key = { privateKey: other.privateKeyPem, certificate: victim.key.certificate };
    const xml = signedResponse(content(victim, victim.now()), { ...signature(other), key });
    await expectRefused(xml, /digital signature.*no trusted key/);
  });

  it.each(wrappings.map((wrapping) => [wrapping.name, wrapping] as const))('refuses %s', async (_name, wrapping) => {
    const how = wrapping.signed === 'response' ? { signAssertion: false } : { signResponse: false };
    const xml = wrapping.apply(response({}, how), attacker);
    expect(xml).toContain(attacker);
    await expectRefused(xml, /Unable to validate incoming SAML Assertion/);
  });

  it.each([
    ['stranger', () => other],
    ['the same key, about someone else', () => victim.key],
  ])('refuses a signed Response whose assertion was swapped for that of %s', async (_who, key) => {
    const signed = response();
    const stranger = signedResponse(content(victim, victim.now(), { nameId: attacker }), signature(key()));
    await expectRefused(withAssertionOf(signed, stranger), /digital signature/);
  });

  it('refuses an assertion that was changed after it was signed', async () => {
    await expectRefused(
      response().replace('>ann@one.example</saml2:NameID>', `>${attacker}</saml2:NameID>`),
      /digital signature/,
    );
  });

  it('refuses a comment inside the NameID, which canonicalization would hide', async () => {
    const xml = response({ nameId: `${attacker}.evil.example` });
    await expectRefused(xml.replace(`${attacker}.evil`, `${attacker}<!-- -->.evil`), /contains a comment/);
  });

  it.each([
    ['a DTD', '<!DOCTYPE saml2p:Response SYSTEM "http://127.0.0.1:9/evil.dtd">'],
    ['an internal entity', '<!DOCTYPE r [<!ENTITY a "admin">]>'],
    ['an entity bomb', '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'],
    ['an external entity', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
  ])('refuses %s', async (_what, declaration) => {
    await expectRefused(response().replace('?>', `?>${declaration}`), /DTD or entities/);
  });

  it('refuses a processing instruction', async () => {
    await expectRefused(response().replace('<saml2p:Status>', '<?evil?><saml2p:Status>'), /processing instruction/);
  });

  it.each<[string, Partial<ResponseContent>, RegExp]>([
    ['issuer', { issuer: 'http://www.okta.com/exkOther' }, /Issuer in the SAML response did not match/],
    ['issuer, by a slash', { issuer: `${issuer}/` }, /Issuer in the SAML response did not match/],
    ['audience', { audience: 'https://other.example' }, /designate us .*Found "https:\/\/other\.example", expected/],
    ['recipient', { recipient: 'https://other.example/acs' }, /the Recipient is "https:\/\/other\.example\/acs"/],
    ['destination', { destination: 'https://other.example/acs' }, /the Destination is "https:\/\/other\.example\/acs"/],
  ])('refuses another %s', async (_what, changes, reason) => {
    await expectRefused(response(changes), reason);
  });

  it('refuses an expired assertion', async () => {
    await expectRefused(response({ issuedAt: new Date(victim.now() - 15 * 60_000) }), /has expired/);
  });

  it('refuses an assertion that is not yet valid', async () => {
    await expectRefused(response({ issuedAt: new Date(victim.now() + 15 * 60_000) }), /not yet valid/);
  });

  it('refuses an assertion that was used before', async () => {
    const xml = response();
    expect((await postForm(victim.acsUrl, { SAMLResponse: base64(xml) })).status).toBe(303);
    await expectRefused(xml, /used before/);
  });

  it('refuses the answer to a request that was never sent', async () => {
    await expectRefused(response({ inResponseTo: 'id123' }), /no request with the ID "id123"/);
  });

  it('refuses an answer from whose Response the request was removed', async () => {
    const xml = response({ inResponseTo: 'id123' }, { signResponse: false });
    await expectRefused(xml.replace(' InResponseTo="id123"', ''), /different requests/);
  });

  it('refuses SHA-1 where SHA-256 is demanded', async () => {
    await expectRefused(response({}, { algorithm: 'SHA-1' }), /SHA-256 is demanded/);
  });

  it('refuses a failure that the identity provider reports', async () => {
    const xml = response({}, { signResponse: false }).replace('status:Success', 'status:Responder');
    await expectRefused(xml, /answers with status .*Responder/);
  });

  it('refuses a deflated bomb without inflating it', async () => {
    const bomb = deflateRawSync(Buffer.alloc(200 * 1024 * 1024, ' '));
    const memory = process.memoryUsage().rss;
    const answer = await postForm(victim.acsUrl, { SAMLResponse: bomb.toString('base64') });
    expect(answer.status).toBe(400);
    expect(process.memoryUsage().rss - memory).toBeLessThan(100 * 1024 * 1024);
    expect(victim.lastReason()).toMatch(/not well-formed|not a SAML Response/);
  });

  it('refuses a body of 10 MB with 413 and says so in the log', async () => {
    const answer = await postForm(victim.acsUrl, { SAMLResponse: 'A'.repeat(10 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(victim.lastReason()).toMatch(/longer than|too large/);
  });

  it('refuses elements nested fifty thousand deep', async () => {
    const deep = '<a>'.repeat(50_000) + '</a>'.repeat(50_000);
    await expectRefused(
      response().replace('<saml2p:Status>', `${deep}<saml2p:Status>`),
      /Unable to validate|digital signature/,
    );
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['random bytes', randomBytes(500).toString('latin1')],
    ['another document', '<a/>'],
    ['an unknown namespace', '<Response><Assertion/></Response>'],
  ])('refuses %s', async (_what, text) => {
    await expectRefused(text, /Unable to validate incoming SAML Assertion/);
  });

  it('refuses a form with two Responses', async () => {
    const body = new URLSearchParams([
      ['SAMLResponse', base64(response())],
      ['SAMLResponse', base64(response())],
    ]);
    const answer = await fetch(victim.acsUrl, { method: 'POST', body, redirect: 'manual' });
    expect(answer.status).toBe(400);
    expect(victim.lastReason()).toMatch(/no single SAMLResponse/);
  });
});
