import type { Check } from '../../domain/check.js';
import type { SeenGone } from '../../domain/offboarding-proof.js';
import type { SpWait, UserStepName } from '../../domain/user-lifecycle.js';
import type { TransitionRun } from '../transition-run.js';
import { reasonOfPush } from './arrival.js';
import { idpUser, lookAgain, lookAgainIfStale, readFederation, refused, spUser } from './looks.js';
import { federationEnds, prove } from './proof.js';
import { endSessions } from './sessions.js';

export const offboardSteps: readonly UserStepName[] = [
  'federation',
  'idpUser',
  'spUser',
  'sessions',
  'unassignment',
  'deprovisioned',
  'proof',
];

/**
 * Ends a user's access: a fresh look, sessions and tokens, the assignment where it comes from, the deactivation in the SP
 * org, and the proof from reads in both orgs after the last write.
 */
export async function offboard(run: TransitionRun, federationId: string): Promise<void> {
  await readFederation(run, federationId);
  await idpUser(run);
  await spUser(run);
  if (run.plansOnly) return planOffboarding(run);
  await endSessions(run, stillThere(run));
  const unassigned = await unassignment(run);
  const { wrote, seen } = await deprovisioned(run);
  await prove(run, wrote ? null : unassigned, seen);
}

/** @returns what the read after the removal proves. */
async function unassignment(run: TransitionRun): Promise<Check | null> {
  const id = run.idp.user?.id;
  if (id === undefined) {
    run.leaveOut('unassignment', 'skipped', 'The IdP org has no such user any more.');
    return null;
  }
  if (federationEnds(run)) {
    run.leaveOut('unassignment', 'skipped', 'The federation ends: the assignments go with its app.');
    return null;
  }
  const org = run.federation.orgs.idp.name;
  return run.step('unassignment', async () => {
    for (;;) {
      const removed = await run.attempt('unassignment', org, async () => {
        await lookAgainIfStale(run, 'unassignment');
        const given = run.idp.assignment !== null;
        const agreed = { spUserId: run.sp.user?.id ?? null, ...(run.current.mandate === undefined ? {} : { given }) };
        run.tookAway = given;
        return run.callOrg(org, 'unassignUser', 'Do: remove the assignment', run.input, id, agreed);
      });
      if (removed.otherGroups.length === 0) {
        run.take('unassignment', removed);
        return removed.proven ?? null;
      }
      run.take('unassignment', { ...removed, blocker: null });
      await askAboutGroups(run, removed.otherGroups);
    }
  });
}

async function askAboutGroups(run: TransitionRun, groups: readonly string[]): Promise<void> {
  const { idp } = run.federation.orgs;
  const name = `otherGroups-${run.current.number}`;
  const answer = await run.ask('unassignment', {
    name,
    kind: 'otherGroups',
    question: `The user still has the Org2Org app through ${groups.join(', ')}. Is the user out of these groups?`,
    instructions: [
      `In ${idp.name}, take the user ${run.idp.user?.id ?? ''} out of the groups named under evidence, or change the rule or directory that fills them.`,
      'Answer done: the user is looked at again. Answer stop to end the transition here; the user keeps the access.',
    ],
    evidence: { user: run.idp.user?.id ?? null, groups },
    choices: [
      { value: 'done', meaning: 'The user is out of these groups' },
      { value: 'stop', meaning: 'End the transition here' },
    ],
    role: 'operator',
  });
  if (answer.choice === 'stop') throw refused(name);
}

/** How the deactivation came about: whether it was written in the SP org directly, and the read that showed it. */
interface Deactivation {
  readonly wrote: boolean;
  readonly seen: SeenGone | null;
}

async function deprovisioned(run: TransitionRun): Promise<Deactivation> {
  if (!stillThere(run)) {
    run.leaveOut('deprovisioned', 'skipped', run.sp.decided);
    return { wrote: false, seen: null };
  }
  return run.step('deprovisioned', async () => {
    const { users, features } = run.federation;
    if (features.deactivate && run.idp.assignment?.externalId != null) {
      const arrived = await pushArrived(run);
      if (arrived !== null) return { wrote: false, seen: seenGone(arrived) };
    }
    if (users.whenPushFails === 'gate' && run.current.mandate === undefined) await askAboutDeactivation(run);
    const org = run.federation.orgs.sp.name;
    const changed = await run.attempt('deprovisioned', org, async () => {
      await lookAgain(run, 'deprovisioned');
      if (!stillThere(run)) return null;
      run.wroteStatus = true;
      return run.callOrg(org, 'changeSpStatus', 'Do: deactivate in the SP org', run.input, run.sp, 'deactivate');
    });
    if (changed !== null) run.take('deprovisioned', changed);
    return { wrote: run.wroteStatus, seen: null };
  });
}

function seenGone({ user, proven = null }: SpWait): SeenGone | null {
  return user === null || proven === null ? null : { user, statement: proven };
}

/**
 * Waits for Okta's push of the deactivation: not after it has failed, and at most as long as the specification allows.
 *
 * @returns the wait that ended well, null if the push did not arrive.
 */
async function pushArrived(run: TransitionRun): Promise<SpWait | null> {
  const { pushWithinMinutes } = run.federation.users;
  const deadline = Date.now() + pushWithinMinutes * 60_000;
  const expectation = {
    id: run.sp.user?.id ?? null,
    login: run.input.login,
    shows: 'deprovisioned',
    profile: {},
  } as const;
  for (let look = 0; ; look += 1) {
    const wait = await run.awaitSpUser('deprovisioned', 'Wait: DEPROVISIONED in the SP org', expectation);
    run.take('deprovisioned', wait);
    if (wait.met || wait.user === null) return wait;
    const failed = (await reasonOfPush(run, 'deprovisioned', run.current.startedAt, false)) !== null;
    if (failed || Date.now() >= deadline) return null;
    await run.pause(Math.min(10_000 * 2 ** look, 300_000));
  }
}

async function askAboutDeactivation(run: TransitionRun): Promise<void> {
  const { idp, sp } = run.federation.orgs;
  const name = `pushNotArrived-${run.current.number}`;
  const answer = await run.ask('deprovisioned', {
    name,
    kind: 'pushNotArrived',
    question: `Okta has not deactivated the user ${run.sp.user?.id ?? ''} in ${sp.name}. Shall it be done there directly?`,
    instructions: [
      `Look at the tasks of ${idp.name} for the reason, and at the user in the console of ${sp.name}.`,
      'Answer deactivate: the user is looked at afresh and deactivated in the SP org. Answer stop to leave the user as is.',
    ],
    evidence: { user: run.sp.user?.id ?? null, status: run.sp.user?.status ?? null },
    choices: [
      { value: 'deactivate', meaning: 'Deactivate the user in the SP org directly' },
      { value: 'stop', meaning: 'End the transition here; the user stays as is' },
    ],
    role: 'operator',
  });
  if (answer.choice === 'stop') throw refused(name);
}

async function planOffboarding(run: TransitionRun): Promise<void> {
  const id = run.idp.user?.id;
  run.leaveOut(
    'sessions',
    'planned',
    stillThere(run) ? 'End sessions and revoke tokens.' : 'Nobody can have a session.',
  );
  if (id === undefined) run.leaveOut('unassignment', 'skipped', 'The IdP org has no such user any more.');
  else {
    await run.step('unassignment', async () => {
      run.take('unassignment', await run.call('unassignment', 'idp', 'assessUnassignment', 'Look: the assignment', id));
    });
  }
  run.leaveOut(
    'deprovisioned',
    'planned',
    stillThere(run) ? 'Wait until the user reads DEPROVISIONED.' : run.sp.decided,
  );
  run.leaveOut('proof', 'planned', 'Read both orgs after the last write.');
}

/** Whether the SP org has a user who is not deactivated. */
function stillThere(run: TransitionRun): boolean {
  const { user } = run.sp;
  return user !== null && user.status !== 'DEPROVISIONED';
}
