import type { Check } from './check.js';
import type { Look, Side } from './diagnosis-facts.js';
import type { Problem } from './errors.js';
import type { IdpPreflight, OrgPreflight, PreflightInput, SpPreflight } from './preflight-facts.js';
import { accessChecks, orgAdvice, type PreflightOrg, presenceChecks } from './preflight-org.js';
import { pairAdvice, pairChecks, twoOrgsCheck } from './preflight-pair.js';
import { type Verdict, verdictOf } from './verdict.js';

/** Whether two orgs can be federated as a specification says, before anything is written. */
export interface Preflight {
  readonly idp: string;
  readonly sp: string;
  readonly at: string;
  /** What the checks come to; advice has no part in it. */
  readonly verdict: Verdict;
  /** In the order of cause: what fails first explains what fails after it. */
  readonly checks: readonly Check[];
  /** What does not stand in the way, but is better settled. */
  readonly advice: readonly Check[];
}

const nothingFound = {
  passed: 'Nothing stands in the way of this federation',
  unknown: 'Nothing was found that stands in the way of this federation',
} as const;

function unread(problem: Problem): Look<never> {
  return { seen: null, problem, evidence: [] };
}

function ofOrg(problem: Problem): OrgPreflight {
  const look = unread(problem);
  return {
    metadata: look,
    access: { kind: 'apiToken' },
    needed: [],
    helpful: [],
    refusedScopes: [],
    grantedScopes: look,
    roles: look,
    org2orgApps: look,
    budgets: [],
    rateShare: 1,
    clockAheadMs: null,
  };
}

function ofIdp({ facts, problem }: Side<IdpPreflight>): IdpPreflight {
  if (problem === null) return facts;
  const look = unread(problem);
  return { ...ofOrg(problem), app: look, certificate: look, assignments: look, spToken: look };
}

function ofSp({ facts, problem }: Side<SpPreflight>): SpPreflight {
  if (problem === null) return facts;
  const look = unread(problem);
  return { ...ofOrg(problem), targetApp: look, identityProvider: look, accessGroup: look, serviceClients: look };
}

/**
 * All checks in the order of cause, and what they come to.
 *
 * @param owner the federation that has the Org2Org app already, if any.
 * @param at the time of the preflight (ISO 8601, UTC).
 */
export function preflight(
  input: PreflightInput,
  idpSide: Side<IdpPreflight>,
  spSide: Side<SpPreflight>,
  owner: string | null,
  at: string,
): Preflight {
  const { orgs, spec } = input;
  const { auth } = spec.provisioning;
  const idp = ofIdp(idpSide);
  const sp = ofSp(spSide);
  const idpOrg: PreflightOrg = { ...orgs.idp, role: 'idp', auth };
  const spOrg: PreflightOrg = { ...orgs.sp, role: 'sp', auth };
  const checks = [
    ...presenceChecks(idpOrg, idp),
    ...presenceChecks(spOrg, sp),
    twoOrgsCheck(input, idp, sp),
    ...accessChecks(idpOrg, idp),
    ...accessChecks(spOrg, sp),
    ...pairChecks(input, idp, sp),
  ];
  const advice = [...orgAdvice(idpOrg, idp), ...orgAdvice(spOrg, sp), ...pairAdvice(input, idp, sp, owner)];
  return { idp: orgs.idp.name, sp: orgs.sp.name, at, verdict: verdictOf(checks, nothingFound), checks, advice };
}
