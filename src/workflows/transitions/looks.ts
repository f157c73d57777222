import { patched } from '@temporalio/workflow';
import { problem } from '../../domain/errors.js';
import type { SpLook, TransitionKind, UserStepName } from '../../domain/user-lifecycle.js';
import { federationActivities } from '../federation-activities.js';
import type { GateQuestion } from '../gate.js';
import { Stopped } from '../problems.js';
import { sweepActivities } from '../sweep-activities.js';
import { type ReadAhead, type TransitionRun, Withdrawn } from '../transition-run.js';

/** The federation as it is set up now. */
export function readFederation(run: TransitionRun, federationId: string): Promise<void> {
  return run.step('federation', async () => {
    const { kind } = run.current;
    run.federation = await run.attempt('federation', 'org2org', () =>
      federationActivities.readFederation(federationId, kind, { readsAhead: true }),
    );
    const { idp, sp } = run.federation.orgs;
    run.take('federation', {
      decided: `${idp.name} provisions into ${sp.name}.`,
      changes: [],
      applied: [],
      checks: [],
      blocker: null,
      evidence: [],
    });
  });
}

/** The user in the IdP org, who is created where the command brings a profile and nobody has the login. */
export function idpUser(run: TransitionRun): Promise<void> {
  return run.step('idpUser', async () => {
    run.idp = await run.call('idpUser', 'idp', 'lookAtIdpUser', `Look: the user in ${run.federation.orgs.idp.name}`);
    run.keepBefore({ idp: run.idp.user, assignment: run.idp.assignment });
    run.take('idpUser', run.idp);
    const creates = run.idp.changes.length > 0;
    if (!creates || run.plansOnly) return;
    run.idp = await run.call('idpUser', 'idp', 'createIdpUser', 'Do: create the user in the IdP org');
    run.take('idpUser', run.idp);
  });
}

/** What was read ahead; null where nothing was, where it failed, or where it is older than a minute. */
export async function stillFresh<Result>(
  ahead: Promise<ReadAhead<Result> | null> | undefined,
): Promise<ReadAhead<Result> | null> {
  const seen = (await ahead) ?? null;
  return seen !== null && Date.now() - seen.at <= freshForMs ? seen : null;
}

/** Begins the look at the SP org before the IdP org has said whether the user is assigned: for whoever is not. */
export function lookAheadAtSpUser(run: TransitionRun): Promise<ReadAhead<SpLook> | null> | undefined {
  if (!run.readsAhead) return undefined;
  return run.readAhead('sp', 'lookAtSpUser', `Look: who is there in ${run.federation.orgs.sp.name}`, null);
}

/**
 * Who is there in the SP org. A user who needs a person's decision opens a gate.
 *
 * @param ahead a look that began before, which is good for a user without assignment.
 */
export function spUser(run: TransitionRun, ahead?: Promise<ReadAhead<SpLook> | null>): Promise<void> {
  return run.step('spUser', async () => {
    const seen = await stillFresh(ahead);
    if (seen !== null && run.idp.assignment === null) {
      run.sawSp(seen.result, seen.at);
      run.take('spUser', seen.result);
    } else await lookAtSpUser(run, 'spUser');
    run.keepBefore({ sp: run.sp.user });
    const nowhere = run.idp.user === null && run.sp.user === null;
    if (run.current.kind === 'offboard' && nowhere) {
      const { idp, sp } = run.federation.orgs;
      throw new Stopped(problem('O2O_USER_NOWHERE', { idp: idp.name, sp: sp.name }));
    }
    await checkMandate(run, 'spUser');
    if (run.plansOnly) tellWhoIsAsked(run);
    else await askIfProtected(run, 'spUser');
  });
}

/** Judges the finding of a sweep anew by looks at both orgs that are fresh. @throws Withdrawn if it does not hold any more */
async function checkMandate(run: TransitionRun, step: UserStepName): Promise<void> {
  const { mandate } = run.current;
  if (mandate === undefined) return;
  while (Date.now() - run.idpSeenAt > freshForMs) {
    await lookAtIdpUserAgain(run, step);
    await lookAtSpUser(run, step);
  }
  const { idp, sp, federation } = run;
  const judged = await run.attempt(step, 'org2org', () => sweepActivities.judgeMandate(mandate, federation, idp, sp));
  if (!judged.holds) throw new Withdrawn(judged.because);
  const org = federation.orgs.idp.name;
  for (const login of judged.unlessKnownAs ?? []) {
    const other = await run.attempt(step, org, () =>
      run.callOrg(org, 'lookAtIdpUser', `Look: another name of the user in ${org}`, { ...run.input, login }),
    );
    if (other.user !== null) throw new Withdrawn(`the IdP user ${other.user.id} has a name of the SP user`);
  }
}

/** Looks afresh before something is taken away. What makes the user a protected one meanwhile opens a gate. */
export async function lookAgain(run: TransitionRun, step: UserStepName): Promise<void> {
  if (run.current.mandate === undefined) await lookAtSpUser(run, step);
  else await lookAtBothAgain(run, step);
  await askIfProtected(run, step);
}

const statusWritten: Readonly<Partial<Record<TransitionKind, string>>> = {
  offboard: 'DEPROVISIONED',
  suspend: 'SUSPENDED',
  resume: 'ACTIVE',
};

/**
 * Looks at both orgs, as the finding of a sweep rests on both: a right that came back meanwhile ends it. What the
 * transition itself has written does not count against the finding.
 */
async function lookAtBothAgain(run: TransitionRun, step: UserStepName): Promise<void> {
  const gone = await lookAtIdpUserAgain(run, step);
  await lookAtSpUser(run, step);
  const written = run.wroteStatus && run.sp.user?.status === statusWritten[run.current.kind];
  if (!gone && !written) await checkMandate(run, step);
}

/** @returns whether the assignment is gone that the transition has taken away; the look before it stays then. */
async function lookAtIdpUserAgain(run: TransitionRun, step: UserStepName): Promise<boolean> {
  const summary = `Look: the user in ${run.federation.orgs.idp.name}`;
  const idp = await run.call(step, 'idp', 'lookAtIdpUser', summary);
  if (run.tookAway && idp.assignment === null) {
    run.idpSeenAt = Date.now();
    return true;
  }
  if (run.tookAway && step === 'deprovisioned' && idp.assignment !== null) {
    throw new Withdrawn(`the user is assigned again, ${idp.assignment.status}`);
  }
  run.idp = idp;
  return false;
}

/** A read that is older than this is made anew before anything is taken away or proven. */
export const freshForMs = 60_000;

/** Looks afresh unless the last looks were made within the last minute: an org may have been away for hours. */
export async function lookAgainIfStale(run: TransitionRun, step: UserStepName): Promise<void> {
  const { mandate } = run.current;
  const seenAt = mandate === undefined ? run.spSeenAt : Math.min(run.idpSeenAt, run.spSeenAt);
  if (Date.now() - seenAt > freshForMs) await lookAgain(run, step);
}

/**
 * Carries out a write in the SP org until it succeeds. For a sweep it is never written by an old look, however long the
 * org was away.
 */
export function writeFreshly<Result>(
  run: TransitionRun,
  step: UserStepName,
  write: (org: string) => Promise<Result>,
): Promise<Result> {
  const org = run.federation.orgs.sp.name;
  return run.attempt(step, org, async () => {
    if (run.current.mandate !== undefined) await lookAgainIfStale(run, step);
    return write(org);
  });
}

/**
 * Looks at the SP user anew where the last look is older than a minute: whoever became an administrator there, or belongs
 * elsewhere now, is not linked.
 *
 * @throws Stopped at such a user
 */
export async function lookAtSpUserIfStale(run: TransitionRun, step: UserStepName): Promise<void> {
  if (Date.now() - run.spSeenAt > freshForMs && patched('linked-freshly')) await lookAtSpUser(run, step);
}

async function lookAtSpUser(run: TransitionRun, step: UserStepName): Promise<void> {
  const org = run.federation.orgs.sp.name;
  run.sp = await run.call(step, 'sp', 'lookAtSpUser', `Look: who is there in ${org}`, run.idp.assignment);
  run.take(step, run.sp);
}

function tellWhoIsAsked(run: TransitionRun): void {
  const { decided, protectedBecause } = run.sp;
  if (protectedBecause === null) return;
  run.leaveOut('spUser', 'planned', `${decided} An approver is asked first, because ${protectedBecause}.`);
}

/** Asks until a person has agreed to everything that protects the user as the last look shows it. */
async function askIfProtected(run: TransitionRun, step: UserStepName): Promise<void> {
  while (run.sp.protectedBecause !== null && run.sp.protectedBecause !== run.agreedTo) {
    const because = run.sp.protectedBecause;
    if (run.current.mandate !== undefined) throw new Withdrawn(because);
    const question = protectedQuestion(run, because, `protectedUser-${run.current.number}-${step}`);
    const answer = await run.ask(step, question);
    if (answer.choice === 'stop') throw refused(question.name);
    run.agreedTo = because;
    await lookAtSpUser(run, step);
  }
}

function protectedQuestion(run: TransitionRun, because: string, name: string): GateQuestion {
  const { kind } = run.current;
  const { user, roles } = run.sp;
  return {
    name,
    kind: 'protectedUser',
    question: `Shall this user lose access (${kind}) although ${because}?`,
    instructions: [
      `Look at the user ${user?.id ?? ''} in the console of ${run.federation.orgs.sp.name}.`,
      `Answer proceed if the ${kind} is meant for this very user, stop if not.`,
    ],
    evidence: { user: user?.id ?? null, status: user?.status ?? null, roles },
    choices: [
      { value: 'proceed', meaning: `Carry out the ${kind}` },
      { value: 'stop', meaning: 'Leave the user alone' },
    ],
    role: 'approver',
  };
}

/** A person decided that the transition ends here. */
export function refused(gate: string): Stopped {
  return new Stopped(problem('O2O_GATE_REFUSED', { gate, choice: 'stop' }));
}
