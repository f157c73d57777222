import { allHandlersFinished, condition, continueAsNew } from '@temporalio/workflow';
import { problem } from '../domain/errors.js';
import type { SweepRecord } from '../domain/sweep.js';
import { federationActivities } from './federation-activities.js';
import { Stopped } from './problems.js';
import { actions, canary } from './sweep-actions.js';
import { sweepActivities } from './sweep-activities.js';
import { BeginAnew, HandOn, Incomplete } from './sweep-endings.js';
import { historyIsLong, readBothOrgs } from './sweep-reads.js';
import type { SweepStart } from './sweep-record.js';
import { SweepRun } from './sweep-run.js';

/**
 * Finds SP users whose right to be there has ended, and ends it: reads both orgs into the ledger, trusts no short, empty
 * or failed read, judges everyone, and acts on the list only if it is small enough or another person has approved exactly
 * this list. Every user is looked at afresh, acted on and read back by a workflow of the user's own.
 *
 * @returns what it came to, without naming a user; the findings are in the ledger.
 */
export async function deactivationSweep(start: SweepStart): Promise<SweepRecord> {
  const run = new SweepRun(start);
  await run.carryOut(async () => {
    while (!(await sweep(run))) {
      if (!historyIsLong()) continue;
      run.checkCancelled();
      await condition(allHandlersFinished);
      await continueAsNew<typeof deactivationSweep>({
        ...start,
        carried: { record: run.record, progress: run.progress },
      });
    }
  });
  await condition(allHandlersFinished);
  return run.record;
}

/** Goes as far as it can. @returns whether the sweep has ended; if not, it reads again, or goes on in the next run */
async function sweep(run: SweepRun): Promise<boolean> {
  try {
    await federation(run);
    if (!run.progress.judged) {
      await readBothOrgs(run);
      await completeness(run);
      await findings(run);
    }
    await enforcement(run);
    return true;
  } catch (error) {
    if (error instanceof BeginAnew) run.beginAnew(error.message);
    else if (!(error instanceof HandOn)) throw error;
    return false;
  }
}

async function federation(run: SweepRun): Promise<void> {
  const { id, federationId, spec, trigger } = run.record;
  await run.step('federation', async () => {
    run.federation = await run.attempt('federation', 'org2org', () =>
      federationActivities.readFederation(federationId, 'offboard'),
    );
    const { idp, sp } = run.federation.orgs;
    if (!run.progress.opened) {
      const { running, baseline } = await run.attempt('federation', 'org2org', () =>
        sweepActivities.openSweep({ id, federationId, spec, trigger, actor: run.start.actor }),
      );
      if (running !== null) throw new Stopped(problem('O2O_SWEEP_RUNNING', { sweep: running }));
      run.progress = { ...run.progress, opened: true, baseline };
    }
    const { baseline, again } = run.progress;
    const compared = baseline === null ? 'There is no complete sweep before it.' : `Compared with ${baseline.sweepId}.`;
    const anew = again === undefined ? '' : ` Read again: ${again}.`;
    return `${idp.name} provisions into ${sp.name}. ${compared}${anew}`;
  });
}

/** Nothing is judged by a read that is not complete. */
async function completeness(run: SweepRun): Promise<void> {
  await run.step('completeness', async () => {
    const { lists } = run.record;
    const { held, doubts } = await run.attempt('completeness', 'org2org', () =>
      sweepActivities.assessReads(run.input, lists, run.agreed),
    );
    if (!held) throw new BeginAnew('the ledger has lost what was read');
    if (doubts.length > 0) {
      run.change({ reasons: doubts });
      const { idp, sp } = run.federation.orgs;
      const org = `${idp.name} and ${sp.name}`;
      throw new Incomplete(problem('O2O_SWEEP_INCOMPLETE', { org, detail: doubts.join('; ') }));
    }
    return 'Every list ended properly and is about as long as expected.';
  });
}

async function findings(run: SweepRun): Promise<void> {
  await run.step('findings', async () => {
    const { lists } = run.record;
    const judged = await run.attempt('findings', 'org2org', () =>
      sweepActivities.judgeSweep(run.input, lists, run.agreed),
    );
    if (judged.held === false) throw new BeginAnew('the ledger has lost what was read');
    const { population, source, findings: counts, listed, listDigest, blown } = judged;
    run.progress = { ...run.progress, judged: true };
    run.change({
      population,
      source,
      findings: counts,
      listDigest,
      actions: { ...run.record.actions, listed, pending: listed },
      reasons: blown,
    });
    return `${listed} of ${population} user(s) are on the list of actions.`;
  });
}

/** Acts on the list, a few first, if it may be acted on. */
async function enforcement(run: SweepRun): Promise<void> {
  if (run.spec.mode === 'report' || run.record.actions.listed === 0) {
    const why = run.spec.mode === 'report' ? 'The mode is report: nothing is done.' : 'There is nothing to do.';
    for (const step of ['fuse', 'canary', 'actions'] as const) run.leaveOut(step, why);
    return;
  }
  await fuse(run);
  await run.step('canary', () => canary(run));
  await run.step('actions', () => actions(run));
}

async function fuse(run: SweepRun): Promise<void> {
  if (run.progress.mayAct) return;
  await run.step('fuse', async () => {
    const {
      reasons,
      actions: { listed },
      population,
      listDigest,
      attempt,
      id,
    } = run.record;
    if (reasons.length > 0) {
      await run.ask('fuse', {
        name: `sweepFuse-${attempt}`,
        kind: 'sweepFuse',
        question: `Shall ${listed} of ${population} user(s) be acted on? ${reasons.join('; ')}.`,
        instructions: [
          `Read the whole list: GET /v1/federations/${run.record.federationId}/sweeps/${id}/findings?listed=true, or the same as CSV.`,
          'Approve it with its digest if every one of them is meant; somebody else must do that than who started the sweep.',
          'Reject it if one of them is not, or if you do not know: nothing is done then.',
        ],
        evidence: { listed, population, listDigest },
        choices: [
          { value: 'approve', meaning: 'Act on exactly this list' },
          { value: 'reject', meaning: 'End the sweep; nothing is done' },
        ],
        role: 'approver',
      });
    }
    run.progress = { ...run.progress, mayAct: true };
    return reasons.length > 0 ? null : `${listed} user(s): fewer than every fuse allows.`;
  });
}
