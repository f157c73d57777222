import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { OrgAdmin } from './org-admin.js';

/** What the worker needs to sign in to an org. */
export interface ServiceApp {
  readonly clientId: string;
  readonly keyId: string;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  readonly scopes: readonly string[];
}

/** Scopes that the worker needs in an org, by the org's part in a federation. */
export const scopesOf = {
  idp: ['okta.apps.manage', 'okta.groups.manage', 'okta.logs.read', 'okta.users.manage'],
  sp: [
    'okta.appGrants.manage',
    'okta.apps.manage',
    'okta.clients.register',
    'okta.groups.manage',
    'okta.idps.manage',
    'okta.logs.read',
    'okta.roles.manage',
    'okta.users.manage',
  ],
} as const;

/**
 * The steps by which a person lets the worker into an org, once: a service app with a key pair, the role Super
 * Administrator and the scopes.
 */
export async function createServiceApp(admin: OrgAdmin, scopes: readonly string[]): Promise<ServiceApp> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const keyId = `org2org-${randomUUID()}`;
  const client = await admin.send(
    'POST',
    '/oauth2/v1/clients',
    {
      client_name: 'org2org automation',
      application_type: 'service',
      grant_types: ['client_credentials'],
      response_types: ['token'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' }] },
    },
    z.looseObject({ client_id: z.string() }),
  );
  const clientId = client.client_id;
  await admin.send('POST', `/oauth2/v1/clients/${clientId}/roles`, { type: 'SUPER_ADMIN' }, z.unknown());
  for (const scopeId of scopes) {
    await admin.send('POST', `/api/v1/apps/${clientId}/grants`, { scopeId, issuer: admin.url }, z.unknown());
  }
  return { clientId, keyId, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), scopes };
}
