import type { LogActor } from '../core/system-log.js';

/** Who did what the control server does. */
export const systemActor: LogActor = {
  id: 'system',
  type: 'SystemPrincipal',
  alternateId: 'system@okta.com',
  displayName: 'Okta System',
};
