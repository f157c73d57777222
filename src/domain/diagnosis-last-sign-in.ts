import type { Check } from './check.js';
import { both, checkOn, failed, helpedBy, type Judgement, passed, unknown } from './diagnosis-check.js';
import type { IdpFacts, SeenSignIn, SpFacts } from './diagnosis-facts.js';
import { explainSignIn } from './okta-reasons.js';

/** An answer of the SP org this soon after the user left the IdP org is taken for the user's, where it names nobody. */
const sameAttemptMs = 30_000;

/** The newest sign-on of the user through the identity provider, and how it is known to be this user's. */
export function lastAttempt(
  signIns: readonly SeenSignIn[],
  signOns: readonly SeenSignIn[],
  userId: string | null,
): { readonly event: SeenSignIn; readonly inferred: boolean } | null {
  const own = signIns.find(({ actorId, named }) => named || (actorId !== null && actorId === userId));
  const [left] = signOns.filter(({ succeeded }) => succeeded);
  if (left !== undefined && (own === undefined || own.at < left.at)) {
    const soonAfter = ({ at }: SeenSignIn) => at >= left.at && Date.parse(at) - Date.parse(left.at) <= sameAttemptMs;
    const refused = signIns.findLast((event) => event.actorId === null && !event.succeeded && soonAfter(event));
    if (refused !== undefined) return { event: refused, inferred: true };
  }
  return own === undefined ? null : { event: own, inferred: false };
}

/** What became of the last sign-on through the identity provider; `before` are the checks that can see its cause. */
export function lastSignInCheck(idp: IdpFacts, sp: SpFacts, before: readonly Check[]): Check {
  const look = helpedBy(both(sp.signIns, sp.user), idp.signOns);
  const statement = 'The last sign-on through the identity provider went through';
  return checkOn('lastSignIn', statement, look, ([signIns, user]) => {
    const signOns = idp.signOns.seen ?? [];
    const last = lastAttempt(signIns, signOns, user?.id ?? null);
    if (last !== null) return judgeAttempt(last.event, last.inferred, before, mayMatchSeveral(sp));
    if (idp.signOns.problem !== null) {
      return unknown('no sign-on names the user, and the IdP org does not show its own', idp.signOns.problem.fix);
    }
    const [tried] = signOns;
    return tried !== undefined && !tried.succeeded
      ? failed(
          `the IdP org refused the sign-on at ${tried.at}: ${tried.reason ?? 'no reason'}`,
          'Mend what the System Log of the IdP org names: the assignment, or the sign-on policy of the Org2Org app.',
        )
      : passed('no sign-on of this user failed in the last day');
  });
}

/** Whether a name may stand for several users: they may share an email address, and no check looks for that. */
function mayMatchSeveral({ identityProvider }: SpFacts): boolean {
  return identityProvider.seen?.subjectMatch !== 'USERNAME';
}

function judgeAttempt(
  event: SeenSignIn,
  inferred: boolean,
  before: readonly Check[],
  severalMatch: boolean,
): Judgement {
  if (event.succeeded) return passed(`at ${event.at}`);
  const { meaning, fix, seenBy } = explainSignIn(event.reason);
  const how = inferred ? ', right after this user left the IdP org' : '';
  const detail = `refused at ${event.at}${how}: ${meaning} (${event.reason ?? 'no reason'})`;
  const checks = before.filter(({ name }) => seenBy.includes(name));
  const unseen = severalMatch && seenBy.includes('subjectMatches');
  const mended = checks.length > 0 && !unseen && checks.every(({ result }) => result === 'passed');
  return mended
    ? unknown(
        `${detail}; what would cause this is in order now`,
        `Have the user sign on again. If it is refused again: ${fix}`,
      )
    : failed(detail, fix);
}
