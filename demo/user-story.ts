import type { TransitionReport } from '../src/api/schemas/user.js';
import { followTransition } from '../src/cli/follow.js';
import { renderDiagnosis, renderProof, renderTransitionLine, renderUserStep } from '../src/cli/render-user.js';
import type { OffboardingProof } from '../src/domain/offboarding-proof.js';
import type { UserDiagnosis } from '../src/domain/user-diagnosis.js';
import { joiner, withoutDropbox } from './people.js';
import { federationId, type Storyteller } from './storyteller.js';

/** What became of the users of the story. */
export interface UsersTold {
  /** The transitions of the joiner in the order in which they were asked for, as they ended. */
  readonly transitions: readonly TransitionReport[];
  readonly proof: OffboardingProof;
  /** Of a user who has no Dropbox. */
  readonly diagnosis: UserDiagnosis;
  readonly seconds: number;
}

const usersPath = `/v1/federations/${federationId}/users`;

/** How long the API is asked to wait for the end of a transition. */
const waitSeconds = 30;

/** Tells a user's life by REST: onboarded, planned to leave, kept, offboarded with proof; and why another cannot get in. */
export async function tellUsers(storyteller: Storyteller): Promise<UsersTold> {
  const begun = performance.now();
  const { users, say, headline, paint } = storyteller;
  const { login } = joiner;

  headline(`POST ${usersPath} with Prefer: wait=${waitSeconds}: ${login} joins`);
  const onboarded = await users.onboard({ login, profile: joiner, ticket: 'HR-1815' }, waitSeconds);
  const arrived = await tellEnd(storyteller, onboarded.transition);

  headline('POST …/transitions with a date: an offboarding is planned, then cancelled');
  const at = `${new Date().getUTCFullYear() + 1}-01-31T18:00:00+01:00`;
  const { transition: planned } = await users.transition(login, {
    transition: 'offboard',
    at,
    reason: 'contract ends',
  });
  say(renderTransitionLine(planned, paint));
  const cancelled = await users.cancel(login, planned.number);
  say(renderTransitionLine(cancelled, paint));

  headline(`POST …/transitions: ${login} leaves`);
  const leaving = { transition: 'offboard', reason: 'left the company', ticket: 'HR-1852' } as const;
  const offboarded = await users.transition(login, leaving, waitSeconds);
  const gone = await tellEnd(storyteller, offboarded.transition);

  headline('GET …/proof: is this leaver really gone?');
  const proof = await users.proof(login);
  say(renderProof(proof, paint));

  headline(`GET …/diagnosis: why can ${withoutDropbox.login} not get in?`);
  const diagnosis = await users.diagnose(withoutDropbox.login);
  const failed = diagnosis.checks.filter(({ result }) => result === 'failed');
  say(renderDiagnosis({ ...diagnosis, checks: failed }, paint));
  say(paint('quiet', `  ${diagnosis.checks.length} checks in all`));

  const seconds = (performance.now() - begun) / 1000;
  return { transitions: [arrived, cancelled, gone], proof, diagnosis, seconds };
}

/** Tells a transition step by step once it has ended, or stands at a gate, where nobody in the demo goes on. */
async function tellEnd({ users, say, paint }: Storyteller, asked: TransitionReport): Promise<TransitionReport> {
  const ended = await followTransition(users, joiner.login, asked.number, () => undefined);
  for (const step of ended.steps) say(renderUserStep(step, paint));
  return ended;
}
