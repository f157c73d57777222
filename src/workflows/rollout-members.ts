import type { Candidate, CandidateLot, Named } from '../domain/group-rollout.js';
import { mostNamed } from './rollout-rules.js';
import type { RolloutRun } from './rollout-run.js';

/** How many people one activity looks at in the SP org. */
const lookedAtTogether = 200;

/** Whoever must not be linked is found before anything is assigned. */
export async function members(run: RolloutRun): Promise<void> {
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

/** Looks at the members lot by lot; the next run goes on behind the last lot of this one. */
async function walk(run: RolloutRun): Promise<Named> {
  let { after, count, ids } = run.progress.walked ?? { after: null, count: 0, ids: [] };
  for (;;) {
    const lot: CandidateLot = await run.call(
      'members',
      'idp',
      'readRolloutCandidates',
      'Look: members not there yet',
      run.input,
      after,
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
    run.progress = { ...run.progress, walked: after === null ? null : { after, count, ids } };
    if (after === null) return { count, ids };
    await run.handOnWithinAPass();
  }
}

function portions(people: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const number = Math.ceil(people.length / lookedAtTogether);
  return Array.from({ length: number }, (_, index) =>
    people.slice(index * lookedAtTogether, (index + 1) * lookedAtTogether),
  );
}
