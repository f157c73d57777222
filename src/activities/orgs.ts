import type { Check } from '../domain/check.js';
import { getWellknownOrgMetadata } from '../okta/org-metadata.js';
import type { OktaSession } from '../okta/session.js';

/** Okta's id of the org behind the URL: shows that it answers, is Okta, and which org it is. */
export async function identifyOrg(session: OktaSession): Promise<{ readonly id: string; readonly check: Check }> {
  const { id, pipeline } = await getWellknownOrgMetadata(session);
  return {
    id,
    check: {
      name: `orgAnswers-${session.org}`,
      statement: `${session.org} answers as an Okta org`,
      result: 'passed',
      detail: `${id}, ${pipeline === 'idx' ? 'Identity Engine' : 'Classic Engine'}`,
      fix: null,
      evidence: session.evidence,
    },
  };
}
