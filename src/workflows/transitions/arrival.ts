import { problem } from '../../domain/errors.js';
import type { SpExpectation, UserStepName, UserView } from '../../domain/user-lifecycle.js';
import { Stopped } from '../problems.js';
import type { TransitionRun } from '../transition-run.js';
import { refused } from './looks.js';

/** Waits between looks of several seconds each: 10 s, doubled up to 5 min. */
function pauseMs(look: number): number {
  return Math.min(10_000 * 2 ** look, 300_000);
}

/**
 * Waits until the SP org shows what Okta pushes. Asks there, where the budget is large, and the IdP org's System Log for
 * the reason; the assignment, in the small bucket, in the first look and when the time is over. A push that failed by Okta's own
 * word, or that takes longer than the specification allows, opens a gate with the reason.
 *
 * @param failuresSince when the push that is waited for began; null where it began before this transition did.
 * @throws Stopped if a person gives up.
 */
export async function untilArrived(
  run: TransitionRun,
  step: UserStepName,
  expectation: SpExpectation,
  failuresSince: string | null,
): Promise<UserView> {
  let since = failuresSince;
  const within = run.federation.users.pushWithinMinutes * 60_000;
  let deadline = Date.now() + within;
  for (let look = 0; ; look += 1) {
    const wait = await run.awaitSpUser(step, 'Wait: what the SP org shows', expectation);
    run.take(step, wait);
    if (wait.met && wait.user !== null) return wait.user;
    const asksAssignment = look === 0 || Date.now() >= deadline;
    const reason = await reasonOfPush(run, step, since, asksAssignment);
    if (reason === null && Date.now() < deadline) {
      await run.pause(pauseMs(look));
      continue;
    }
    await askAboutPush(
      run,
      step,
      reason ?? `no word for ${run.federation.users.pushWithinMinutes} minutes`,
      wait.decided,
    );
    since = new Date().toISOString();
    deadline = Date.now() + within;
  }
}

/**
 * Okta's own reason for a push that has failed since then, null if it knows none.
 *
 * @param asksAssignment whether the assignment is asked, too, in the small bucket of `/apps*`.
 */
export async function reasonOfPush(
  run: TransitionRun,
  step: UserStepName,
  since: string | null,
  asksAssignment: boolean,
): Promise<string | null> {
  const id = run.idp.user?.id;
  if (id === undefined) return null;
  const found = await run.call(
    step,
    'idp',
    'explainPush',
    "Look: what the IdP org's System Log says",
    id,
    since,
    asksAssignment,
  );
  run.take(step, found);
  return found.reason;
}

async function askAboutPush(run: TransitionRun, step: UserStepName, reason: string, shown: string): Promise<void> {
  const { idp, sp } = run.federation.orgs;
  const name = `notProvisioned-${run.current.number}`;
  const answer = await run.ask(step, {
    name,
    kind: 'notProvisioned',
    question: `Okta's push into ${sp.name} has not arrived: ${reason}. Has this been mended?`,
    instructions: [
      `In ${idp.name}, open the Org2Org app and Dashboard > Tasks: the task names the user and the reason.`,
      'Mend what it says, then press Retry Selected there (Provision User where the user was assigned before provisioning was on).',
      'Answer retry: the SP org is asked again. Answer stop to end the transition here.',
    ],
    evidence: { user: run.idp.user?.id ?? null, reason, shown },
    choices: [
      { value: 'retry', meaning: 'It is mended: look again' },
      { value: 'stop', meaning: 'End the transition here' },
    ],
    role: 'operator',
  });
  if (answer.choice === 'stop') throw refused(name);
}

/**
 * Confirms once in the IdP org that the push is through and led to this very user, attribute by attribute.
 *
 * @throws Stopped if it did not.
 */
export async function confirmPush(run: TransitionRun, step: UserStepName, user: UserView): Promise<void> {
  const id = run.idp.user?.id ?? '';
  const confirmed = await run.call(
    step,
    'idp',
    'confirmAssignment',
    'Read back: the push, attribute by attribute',
    id,
    user,
  );
  run.take(step, confirmed);
  const failed = confirmed.checks.find((check) => check.result === 'failed');
  if (failed !== undefined) {
    const detail = `${failed.statement}: ${failed.detail}`;
    throw new Stopped(problem('O2O_NOT_ARRIVED', { org: run.federation.orgs.sp.name, detail }));
  }
  run.keepAfter({ idp: run.idp.user, assignment: confirmed.assignment, sp: user });
}
