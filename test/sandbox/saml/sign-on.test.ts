import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { App, IdentityProvider, SigningKey, User } from '../../../sandbox/core/records.js';
import { systemActor } from '../../../sandbox/core/system-log.js';
import { createApp, ssoUrlOf } from '../../../sandbox/management/apps.js';
import { deactivateUser, suspendUser } from '../../../sandbox/management/user-lifecycle.js';
import { appSignOn } from '../../../sandbox/saml/app-settings.js';
import { embedPath } from '../../../sandbox/saml/embed-link.js';
import { startTargetApp, type TargetApp } from '../../../sandbox/target-app/target-app.js';
import { Browser, type Page } from './browser.js';
import {
  addIdentityProvider,
  addOrgToOrgApp,
  addUser,
  assign,
  events,
  newKey,
  password,
  type RunningOrg,
  startOrg,
  trust,
} from './fixture.js';

const login = 'ann@one.example';

let idp: RunningOrg;
let sp: RunningOrg;
let targetApp: TargetApp;
let ann: User;
let app: App;
let provider: IdentityProvider;
let browser: Browser;

beforeEach(async () => {
  [idp, sp, targetApp] = await Promise.all([startOrg('idp'), startOrg('sp'), startTargetApp()]);
  sp.org.targetAppUrl = targetApp.url;
  ann = addUser(idp.org, login);
  const placeholder = await newKey(sp.org);
  provider = await addIdentityProvider(sp.org, { issuer: 'later', certificate: placeholder.certificate });
  app = await addOrgToOrgApp(idp.org, sp.org, provider);
  trustApp(app, provider);
  assign(idp.org, app, ann);
  browser = new Browser();
});
afterEach(() => Promise.all([idp.stop(), sp.stop(), targetApp.stop()]));

/** Puts issuer, sign-on URL and certificate of the app into the identity provider, as a person would. */
function trustApp(from: App, to: IdentityProvider): void {
  const settings = appSignOn(idp.org, from);
  const [key] = idp.org.appKeys.get(from.id) ?? [];
  if (settings === null || key === undefined) throw new Error('the app is not complete');
  const kid = trust(sp.org, key.certificate);
  const { ssoUrl, issuer } = settings;
  to.protocol = {
    ...to.protocol,
    endpoints: { sso: { url: ssoUrl, binding: 'HTTP-POST', destination: ssoUrl } },
    credentials: { trust: { issuer, audience: to.audience, kid, additionalKids: [] } },
  };
}

async function sessionToken(
  user = login,
  secret = password,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${idp.org.url}/api/v1/authn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: user, password: secret }),
  });
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
}

/** Signs Ann in to the IdP org and opens an address of it. */
async function signedInAt(path: string, submits = true): Promise<Page> {
  const { body } = await sessionToken();
  const query = new URLSearchParams({ token: String(body.sessionToken), redirectUrl: `${idp.org.url}${path}` });
  return browser.open(`${idp.org.url}/login/sessionCookieRedirect?${query}`, submits);
}

describe('login and password', () => {
  it('give a session token that starts one session, once', async () => {
    const { status, body } = await sessionToken();
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'SUCCESS', _embedded: { user: { id: ann.id, profile: { login } } } });
    const url = `${idp.org.url}/login/sessionCookieRedirect?token=${body.sessionToken}`;
    expect((await browser.open(url)).signedInAs).toBe(login);
    expect(events(idp.org, 'user.session.start').map((event) => event.outcome?.result)).toEqual(['SUCCESS']);
    expect(ann.lastLogin).not.toBeNull();
    expect((await new Browser().open(url)).html).toContain('type="password"');
  });

  it('give a token that ends after five minutes', async () => {
    const { body } = await sessionToken();
    idp.org.clock.advance(5 * 60_000);
    const page = await browser.open(`${idp.org.url}/login/sessionCookieRedirect?token=${body.sessionToken}`);
    expect(page.signedInAs).toBeNull();
  });

  it('are refused with E0000004 if one is wrong, and the log says so', async () => {
    for (const [user, secret] of [
      [login, 'wrong'],
      ['nobody@one.example', password],
    ] as const) {
      expect(await sessionToken(user, secret)).toMatchObject({ status: 401, body: { errorCode: 'E0000004' } });
    }
    expect(events(idp.org, 'user.session.start').map((event) => event.outcome?.reason)).toEqual([
      'INVALID_CREDENTIALS',
      'VERIFICATION_ERROR',
    ]);
  });

  it('are refused where a field is missing', async () => {
    expect(await sessionToken(login, '')).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
  });

  it('lock the account after ten wrong passwords', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await sessionToken(login, 'wrong');
    expect(ann.status).toBe('LOCKED_OUT');
    expect(events(idp.org, 'user.account.lock')).toHaveLength(1);
    expect(await sessionToken()).toMatchObject({ status: 401, body: { errorCode: 'E0000004' } });
  });

  it('of a suspended or deactivated user are refused', async () => {
    suspendUser(idp.org, ann, systemActor);
    expect((await sessionToken()).status).toBe(401);
    deactivateUser(idp.org, ann, systemActor);
    expect((await sessionToken()).status).toBe(401);
  });

  it('of a user whose password has expired give no session token', async () => {
    ann.status = 'PASSWORD_EXPIRED';
    const { status, body } = await sessionToken();
    expect(status).toBe(200);
    expect(body.status).toBe('PASSWORD_EXPIRED');
    expect(body.sessionToken).toBeUndefined();
  });

  it('entered on the sign-in page lead on to where the person wanted to go', async () => {
    const asked = await browser.open(`${idp.org.url}${embedPath(app)}`);
    expect(asked.html).toContain('type="password"');
    const fromURI = new URL(asked.url).searchParams.get('fromURI') ?? '';
    const wrong = await browser.post(`${idp.org.url}/login/login.htm`, { username: login, password: 'no', fromURI });
    expect(wrong.status).toBe(401);
    const page = await browser.post(`${idp.org.url}/login/login.htm`, { username: login, password, fromURI });
    expect(page.url).toBe(`${sp.org.url}/app/UserHome`);
  });

  it('never lead to a stranger by an address of the org that begins with two slashes', async () => {
    const { body } = await sessionToken();
    const redirectUrl = `${idp.org.url}//evil.example/`;
    const query = new URLSearchParams({ token: String(body.sessionToken), redirectUrl });
    expect(new URL((await browser.open(`${idp.org.url}/login/sessionCookieRedirect?${query}`)).url).origin).toBe(
      idp.org.url,
    );
  });

  it.each(['https://evil.example/', '//evil.example/', 'javascript:alert(1)'])('never lead to %s', async (target) => {
    const { body } = await sessionToken();
    const query = new URLSearchParams({ token: String(body.sessionToken), redirectUrl: target });
    expect((await browser.open(`${idp.org.url}/login/sessionCookieRedirect?${query}`)).status).toBe(400);
    const fields = { username: login, password, fromURI: target };
    expect((await browser.post(`${idp.org.url}/login/login.htm`, fields)).url).toBe(`${idp.org.url}/app/UserHome`);
  });
});

describe('sign-on that the IdP org starts', () => {
  it('creates the user in the SP org and shows the dashboard there', async () => {
    const page = await signedInAt(embedPath(app));
    expect(page).toMatchObject({ status: 200, url: `${sp.org.url}/app/UserHome`, signedInAs: login });
    expect(events(idp.org, 'user.authentication.sso').map((event) => event.outcome?.result)).toEqual(['SUCCESS']);
    const [arrival] = events(sp.org, 'user.authentication.auth_via_IDP');
    expect(arrival).toMatchObject({ outcome: { result: 'SUCCESS' }, actor: { alternateId: login } });
    expect(events(sp.org, 'user.session.start')).toHaveLength(1);
    const created = sp.org.users.find((user) => user.profile.login === login);
    expect(created).toMatchObject({
      status: 'ACTIVE',
      provider: { type: 'FEDERATION' },
      profile: { firstName: 'Ann', lastName: 'Other', email: login },
    });
  });

  it('keeps both sessions though both orgs share a host', async () => {
    await signedInAt(embedPath(app));
    expect((await browser.open(`${idp.org.url}/app/UserHome`)).signedInAs).toBe(login);
    expect((await browser.open(`${sp.org.url}/app/UserHome`)).signedInAs).toBe(login);
  });

  it('works by a session token on the embed link', async () => {
    const { body } = await sessionToken();
    const page = await browser.open(`${idp.org.url}${embedPath(app)}?sessionToken=${body.sessionToken}`);
    expect(page.url).toBe(`${sp.org.url}/app/UserHome`);
  });

  it('goes on to the target app by a deep link in RelayState', async () => {
    const deepLink = await withTargetApp();
    const page = await signedInAt(`${embedPath(app)}?RelayState=${encodeURIComponent(deepLink)}`);
    expect(page).toMatchObject({ status: 200, url: `${targetApp.url}/`, signedInAs: login });
    expect(await (await fetch(`${targetApp.url}/admin/members`)).json()).toMatchObject([{ login, status: 'active' }]);
  });

  it('goes on to the default relay state of the app', async () => {
    const deepLink = await withTargetApp();
    app.settings = { ...app.settings, signOn: { defaultRelayState: deepLink } };
    expect((await signedInAt(embedPath(app))).url).toBe(`${targetApp.url}/`);
  });

  it('ignores a RelayState that leads out of the org', async () => {
    const page = await signedInAt(`${embedPath(app)}?RelayState=${encodeURIComponent('https://evil.example/')}`);
    expect(page.url).toBe(`${sp.org.url}/app/UserHome`);
  });

  it('shows a tile for each app on the dashboard, and no others', async () => {
    await createApp(idp.org, { name: 'dropbox_for_business', label: 'Not hers', signOnMode: 'SAML_2_0' }, systemActor);
    const page = await signedInAt('/app/UserHome');
    expect(page.html).toContain(`href="${embedPath(app)}"`);
    expect(page.html).not.toContain('Not hers');
  });

  it('is refused for a user who is not assigned, and the log says so', async () => {
    idp.org.appUsers.get(app.id)?.delete(ann.id);
    const page = await signedInAt(embedPath(app));
    expect(page.status).toBe(403);
    expect(events(idp.org, 'app.generic.unauth_app_access_attempt')[0]).toMatchObject({
      outcome: { result: 'FAILURE', reason: 'User is not assigned to the app' },
      actor: { id: ann.id },
    });
  });

  it('is refused for an app that is switched off', async () => {
    app.status = 'INACTIVE';
    expect((await signedInAt(embedPath(app))).status).toBe(403);
  });

  it('is refused while the app lacks its ACS URL', async () => {
    app.settings = { ...app.settings, app: { baseUrl: sp.org.url, acsUrl: null, audRestriction: null } };
    expect((await signedInAt(embedPath(app))).status).toBe(400);
    expect(events(idp.org, 'user.authentication.sso')[0]?.outcome?.reason).toMatch(/lacks the ACS URL/);
  });

  it('ends when the user is suspended: the session no longer counts', async () => {
    await signedInAt('/app/UserHome');
    suspendUser(idp.org, ann, systemActor);
    expect((await browser.open(`${idp.org.url}${embedPath(app)}`)).html).toContain('type="password"');
  });

  it('ends by signing out', async () => {
    await signedInAt('/app/UserHome');
    await browser.open(`${idp.org.url}/login/signout`);
    expect((await browser.open(`${idp.org.url}/app/UserHome`)).signedInAs).toBeNull();
    expect(events(idp.org, 'user.session.end')).toHaveLength(1);
  });

  it('answers 404 for an app that does not exist', async () => {
    expect((await signedInAt('/home/okta_org2org/0oaNothing/51975')).status).toBe(404);
  });
});

describe('sign-on that the SP org starts', () => {
  it('asks at the IdP org and comes back, by POST', async () => {
    await signedInAt('/app/UserHome');
    const page = await browser.open(`${sp.org.url}/sso/saml2/${provider.id}`);
    expect(page).toMatchObject({ url: `${sp.org.url}/app/UserHome`, signedInAs: login });
  });

  it('asks at the IdP org and comes back, by redirect', async () => {
    provider.protocol = {
      ...provider.protocol,
      endpoints: {
        sso: { url: ssoUrlOf(idp.org, app), binding: 'HTTP-REDIRECT', destination: ssoUrlOf(idp.org, app) },
      },
    };
    await signedInAt('/app/UserHome');
    const page = await browser.open(`${sp.org.url}/sso/saml2/${provider.id}`);
    expect(page).toMatchObject({ url: `${sp.org.url}/app/UserHome`, signedInAs: login });
  });

  it('answers the request after the person has signed in', async () => {
    const asked = await browser.open(`${sp.org.url}/sso/saml2/${provider.id}`);
    const fromURI = new URL(asked.url).searchParams.get('fromURI') ?? '';
    const page = await browser.post(`${idp.org.url}/login/login.htm`, { username: login, password, fromURI });
    expect(page).toMatchObject({ url: `${sp.org.url}/app/UserHome`, signedInAs: login });
  });

  it('goes on to the app of a deep link', async () => {
    const target = new URL(await withTargetApp()).pathname;
    await signedInAt('/app/UserHome');
    const page = await browser.open(`${sp.org.url}/sso/saml2/${provider.id}${target}`);
    expect(page).toMatchObject({ url: `${targetApp.url}/`, signedInAs: login });
  });

  it('refuses a second answer to one request', async () => {
    await signedInAt('/app/UserHome');
    const asked = await browser.open(`${sp.org.url}/sso/saml2/${provider.id}`, false);
    const request = asked.form?.fields ?? {};
    const action = asked.form?.action ?? '';
    const first = await browser.post(action, request, false);
    const second = await browser.post(action, request, false);
    const acs = first.form?.action ?? '';
    expect((await browser.post(acs, first.form?.fields ?? {})).status).toBe(200);
    expect((await browser.post(acs, second.form?.fields ?? {})).status).toBe(400);
  });

  it('is refused for an identity provider that is switched off', async () => {
    provider.status = 'INACTIVE';
    expect((await browser.open(`${sp.org.url}/sso/saml2/${provider.id}`)).status).toBe(400);
    const page = await signedInAt(embedPath(app));
    expect(page.status).toBe(400);
    expect(page.html).toContain('GENERAL_NONSUCCESS');
  });
});

describe('keys', () => {
  it('work in a roll-over: the old and the new one while both are trusted', async () => {
    const fresh: SigningKey = await newKey(idp.org);
    idp.org.appKeys.get(app.id)?.push(fresh);
    app.credentials = { ...app.credentials, signing: { kid: fresh.kid } };
    expect((await signedInAt(embedPath(app))).status).toBe(400);
    expect(events(sp.org, 'user.authentication.auth_via_IDP').at(-1)?.outcome?.reason).toMatch(/digital signature/);
    const kid = trust(sp.org, fresh.certificate);
    const credentials = provider.protocol.credentials as { trust: object };
    provider.protocol = {
      ...provider.protocol,
      credentials: { ...credentials, trust: { ...credentials.trust, additionalKids: [kid] } },
    };
    expect((await signedInAt(embedPath(app))).status).toBe(200);
  });
});

describe('the target app of the SP org', () => {
  it('signs in a member whom it sends to the SP org', async () => {
    addUser(sp.org, login);
    await withTargetApp();
    await signedInAt(embedPath(app));
    expect((await browser.open(`${targetApp.url}/saml_login`)).signedInAs).toBe(login);
  });
});

/** Sets the target app up in the SP org and in its own console; everyone is assigned. Returns its sign-on URL. */
async function withTargetApp(): Promise<string> {
  const dropbox = await createApp(sp.org, { name: 'dropbox_for_business', label: 'Dropbox' }, systemActor);
  const user = sp.org.users.find((one) => one.profile.login === login) ?? addUser(sp.org, login);
  assign(sp.org, dropbox, user);
  const [key] = sp.org.appKeys.get(dropbox.id) ?? [];
  const signOnUrl = ssoUrlOf(sp.org, dropbox);
  const answer = await fetch(`${targetApp.url}/admin/sso`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ signOnUrl, certificate: key?.certificate }),
  });
  expect(answer.status).toBe(200);
  return signOnUrl;
}
