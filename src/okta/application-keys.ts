import { z } from 'zod';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

/** A signing key of an app with its certificate. */
export const ApplicationKey = z.looseObject({
  kid: z.string(),
  x5c: z.array(z.string()).min(1),
  'x5t#S256': z.string(),
  created: z.string().nullish(),
  expiresAt: z.string(),
});
export type ApplicationKey = z.output<typeof ApplicationKey>;

const facts = (key: ApplicationKey) => ({ kid: key.kid, thumbprint: key['x5t#S256'], expiresAt: key.expiresAt });

/** All signing keys of the app, the active one and those of past or coming roll-overs. */
export function listApplicationKeys(session: OktaSession, appId: string): Promise<ApplicationKey[]> {
  return session.list({
    operation: 'listApplicationKeys',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/credentials/keys`,
    answer: z.array(ApplicationKey),
    facts: (keys) => ({ kids: keys.map((key) => key.kid) }),
  });
}

export function getApplicationKey(session: OktaSession, appId: string, kid: string): Promise<ApplicationKey> {
  return session.call({
    operation: 'getApplicationKey',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/credentials/keys/${kid}`,
    answer: ApplicationKey,
    facts,
  });
}

/** Makes a new signing key. Not idempotent, and Okta cannot delete it. Valid for 2 to 10 years. */
export function generateApplicationKey(
  session: OktaSession,
  appId: string,
  validityYears: number,
): Promise<ApplicationKey> {
  return session.call({
    operation: 'generateApplicationKey',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/credentials/keys/generate`,
    query: { validityYears },
    answer: ApplicationKey,
    facts,
  });
}
