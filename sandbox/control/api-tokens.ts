import { newId, newSecret } from '../core/ids.js';
import type { Org } from '../core/org.js';
import { hashSecret } from '../management/passwords.js';
import { findUser, userTarget } from '../management/user-store.js';

const idleLifetimeMs = 30 * 24 * 60 * 60_000;

/**
 * Creates an API token in the console of an org.
 * @param owner id or login of the user whose rights the token has
 * @returns the token's id and its value, which is shown this once
 */
export function newApiToken(org: Org, owner: string, name: string): { id: string; token: string } {
  const user = findUser(org, owner);
  if (user === undefined) throw new Error(`The org ${org.name} has no user ${owner}.`);
  const value = newSecret(42);
  const now = org.clock.now();
  const token = org.apiTokens.add({
    id: newId('00T'),
    name,
    userId: user.id,
    created: org.clock.iso(now),
    lastUpdated: org.clock.iso(now),
    expiresAt: org.clock.iso(now + idleLifetimeMs),
    clientName: 'Okta API',
    network: { connection: 'ANYWHERE' },
    valueHash: hashSecret(value),
  });
  org.log.write({
    eventType: 'system.api_token.create',
    actor: userTarget(user),
    target: [{ id: token.id, type: 'Token', alternateId: 'unknown', displayName: name }],
  });
  return { id: token.id, token: value };
}
