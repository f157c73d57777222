import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import { targetAppProvisioning } from '../domain/target-app.js';
import { getApplication } from '../okta/applications.js';
import type { OktaSession } from '../okta/session.js';

/** Whether the target app provisions users into the target: what a person switches on in the console reads back here. */
export async function checkTargetAppProvisioning(session: OktaSession, input: ResourceInput): Promise<Check> {
  if (input.known.targetAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const app = await getApplication(session, input.known.targetAppId);
  const missing = targetAppProvisioning.filter((feature) => !app.features?.includes(feature));
  return {
    name: 'targetAppProvisioning',
    statement: `${app.label} creates, updates and deactivates users in the target`,
    result: missing.length === 0 ? 'passed' : 'failed',
    detail: missing.length === 0 ? targetAppProvisioning.join(', ') : missing.join(', '),
    fix: missing.length === 0 ? null : `Finish Provisioning > To App of ${app.label} in the console of ${session.org}.`,
    evidence: session.evidence,
  };
}
