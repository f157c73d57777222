import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import { problem } from '../domain/errors.js';
import type {
  Candidate,
  CandidateLot,
  LeaverLot,
  Named,
  RolloutIssue,
  RolloutLook,
  RolloutRecord,
} from '../domain/group-rollout.js';
import { federationActivities } from './federation-activities.js';
import { Stopped } from './problems.js';
import { RolloutRun, type RolloutStart } from './rollout-run.js';

/** How many people one activity looks at in the SP org. */
const lookedAtTogether = 200;

/** How many people are named one by one. */
const mostNamed = 100;

/** Waits between looks at members who are on their way: half a second, doubled up to 30 s. */
function pauseMs(look: number): number {
  return Math.min(500 * 2 ** look, 30_000);
}

/**
 * Assigns a group of the IdP org to the Org2Org app and follows it until every member is provisioned or explained. Goes
 * round until a last look shows that nobody has joined, left or changed.
 *
 * @returns what it came to. Sent again it starts anew and finds what is as agreed.
 */
export async function groupRollout(start: RolloutStart): Promise<RolloutRecord> {
  const run = new RolloutRun(start);
  await run.carryOut(async () => {
    await fits(run);
    if (!run.progress.assigned) {
      await members(run);
      await assignment(run);
    }
    if (run.record.dryRun) return;
    while (!(await pass(run))) {
      run.change({ pass: run.record.pass + 1 });
      if (!workflowInfo().continueAsNewSuggested) continue;
      await condition(allHandlersFinished);
      await continueAsNew<typeof groupRollout>({ ...start, carried: { record: run.record, progress: run.progress } });
    }
  });
  await condition(allHandlersFinished);
  return run.record;
}

/** Follows the members once from the beginning. @returns whether nothing has changed meanwhile */
async function pass(run: RolloutRun): Promise<boolean> {
  await provisioned(run);
  const fingerprint = await access(run);
  await leavers(run);
  return run.step('lastLook', async () => (await run.look('lastLook', null)).fingerprint === fingerprint);
}

async function fits(run: RolloutRun): Promise<void> {
  await run.step('federation', async () => {
    run.federation = await run.attempt('federation', 'org2org', () =>
      federationActivities.readFederation(run.record.federationId, 'onboard'),
    );
    run.take(
      'federation',
      await run.call('federation', 'idp', 'checkRolloutConnection', 'Look: the connection', run.federation),
    );
  });
  await run.step('group', async () => {
    const asked = { id: run.record.groupId };
    const found = await run.call('group', 'idp', 'findRolloutGroup', 'Look: the group', run.federation, asked);
    run.take('group', { ...found, decided: `The group is of the type ${found.type ?? 'unknown'}.` });
  });
}

/** Whoever must not be linked is found before anything is assigned. */
async function members(run: RolloutRun): Promise<void> {
  await run.step('members', async () => {
    await run.look('members', null);
    for (;;) {
      const neverLinked = await walk(run);
      run.change({ neverLinked });
      if (neverLinked.count === 0 || run.record.dryRun) return;
      await run.ask('members', {
        kind: 'neverLinked',
        question: `${neverLinked.count} member(s) have a counterpart in ${run.federation.orgs.sp.name} who must not be linked. Are they out of the group?`,
        instructions: [
          `The ids under evidence are users of ${run.federation.orgs.idp.name} whose login belongs to an administrator, or to somebody else's user, in ${run.federation.orgs.sp.name}.`,
          'Take them out of the group, or have the role or the other identity provider taken away; then answer again.',
        ],
        evidence: { users: neverLinked.ids, count: neverLinked.count },
        choices: [
          { value: 'again', meaning: 'It is settled: look at all members again' },
          { value: 'stop', meaning: 'End the rollout; nothing was assigned' },
        ],
        role: 'approver',
      });
    }
  });
}

async function walk(run: RolloutRun): Promise<Named> {
  let after: string | null = null;
  let ids: readonly string[] = [];
  let count = 0;
  do {
    const from: string | null = after;
    const lot: CandidateLot = await run.call(
      'members',
      'idp',
      'readRolloutCandidates',
      'Look: members not there yet',
      run.input,
      from,
    );
    for (const people of portions(lot.people)) {
      const found = await run.call('members', 'sp', 'findNeverLinked', 'Look: who has these logins', run.input, people);
      count += found.neverLinked.length;
      ids = [...ids, ...found.neverLinked.map(({ id }) => id)].slice(0, mostNamed);
      run.take('members', {
        decided: `${count} of the members looked at must not be linked.`,
        evidence: found.evidence.slice(-1),
      });
    }
    after = lot.after;
  } while (after !== null);
  return { count, ids };
}

function portions(people: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const number = Math.ceil(people.length / lookedAtTogether);
  return Array.from({ length: number }, (_, index) =>
    people.slice(index * lookedAtTogether, (index + 1) * lookedAtTogether),
  );
}

async function assignment(run: RolloutRun): Promise<void> {
  await run.step('assignment', async () => {
    if (run.record.dryRun) {
      run.take(
        'assignment',
        await run.call('assignment', 'idp', 'assessRolloutAssignment', 'Look: the assignment', run.input),
      );
      for (const later of ['provisioned', 'access', 'leavers', 'lastLook'] as const) {
        run.plan(later, 'Left out by the dry run.');
      }
      return;
    }
    const assigned = await run.call('assignment', 'idp', 'assignRolloutGroup', 'Do: assign the group', run.input);
    run.take('assignment', assigned);
    run.wrote(assigned.applied.length);
    run.progress = { ...run.progress, assigned: true };
  });
}

/** Asks until nobody is on the way; who does not arrive is explained, and a person says what to do about it. */
async function provisioned(run: RolloutRun): Promise<void> {
  await run.step('provisioned', async () => {
    const within = run.federation.users.pushWithinMinutes * 60_000;
    let arrived = -1;
    let arrivedAt = Date.now();
    for (let look = 0; ; look += 1) {
      const seen = await run.look('provisioned', null);
      if (outstanding(seen) <= run.progress.accepted.count) return;
      if (seen.provisioned > arrived) arrivedAt = Date.now();
      arrived = seen.provisioned;
      const overdue = Date.now() - arrivedAt >= within;
      if (look > 0 || overdue) {
        const issues = await explain(run, seen, overdue);
        if (issues.length > 0 && (overdue || issues.length >= Math.min(outstanding(seen), mostNamed))) {
          await askAboutIssues(run, seen, issues);
          arrivedAt = Date.now();
          continue;
        }
      }
      await run.pause(pauseMs(look));
    }
  });
}

function outstanding({ members: all, provisioned: there }: RolloutLook): number {
  return all - there;
}

async function explain(run: RolloutRun, look: RolloutLook, overdue: boolean): Promise<readonly RolloutIssue[]> {
  const { pushWithinMinutes } = run.federation.users;
  const { queued, failed, notProvisioned, unassigned } = look;
  const { issues, evidence } = await run.call(
    'provisioned',
    'idp',
    'explainRollout',
    "Look: what the IdP org's System Log says",
    run.input,
    {
      look: { queued, failed, notProvisioned, unassigned },
      since: run.progress.failuresSince,
      overdueMinutes: overdue ? pushWithinMinutes : null,
    },
  );
  run.change({ explained: { count: outstanding(look), issues } });
  run.take('provisioned', { decided: `${issues.length} member(s) have not arrived, with a reason.`, evidence });
  return issues;
}

async function askAboutIssues(run: RolloutRun, look: RolloutLook, issues: readonly RolloutIssue[]): Promise<void> {
  const { idp, sp } = run.federation.orgs;
  const answer = await run.ask('provisioned', {
    kind: 'membersNotProvisioned',
    question: `${outstanding(look)} of ${look.members} members have not arrived in ${sp.name}. Has this been mended?`,
    instructions: [
      `In ${idp.name}, open Dashboard > Tasks: each task names a user and the reason. The first reasons stand under evidence.`,
      'Mend them and press Retry Selected there, then answer retry; or answer accept to end with these members explained.',
    ],
    evidence: Object.fromEntries(issues.slice(0, 20).map(({ id, reason }) => [id, reason.slice(0, 200)])),
    choices: [
      { value: 'retry', meaning: 'It is mended: go on following' },
      { value: 'accept', meaning: 'Go on without them; they stay listed with their reasons' },
      { value: 'stop', meaning: 'End the rollout here' },
    ],
    role: 'operator',
  });
  run.progress = {
    ...run.progress,
    failuresSince: new Date().toISOString(),
    ...(answer.choice === 'accept'
      ? { accepted: { count: outstanding(look), ids: issues.map(({ id }) => id).slice(0, mostNamed) } }
      : {}),
  };
  if (answer.choice === 'retry') run.change({ explained: { count: 0, issues: [] } });
}

/**
 * Gives everyone who arrived the target app, window by window.
 *
 * @returns the fingerprint of the members it was given to; one that no look has where they changed between windows.
 */
function access(run: RolloutRun): Promise<string> {
  return run.step('access', async () => {
    let withAccess = 0;
    let after: string | null = null;
    const fingerprints = new Set<string>();
    for (;;) {
      const look: RolloutLook = await run.look('access', { after });
      fingerprints.add(look.fingerprint);
      const given = await run.call(
        'access',
        'sp',
        'giveRolloutAccess',
        'Do: access to the target app',
        run.input,
        look.spUserIds,
      );
      withAccess += given.looked - given.absent.count;
      run.wrote(given.added);
      run.change({ counts: { ...run.record.counts, withAccess } });
      run.take('access', {
        decided: `${withAccess} of ${look.provisioned} provisioned members have the target app.`,
        applied: given.added === 0 ? [] : [`Add ${given.added} user(s) to the access group`],
        blocker: given.blocker,
        evidence: given.evidence,
      });
      if (given.absent.count > 0) throw absent(run, given.absent);
      if (look.more === null) return fingerprints.size === 1 ? look.fingerprint : 'changed between windows';
      after = look.more;
    }
  });
}

function absent(run: RolloutRun, { count, ids }: Named): Stopped {
  const detail = `${count} user(s) whom the IdP org calls provisioned are deactivated or gone there: ${ids.slice(0, 10).join(', ')}`;
  return new Stopped(problem('O2O_NOT_ARRIVED', { org: run.federation.orgs.sp.name, detail }));
}

/** Reads back that those who were taken out of the group, and have the app by no other way, are deactivated. */
async function leavers(run: RolloutRun): Promise<void> {
  await run.step('leavers', async () => {
    const deadline = Date.now() + run.federation.users.pushWithinMinutes * 60_000;
    for (let look = 0; ; look += 1) {
      const seen = await readLeavers(run);
      run.change({
        counts: { ...run.record.counts, left: seen.left, deprovisioned: seen.deprovisioned },
        leaversStillThere: seen.stillThere,
      });
      const decided = `${seen.left} left the group; ${seen.deprovisioned} of them are deactivated, ${seen.stillThere.count} still there.`;
      run.take('leavers', { decided });
      if (seen.stillThere.count === 0 || Date.now() >= deadline) return;
      await run.pause(pauseMs(look));
    }
  });
}

async function readLeavers(run: RolloutRun) {
  let after: string | null = null;
  let left = 0;
  let deprovisioned = 0;
  let ids: readonly string[] = [];
  let count = 0;
  do {
    const from: string | null = after;
    const { startedAt } = run.record;
    const lot: LeaverLot = await run.call(
      'leavers',
      'idp',
      'readRolloutLeavers',
      'Look: who left',
      run.input,
      startedAt,
      from,
    );
    if (lot.leavers.length > 0) {
      const read = await run.call(
        'leavers',
        'sp',
        'checkRolloutLeavers',
        'Read back: who left',
        run.input,
        lot.leavers,
      );
      left += read.deprovisioned + read.stillThere.length;
      deprovisioned += read.deprovisioned;
      count += read.stillThere.length;
      ids = [...ids, ...read.stillThere].slice(0, mostNamed);
    }
    after = lot.after;
  } while (after !== null);
  return { left, deprovisioned, stillThere: { count, ids } };
}
