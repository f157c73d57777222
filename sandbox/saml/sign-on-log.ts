import type { LogActor } from '../core/system-log.js';

/** Someone of whom only the name that was given is known. */
export function unknownActor(name: string | null): LogActor {
  return { id: 'unknown', type: 'User', alternateId: name ?? 'unknown', displayName: 'unknown' };
}
