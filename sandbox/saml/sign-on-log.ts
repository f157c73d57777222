import type { IdentityProvider } from '../core/records.js';
import type { LogActor, LogTarget } from '../core/system-log.js';

/** Someone of whom only the name that was given is known. */
export function unknownActor(name: string | null): LogActor {
  return { id: 'unknown', type: 'User', alternateId: name ?? 'unknown', displayName: 'unknown' };
}

/** An identity provider as target of the System Log. */
export function identityProviderTarget(provider: IdentityProvider): LogTarget {
  return { id: provider.id, type: 'IdentityProvider', alternateId: provider.name, displayName: provider.type };
}
