import type { OrgRole } from './assessment.js';
import type { Check } from './check.js';
import { checkOn, failed, type Judgement, judge, passed, unknown } from './diagnosis-check.js';
import type { Look } from './diagnosis-facts.js';
import type { ErrorCode, Problem } from './errors.js';
import { keptEvidence } from './evidence.js';
import { judgeExcessRoles, judgeExcessScopes, judgeNeededRoles, judgeNeededScopes } from './least-privilege.js';
import type { OrgPreflight, SeenBudget } from './preflight-facts.js';

/** An org in its part, as the checks of a preflight name it. */
export interface PreflightOrg {
  readonly name: string;
  readonly url: string;
  readonly role: OrgRole;
  readonly auth: 'oauth2' | 'token';
}

/** How far an org's clock may be from the worker's: Okta takes a signed assertion for a minute or so either way. */
const clockToleranceMs = 60_000;

const notThere: readonly ErrorCode[] = ['O2O_OKTA_UNREACHABLE', 'O2O_OKTA_TIMEOUT', 'O2O_OKTA_SERVER_ERROR'];
const notOkta: readonly ErrorCode[] = ['O2O_OKTA_ANSWER_INVALID', 'O2O_OKTA_NOT_FOUND', 'O2O_OKTA_REFUSED'];
const notSignedIn: readonly ErrorCode[] = ['O2O_OKTA_CREDENTIALS_INVALID', 'O2O_SECRET_MISSING', 'O2O_CONFIG_INVALID'];

/** A check on a look that failing may itself be the answer. */
function checkOnAnswer<Seen>(
  name: string,
  statement: string,
  look: Look<Seen>,
  seen: (seen: Seen) => Judgement,
  problem: (problem: Problem) => Judgement,
): Check {
  const judgement = look.problem === null ? seen(look.seen) : problem(look.problem);
  return { name, statement, ...judgement, evidence: keptEvidence(look.evidence) };
}

const told = ({ message, fix }: Problem) => unknown(message, fix);

/** The engine on which an org runs. Nothing that org2org does rests on it. */
function engine(pipeline: string): string {
  const known: Readonly<Record<string, string>> = { idx: 'Identity Engine', v1: 'Classic Engine' };
  return known[pipeline] ?? `an engine that is not known here (${pipeline})`;
}

/** Whether the org answers, and answers as Okta. */
export function presenceChecks({ name, url }: PreflightOrg, { metadata }: OrgPreflight): Check[] {
  return [
    checkOnAnswer(
      `reachable-${name}`,
      `${name} answers at ${url}`,
      metadata,
      () => passed('it answers'),
      (problem) => {
        if (notThere.includes(problem.code)) return failed(withoutStop(problem.message), problem.fix);
        return notOkta.includes(problem.code) ? passed('something answers') : told(problem);
      },
    ),
    checkOnAnswer(
      `isOkta-${name}`,
      `${name} is an Okta org`,
      metadata,
      ({ id, pipeline, cell }) => passed(`${id}, ${engine(pipeline)}${cell === null ? '' : `, cell ${cell}`}`),
      (problem) =>
        notOkta.includes(problem.code)
          ? failed(
              `${url} does not answer as Okta does`,
              `Correct orgs.${name}.url in the configuration of the API and the worker: the address of the org itself, without -admin, behind no other login.`,
            )
          : told(problem),
    ),
  ];
}

/** Whether the worker gets in, and with the rights that are needed. */
export function accessChecks({ name, role, auth }: PreflightOrg, facts: OrgPreflight): Check[] {
  const { access, org2orgApps, roles, needed, refusedScopes } = facts;
  return [
    checkOnAnswer(
      `credentials-${name}`,
      `${name} takes the worker's credentials`,
      org2orgApps,
      () => passed(access.kind === 'apiToken' ? 'an API token' : `the service app ${access.clientId}`),
      (problem) => {
        if (notSignedIn.includes(problem.code)) return failed(withoutStop(problem.message), problem.fix);
        return problem.code === 'O2O_OKTA_PERMISSION_MISSING' ? passed('signed in') : told(problem);
      },
    ),
    checkOnAnswer(
      `scopes-${name}`,
      `The worker has every scope that it needs in ${name}`,
      org2orgApps,
      () => scopeJudgement(facts),
      (problem) =>
        problem.code === 'O2O_OKTA_PERMISSION_MISSING' || refusedScopes.length > 0
          ? scopeJudgement({ access, needed, refusedScopes })
          : told(problem),
    ),
    checkOnAnswer(
      `role-${name}`,
      `The worker has the administrator role that it needs in ${name}`,
      roles,
      (seen) => (seen === null ? unseenRoles(role, auth) : judgeNeededRoles(seen, role, auth)),
      (problem) => (problem.code === 'O2O_OKTA_PERMISSION_MISSING' ? judgeNeededRoles([], role, auth) : told(problem)),
    ),
  ];
}

/** Rights that nothing needs, and what is left of the rate limits. */
export function orgAdvice({ name, role, auth }: PreflightOrg, facts: OrgPreflight): Check[] {
  const { access, needed, helpful, grantedScopes, roles } = facts;
  return [
    checkOn(
      `excessScopes-${name}`,
      `The worker has no scope in ${name} that nothing needs`,
      grantedScopes,
      (granted) =>
        access.kind === 'apiToken'
          ? passed('an API token has none')
          : judgeExcessScopes([...new Set([...access.scopes, ...(granted ?? [])])], needed, helpful),
    ),
    checkOn(`excessRole-${name}`, `The worker has no role in ${name} that allows more than is needed`, roles, (seen) =>
      seen === null ? unseenRoles(role, auth) : judgeExcessRoles(seen, role, auth),
    ),
    {
      name: `rateBudget-${name}`,
      statement: `${name} has rate budget left`,
      ...rateJudgement(name, facts),
      evidence: [],
    },
  ];
}

/** Whether the org's clock is that of the worker's machine. */
export function clockCheck({ name }: PreflightOrg, { clockAheadMs }: OrgPreflight): Check {
  const judgement =
    clockAheadMs === null
      ? unknown(`no answer of ${name} told its time`, 'Settle the failed check before it, then ask again.')
      : judge(
          Math.abs(clockAheadMs) <= clockToleranceMs,
          `${seconds(clockAheadMs)} apart`,
          `Set the clock of the machine on which the worker of ${name} runs, by NTP: Okta refuses what is signed at another time.`,
        );
  return { name: `clock-${name}`, statement: `The clocks of ${name} and its worker agree`, ...judgement, evidence: [] };
}

/** A time difference as a person says it. */
export function seconds(milliseconds: number): string {
  return `${Math.round(Math.abs(milliseconds) / 1000)} s`;
}

function scopeJudgement({ access, needed, refusedScopes }: Pick<OrgPreflight, 'access' | 'needed' | 'refusedScopes'>) {
  return access.kind === 'apiToken'
    ? passed("an API token needs none: its owner's role decides")
    : judgeNeededScopes(access.scopes, needed, refusedScopes);
}

function unseenRoles(role: OrgRole, auth: 'oauth2' | 'token'): Judgement {
  const { fix } = judgeNeededRoles([], role, auth);
  return unknown(
    'the service app may not see its own roles',
    `Look in the console: Applications > the service app > Admin roles. ${fix ?? ''} With okta.roles.read and a role that may read roles it is seen here.`,
  );
}

function rateJudgement(name: string, facts: OrgPreflight): Judgement {
  const looks = [facts.metadata, facts.org2orgApps, facts.roles, facts.grantedScopes];
  const limited = looks.find(({ problem }) => problem?.code === 'O2O_OKTA_RATE_LIMITED')?.problem;
  const fix = `Find out who uses it (Reports > Rate limits), wait for the reset, or raise the client's share in Okta. A setup waits by itself.`;
  if (limited != null) return failed(withoutStop(limited.message), fix);
  const left = ({ limit, remaining }: SeenBudget) => remaining - limit * (1 - facts.rateShare);
  const tightest = facts.budgets.toSorted((a, b) => left(a) / a.limit - left(b) / b.limit)[0];
  if (tightest === undefined) {
    return unknown(`no answer of ${name} told`, 'Look whether a proxy removes the headers X-Rate-Limit-…');
  }
  const { operation, remaining, limit, resetAt } = tightest;
  const detail = `${remaining} of ${limit} requests like ${operation} until ${resetAt}`;
  return judge(
    left(tightest) > 0,
    `${detail}, of which ${Math.round(100 * (1 - facts.rateShare))} % are kept for others`,
    fix,
  );
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
