import { z } from 'zod';
import { Nothing } from './answer.js';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

/** The default provisioning connection of an app. `UNKNOWN` twice means: the app has none that the API can manage. */
export const ProvisioningConnection = z.looseObject({
  status: z.string(),
  authScheme: z.string().nullish(),
  clientId: z.string().nullish(),
  profile: z.looseObject({
    authScheme: z.string(),
    clientId: z.string().nullish(),
    signing: z.looseObject({ rotationMode: z.string().nullish() }).nullish(),
  }),
});
export type ProvisioningConnection = z.output<typeof ProvisioningConnection>;

/** The credentials with which the IdP org provisions into the SP org. */
export type ConnectionProfile =
  | { readonly authScheme: 'TOKEN'; readonly token: string }
  | { readonly authScheme: 'OAUTH2'; readonly clientId: string; readonly signing: { readonly rotationMode: 'AUTO' } };

const facts = (connection: ProvisioningConnection) => ({
  status: connection.status,
  authScheme: connection.profile.authScheme,
  clientId: connection.profile.clientId ?? connection.clientId ?? null,
});

export function getDefaultProvisioningConnectionForApplication(
  session: OktaSession,
  appId: string,
): Promise<ProvisioningConnection> {
  return session.call({
    operation: 'getDefaultProvisioningConnectionForApplication',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/connections/default`,
    answer: ProvisioningConnection,
    facts,
  });
}

/**
 * Replaces the stored credentials. With `activate` Okta tests them: wrong ones are refused with status 400.
 * The test does not prove that their owner may provision.
 */
export function updateDefaultProvisioningConnectionForApplication(
  session: OktaSession,
  appId: string,
  profile: ConnectionProfile,
  options: { activate: boolean } = { activate: true },
): Promise<ProvisioningConnection> {
  return session.call({
    operation: 'updateDefaultProvisioningConnectionForApplication',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/connections/default`,
    query: { activate: options.activate },
    body: { profile },
    answer: ProvisioningConnection,
    facts,
  });
}

/** Tests the stored credentials and turns the connection on. */
export function activateDefaultProvisioningConnectionForApplication(
  session: OktaSession,
  appId: string,
): Promise<void> {
  return session.call({
    operation: 'activateDefaultProvisioningConnectionForApplication',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/connections/default/lifecycle/activate`,
    answer: Nothing,
  });
}

/** Turns the connection off: nothing is pushed any more. */
export function deactivateDefaultProvisioningConnectionForApplication(
  session: OktaSession,
  appId: string,
): Promise<void> {
  return session.call({
    operation: 'deactivateDefaultProvisioningConnectionForApplication',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/connections/default/lifecycle/deactivate`,
    answer: Nothing,
  });
}

const ConnectionKeys = z.looseObject({ jwks: z.looseObject({ keys: z.array(z.looseObject({ kid: z.string() })) }) });

/** Ids of the public keys that the connection publishes for the other org. */
export async function getUserProvisioningConnectionJWKS(
  session: OktaSession,
  appId: string,
): Promise<readonly string[]> {
  const kids = ({ jwks }: z.output<typeof ConnectionKeys>) => jwks.keys.map((key) => key.kid);
  return kids(
    await session.call({
      operation: 'getUserProvisioningConnectionJWKS',
      method: 'GET',
      path: path`/api/v1/apps/${appId}/connections/default/jwks`,
      answer: ConnectionKeys,
      facts: (answer) => ({ kids: kids(answer) }),
    }),
  );
}
