import type { Check } from './check.js';
import { failed, type Judgement, passed, unknown } from './diagnosis-check.js';
import { type SignOnAttempt, type SignOnStage, signOnStages } from './sign-on.js';

/** What the guide's checklist is judged by. */
export interface ChecklistFacts {
  /** How the canary's way into the SP org ended; null if there was no canary. */
  readonly arrived: boolean | null;
  /** Whether the canary got the target app; null if it was not tried. */
  readonly access: boolean | null;
  /** Why the canary did not get that far, or why there was none. */
  readonly why: string | null;
  /** The sign-on that was tried; null if none was. */
  readonly signOn: Pick<SignOnAttempt, 'result' | 'detail' | 'reached' | 'evidence' | 'checks'> | null;
  /** What the SP org's System Log says of the sign-on; null if it was not asked. */
  readonly recorded: Check['result'] | null;
}

const untried = 'Settle what failed before it, then verify again.';
const byHand =
  'Give the user a sign-on policy that asks for a password only, or have a person sign on and look at the System Log of the SP org.';

/** Judges a line that needs the sign-on to have come as far as `needed`. */
function byStage({ signOn, why }: ChecklistFacts, needed: SignOnStage, fix: string): Judgement {
  if (signOn === null) return unknown(why ?? 'no sign-on was tried', untried);
  if (signOn.result === 'untestable') return unknown(signOn.detail, byHand);
  const stage = signOnStages.indexOf(signOn.reached ?? 'nowhere');
  const least = signOnStages.indexOf(needed);
  if (stage >= least) return passed(signOn.result === 'signedOn' ? signOn.detail : `reached ${signOn.reached}`);
  return stage === least - 1 ? failed(signOn.detail, fix) : unknown('the sign-on did not get so far', untried);
}

function appears({ arrived, recorded, why }: ChecklistFacts): Judgement {
  if (arrived === null) return unknown(why ?? 'there was no canary', untried);
  if (!arrived)
    return failed(why ?? 'the canary did not arrive', 'See what the canary went through, mend it, then verify again.');
  return passed(recorded === 'passed' ? 'the canary is there, and its sign-on is on record' : 'the canary is there');
}

function access({ arrived, access: has, why }: ChecklistFacts): Judgement {
  if (has === null || arrived !== true) return unknown(why ?? 'there was no canary', untried);
  return has
    ? passed('the canary got the target app through the access group')
    : failed(
        why ?? 'the canary did not get it',
        'Send the same PUT again: it assigns the access group to the target app.',
      );
}

/** The five lines of the guide's verification checklist. */
export function checklist(facts: ChecklistFacts): Check[] {
  const evidence = facts.signOn?.evidence ?? [];
  const line = (name: string, statement: string, judgement: Judgement): Check => ({
    name,
    statement,
    ...judgement,
    evidence,
  });
  return [
    line(
      'idpAuthentication',
      'User authenticates successfully to Identity Provider',
      byStage(facts, 'idp', 'Check the sign-on policy of the IdP org.'),
    ),
    line(
      'crossTenantRedirect',
      'Cross-tenant redirect works without errors',
      byStage(
        facts,
        'sp',
        'See the configuration checks: issuer, audience, ACS URL, certificate. The same PUT mends them.',
      ),
    ),
    line('appearsInDirectory', 'User appears in SP Directory → People after first login', appears(facts)),
    line('appAssignment', 'Application assignment works for federated users', access(facts)),
    line(
      'endToEnd',
      'End-to-end SSO completes without prompting for credentials again',
      byStage(
        facts,
        'targetApp',
        "Check single sign-on in the target app's own console, see the gate targetAppConsole.",
      ),
    ),
  ];
}
