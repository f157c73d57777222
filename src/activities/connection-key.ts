import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import {
  getDefaultProvisioningConnectionForApplication,
  getUserProvisioningConnectionJWKS,
} from '../okta/provisioning-connection.js';
import type { OktaSession } from '../okta/session.js';

/** Whether Okta keeps and rolls over the key of the connection by itself. No API makes a new one. */
export async function checkConnectionKey(session: OktaSession, { known }: ResourceInput): Promise<Check> {
  if (known.org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const { profile } = await getDefaultProvisioningConnectionForApplication(session, known.org2orgAppId);
  const kids = await getUserProvisioningConnectionJWKS(session, known.org2orgAppId);
  const mode = profile.signing?.rotationMode ?? 'not shown';
  const own = mode === 'AUTO' && kids.length > 0;
  return {
    name: 'connectionKey',
    statement: `The connection of ${session.org} has a key of its own, which Okta rolls over by itself`,
    result: own ? 'passed' : mode === 'not shown' ? 'unknown' : 'failed',
    detail: `rotationMode ${mode}, ${kids.length} public key(s) published`,
    fix: own ? null : 'Send the same PUT again: it connects with rotationMode AUTO.',
    evidence: session.evidence,
  };
}
