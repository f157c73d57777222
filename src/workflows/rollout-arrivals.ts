import type { RolloutIssue, RolloutLook } from '../domain/group-rollout.js';
import { isAccepted, mostNamed, namedOutstanding, outstanding, pauseMs, stillExplained } from './rollout-rules.js';
import type { RolloutRun } from './rollout-run.js';

/** Asks until nobody is on the way; who does not arrive is explained, and a person says what to do about it. */
export async function provisioned(run: RolloutRun): Promise<void> {
  await run.step('provisioned', async () => {
    const within = run.federation.users.pushWithinMinutes * 60_000;
    let { look, arrived, arrivedAt } = run.progress.arrivals ?? { look: 0, arrived: -1, arrivedAt: Date.now() };
    for (; ; look += 1) {
      const seen = await run.look('provisioned', null);
      if (contentWith(run, seen)) {
        run.progress = { ...run.progress, arrivals: null };
        return;
      }
      if (seen.provisioned > arrived) arrivedAt = Date.now();
      arrived = seen.provisioned;
      const overdue = Date.now() - arrivedAt >= within;
      const issues = look > 0 || overdue ? await explain(run, seen, overdue) : [];
      if (issues.length > 0 && (overdue || issues.length >= Math.min(outstanding(seen), mostNamed))) {
        await askAboutIssues(run, seen, issues);
        arrivedAt = Date.now();
      } else {
        await run.pause(pauseMs(look));
      }
      run.progress = { ...run.progress, arrivals: { look: look + 1, arrived, arrivedAt } };
      await run.handOnWithinAPass();
    }
  });
}

/** Whether nobody is on the way but those with whom a person is content. */
function contentWith(run: RolloutRun, seen: RolloutLook): boolean {
  const { accepted } = run.progress;
  if (!run.followsByName) return outstanding(seen) <= accepted.count;
  if (!isAccepted(seen, accepted)) return false;
  run.change({ explained: stillExplained(run.record.explained, seen) });
  return true;
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
  if (answer.choice === 'accept') {
    const { outstanding: all } = look;
    const accepted = { count: outstanding(look), ids: namedOutstanding(look), outstanding: all };
    run.progress = { ...run.progress, accepted };
  } else {
    run.progress = { ...run.progress, failuresSince: new Date().toISOString() };
    run.change({ explained: { count: 0, issues: [] } });
  }
}
