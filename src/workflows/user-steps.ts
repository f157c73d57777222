import type { OrgRole } from '../domain/assessment.js';
import type { UserStep, UserStepName } from '../domain/user-lifecycle.js';

/** Every step of the transitions as people read it. */
const userSteps: Record<UserStepName, { readonly title: string; readonly side: OrgRole | 'both' }> = {
  federation: { title: 'The federation is set up', side: 'both' },
  idpUser: { title: 'The user in the IdP org, and the connection', side: 'idp' },
  spUser: { title: 'Who is there in the SP org', side: 'sp' },
  assignment: { title: 'Org2Org app assigned', side: 'idp' },
  provisioned: { title: 'Provisioned, read back attribute by attribute', side: 'both' },
  access: { title: 'Access to the target app', side: 'sp' },
  signOn: { title: 'A sign-on would find this user', side: 'sp' },
  profile: { title: 'Profile changed in the IdP org', side: 'idp' },
  propagated: { title: 'Change arrived in the SP org', side: 'both' },
  sessions: { title: 'Sessions ended and tokens revoked in the SP org', side: 'sp' },
  unassignment: { title: 'Assignment removed where it comes from', side: 'idp' },
  deprovisioned: { title: 'Deactivated in the SP org', side: 'sp' },
  proof: { title: 'Proof from reads in both orgs', side: 'both' },
  suspended: { title: 'Suspended in the SP org', side: 'sp' },
  resumed: { title: 'Active again in the SP org', side: 'sp' },
};

/** A step that has not begun. */
export function pendingUserStep(name: UserStepName): UserStep {
  return {
    name,
    ...userSteps[name],
    state: 'pending',
    decided: null,
    changes: [],
    applied: [],
    checks: [],
    evidence: [],
    gate: null,
    problem: null,
    startedAt: null,
    endedAt: null,
  };
}
