import type { OktaSession } from '../okta/session.js';
import { checkConnectionKey } from './connection-key.js';
import { apply, assess } from './resource.js';
import type { RotationActivities } from './rotation-activities.js';
import { agreedKey, keySwitch, signingKey } from './signing-key.js';
import { trustedKeys } from './trusted-keys.js';

/** What a worker does in one org for roll-overs, and for mends of drift. */
export function createRotationActivities(
  withSession: <Result>(work: (session: OktaSession) => Promise<Result>) => Promise<Result>,
): RotationActivities {
  return {
    assessSigningKey: (input, years) => withSession((session) => assess(signingKey(years), session, input)),
    applySigningKey: (input, years, agreed) =>
      withSession((session) => apply(signingKey(years), session, input, agreed)),
    assessKeySwitch: (input, kid) => withSession((session) => assess(keySwitch(kid), session, input)),
    applyKeySwitch: (input, kid, agreed) => withSession((session) => apply(keySwitch(kid), session, input, agreed)),
    assessAgreedKey: (input) => withSession((session) => assess(agreedKey, session, input)),
    applyAgreedKey: (input, agreed) => withSession((session) => apply(agreedKey, session, input, agreed)),
    assessTrustedKeys: (input, wanted) => withSession((session) => assess(trustedKeys(wanted), session, input)),
    applyTrustedKeys: (input, wanted, agreed) =>
      withSession((session) => apply(trustedKeys(wanted), session, input, agreed)),
    checkConnectionKey: (input) => withSession((session) => checkConnectionKey(session, input)),
  };
}
