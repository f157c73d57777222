import type { Org } from '../core/org.js';
import type { App, AppUser } from '../core/records.js';
import { signingKeyOf } from '../management/apps.js';
import { groupIdsOf } from '../management/group-members.js';
import { appSignOn, samlAttributes } from './app-settings.js';
import { type AuthnRequest, AuthnRequestRefused } from './authn-request.js';
import { signedResponse } from './response.js';
import type { CurrentSession } from './session.js';

/** What the browser posts to the service provider, or what the app lacks for it. */
export type AppResponse =
  | { readonly acsUrl: string; readonly xml: string; readonly defaultRelayState: string | null }
  | { readonly missing: string };

/**
 * Signs a Response about the user for the app with the app's active key.
 * @throws AuthnRequestRefused if the request that is answered was meant for something else
 */
export function appResponse(
  org: Org,
  app: App,
  appUser: AppUser,
  { user, session }: CurrentSession,
  asked: AuthnRequest | null,
): AppResponse {
  if (app.signOnMode !== 'SAML_2_0') return { missing: 'sign-on by SAML' };
  const settings = appSignOn(org, app);
  if (settings === null) return { missing: 'the ACS URL or the audience' };
  const signing = signingKeyOf(org, app);
  if (signing === undefined) return { missing: 'a signing key' };
  if (!appUser.userName) return { missing: 'a user name for the user' };
  if (asked?.destination && asked.destination !== settings.ssoUrl) {
    throw new AuthnRequestRefused('its Destination is not the sign-on URL of this app');
  }
  if (asked?.acsUrl && asked.acsUrl !== settings.acsUrl) {
    throw new AuthnRequestRefused('its AssertionConsumerServiceURL is not that of the app');
  }
  const key = { privateKey: signing.privateKeyPem, certificate: signing.certificate };
  const xml = signedResponse(
    {
      ...settings,
      inResponseTo: asked?.id ?? null,
      nameId: appUser.userName,
      attributes: samlAttributes(settings, app, user, appUser, groupNames(org, user.id)),
      issuedAt: new Date(org.clock.now()),
      authenticatedAt: new Date(session.created),
    },
    { key, algorithm: settings.algorithm, signResponse: settings.signResponse, signAssertion: settings.signAssertion },
  );
  return { acsUrl: settings.acsUrl, xml, defaultRelayState: settings.defaultRelayState };
}

function groupNames(org: Org, userId: string): string[] {
  return groupIdsOf(org, userId).flatMap((id) => {
    const name = org.groups.get(id)?.profile.name;
    return typeof name === 'string' ? [name] : [];
  });
}
