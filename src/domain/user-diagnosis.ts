import type { Check } from './check.js';
import type { DiagnosisInput, IdpFacts, Look, Side, SpFacts } from './diagnosis-facts.js';
import { idpUserChecks } from './diagnosis-idp-user.js';
import { lastSignInCheck } from './diagnosis-last-sign-in.js';
import { connectionChecks, laterChecks, provisionedCheck } from './diagnosis-provisioning.js';
import { jitCheck, subjectChecks, trustChecks } from './diagnosis-sign-on.js';
import { accessChecks, linkableCheck, spUserChecks } from './diagnosis-sp-user.js';
import type { Problem } from './errors.js';
import { type Verdict, verdictOf } from './verdict.js';

/** Why a user can, or cannot, get in. */
export interface UserDiagnosis {
  readonly federationId: string;
  readonly at: string;
  readonly verdict: Verdict;
  /** In the order of cause: what fails first explains what fails after it. */
  readonly checks: readonly Check[];
}

const nothingFound = {
  passed: 'Nothing keeps the user out',
  unknown: 'Nothing was found that keeps the user out',
} as const;

function unread(problem: Problem): Look<never> {
  return { seen: null, problem, evidence: [] };
}

function idpFacts({ facts, problem }: Side<IdpFacts>, at: string): IdpFacts {
  if (problem === null) return facts;
  const look = unread(problem);
  return {
    readAt: at,
    user: look,
    assignment: look,
    app: look,
    metadata: look,
    connection: look,
    features: look,
    pushes: look,
    appPushes: look,
    signOns: look,
  };
}

function spFacts({ facts, problem }: Side<SpFacts>, at: string): SpFacts {
  if (problem === null) return facts;
  const look = unread(problem);
  return {
    readAt: at,
    user: look,
    loginHolder: look,
    roles: look,
    identityProviderIds: look,
    groupIds: look,
    identityProvider: look,
    trustedKeys: look,
    serviceClient: look,
    apiTokens: look,
    targetApp: look,
    accessGroupAssigned: look,
    targetAssignment: look,
    signIns: look,
  };
}

/** All checks in the order of cause, and what they come to. `at` is the time of the diagnosis (ISO 8601, UTC). */
export function diagnose(
  input: DiagnosisInput,
  idpSide: Side<IdpFacts>,
  spSide: Side<SpFacts>,
  at: string,
): UserDiagnosis {
  const idp = idpFacts(idpSide, at);
  const sp = spFacts(spSide, at);
  const { user, assigned } = idpUserChecks(input, idp);
  const causes = [
    ...user,
    linkableCheck(input, idp, sp),
    assigned,
    ...connectionChecks(input, idp, sp),
    provisionedCheck(input, idp),
    ...trustChecks(input, idp, sp),
    ...subjectChecks(input, idp, sp),
    jitCheck(input, sp),
    ...spUserChecks(input, idp, sp),
  ];
  const checks = [
    ...causes,
    lastSignInCheck(idp, sp, causes),
    ...accessChecks(input, sp),
    ...laterChecks(input, idp, sp),
  ];
  return { federationId: input.federation.id, at, verdict: verdictOf(checks, nothingFound), checks };
}
