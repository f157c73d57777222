import type { LeaverLot, Named } from '../domain/group-rollout.js';
import { areAmong, mostNamed, pauseMs } from './rollout-rules.js';
import type { RolloutRun } from './rollout-run.js';

/**
 * Reads back that those who were taken out of the group, and have the app by no other way, are deactivated. Waits for
 * each of them once: whoever was waited for in vain is only named by the next pass.
 */
export async function leavers(run: RolloutRun): Promise<void> {
  await run.step('leavers', async () => {
    const until = run.progress.leaversUntil ?? Date.now() + run.federation.users.pushWithinMinutes * 60_000;
    for (let look = 0; ; look += 1) {
      const seen = await readLeavers(run);
      const { stillThere } = seen;
      run.change({
        counts: { ...run.record.counts, left: seen.left, deprovisioned: seen.deprovisioned },
        leaversStillThere: stillThere,
      });
      const decided = `${seen.left} left the group; ${seen.deprovisioned} of them are deactivated, ${stillThere.count} still there.`;
      run.take('leavers', { decided });
      if (stillThere.count === 0 || Date.now() >= until || wereWaitedFor(run, stillThere)) {
        run.progress = { ...run.progress, leaversUntil: null, waitedFor: stillThere };
        return;
      }
      await run.pause(pauseMs(look));
      run.progress = { ...run.progress, leaversUntil: until };
      await run.handOnWithinAPass();
    }
  });
}

function wereWaitedFor(run: RolloutRun, stillThere: Named): boolean {
  const { waitedFor } = run.progress;
  return run.followsByName && waitedFor !== undefined && areAmong(stillThere, waitedFor);
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
