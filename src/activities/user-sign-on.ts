import { problem } from '../domain/errors.js';
import type { AssignmentView, Finding, UserInput, UserView } from '../domain/user-lifecycle.js';
import { checkUserSignOn } from '../domain/user-sign-on.js';
import { getIdentityProvider } from '../okta/identity-providers.js';
import type { OktaSession } from '../okta/session.js';
import { remembering } from './remembered.js';

/** Who may sign on through an identity provider, asked once for all users of ten seconds. */
const signOnPolicy = remembering(async (session, id) => {
  const { status, policy } = await getIdentityProvider(session, id);
  return {
    status,
    accountLink: policy?.accountLink?.action ?? null,
    matchType: policy?.subject?.matchType ?? null,
    filter: policy?.subject?.filter ?? null,
    provisioning: policy?.provisioning?.action ?? null,
  };
});

/** Whether a sign-on through the federation would find this very user; nobody is signed on. Never writes. */
export async function checkSignOn(
  session: OktaSession,
  input: UserInput,
  assignment: AssignmentView,
  user: UserView,
  linked: boolean,
): Promise<Finding> {
  const policy = await signOnPolicy(session, input.federation.identityProviderId);
  const checks = checkUserSignOn(input, assignment, user, linked, policy.value);
  const failed = checks.find((check) => check.result === 'failed');
  return {
    decided: failed === undefined ? 'A sign-on finds this user.' : `${failed.statement}: no.`,
    changes: [],
    applied: [],
    checks,
    blocker:
      failed === undefined
        ? null
        : problem('O2O_SIGN_ON_FAILED', { org: session.org, detail: `${failed.statement}: ${failed.detail}` }),
    evidence: policy.evidence,
  };
}
