import type { Check } from './check.js';
import type { AssignmentView, UserInput, UserView } from './user-lifecycle.js';

/** What the SP org's identity provider says about who may sign on through it. */
export interface SeenSignOnPolicy {
  readonly status: string;
  /** `AUTO` links the matching user at the first sign-on. */
  readonly accountLink: string | null;
  readonly matchType: string | null;
  /** Regular expression that a subject must match, if there is one. */
  readonly filter: string | null;
  /** `AUTO` where just-in-time provisioning is on. */
  readonly provisioning: string | null;
}

function check(name: string, statement: string, passed: boolean, detail: string, fix: string): Check {
  return { name, statement, result: passed ? 'passed' : 'failed', detail, fix: passed ? null : fix, evidence: [] };
}

/** Whether a subject passes the filter; a filter that is no regular expression lets nobody pass. */
function passes(filter: string | null, subject: string): boolean {
  if (filter === null || filter === '') return true;
  try {
    return new RegExp(`^(?:${filter})$`).test(subject);
  } catch {
    return false;
  }
}

function matches(policy: SeenSignOnPolicy, subject: string, user: UserView): boolean {
  const fold = (value: unknown) => String(value ?? '').toLowerCase();
  const byUsername = fold(user.login) === fold(subject);
  const byEmail = fold(user.profile.email) === fold(subject);
  if (policy.matchType === 'EMAIL') return byEmail;
  return policy.matchType === 'USERNAME_OR_EMAIL' ? byUsername || byEmail : byUsername;
}

/**
 * Whether a sign-on through the federation would find this very user: compares what the IdP org sends with what the SP
 * org expects, without signing anyone on.
 */
export function checkUserSignOn(
  { federation }: UserInput,
  assignment: AssignmentView,
  user: UserView,
  linked: boolean,
  policy: SeenSignOnPolicy,
): Check[] {
  const subject = assignment.userName ?? '';
  const again = 'Send the same PUT of the federation again: it enters the value anew.';
  const pending = user.status === 'PROVISIONED' || user.status === 'STAGED';
  return [
    check(
      'identityProviderActive',
      'The identity provider of the SP org is active',
      policy.status === 'ACTIVE',
      policy.status,
      again,
    ),
    check(
      'subjectMatches',
      'The name that the IdP org sends is the one by which the SP org finds this user',
      matches(policy, subject, user),
      `matched against ${policy.matchType ?? 'nothing'}`,
      "Make the Okta username format of the Org2Org app and the identity provider's match agree, then send the command again.",
    ),
    check(
      'subjectFilter',
      'The name passes the filter of the identity provider',
      passes(policy.filter, subject),
      policy.filter === null || policy.filter === '' ? 'there is no filter' : `filter ${policy.filter}`,
      'Widen identityProvider.subjectFilter of the specification, or give the user a login that it lets pass.',
    ),
    check(
      'accountLink',
      'The account is linked, or will be at the first sign-on',
      linked || policy.accountLink === 'AUTO',
      linked ? 'linked' : `account link ${policy.accountLink ?? 'unknown'}`,
      'Set identityProvider.accountLink to AUTO, or link the user in the console of the SP org.',
    ),
    check(
      'statusAllowsSignOn',
      'The status of the SP user allows a sign-on',
      user.status === 'ACTIVE' || (pending && federation.identityProvider.jit && policy.provisioning === 'AUTO'),
      pending ? `${user.status}: becomes ACTIVE at the first sign-on` : user.status,
      'Activate the user in the SP org, or switch identityProvider.jit on.',
    ),
  ];
}
