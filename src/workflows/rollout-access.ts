import { problem } from '../domain/errors.js';
import type { Named, RolloutLook } from '../domain/group-rollout.js';
import { Stopped } from './problems.js';
import type { RolloutRun } from './rollout-run.js';

/**
 * Gives everyone who arrived the target app, window by window; the next run goes on behind the last window of this one.
 *
 * @returns the fingerprint of the members it was given to; one that no look has where they changed between windows.
 */
export function access(run: RolloutRun): Promise<string> {
  return run.step('access', async () => {
    let { after, withAccess, fingerprints } = run.progress.given ?? { after: null, withAccess: 0, fingerprints: [] };
    if (run.progress.given?.toAll) return oneOf(fingerprints);
    for (;;) {
      const look: RolloutLook = await run.look('access', { after });
      fingerprints = different(fingerprints, look);
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
      if (given.absent.count > 0)
        fingerprints = different(fingerprints, await withoutTheAbsent(run, after, given.absent));
      const toAll = look.more === null;
      run.progress = { ...run.progress, given: { after: look.more, withAccess, fingerprints, toAll } };
      if (toAll) return oneOf(fingerprints);
      after = look.more;
      await run.handOnWithinAPass();
    }
  });
}

function different(fingerprints: readonly string[], { fingerprint }: RolloutLook): readonly string[] {
  return fingerprints.includes(fingerprint) ? fingerprints : [...fingerprints, fingerprint];
}

function oneOf([fingerprint, ...others]: readonly string[]): string {
  return fingerprint !== undefined && others.length === 0 ? fingerprint : 'changed between windows';
}

/**
 * The members without those whom the SP org does not have: they left between the look and the write.
 *
 * @throws Stopped if the IdP org goes on calling one of them provisioned.
 */
async function withoutTheAbsent(run: RolloutRun, after: string | null, absent: Named): Promise<RolloutLook> {
  if (!run.followsByName) throw notThere(run, absent);
  const look = await run.look('access', { after });
  const ids = absent.ids.filter((id) => look.spUserIds.includes(id));
  if (ids.length > 0) throw notThere(run, { count: ids.length, ids });
  return look;
}

function notThere(run: RolloutRun, { count, ids }: Named): Stopped {
  const detail = `${count} user(s) whom the IdP org calls provisioned are deactivated or gone there: ${ids.slice(0, 10).join(', ')}`;
  return new Stopped(problem('O2O_NOT_ARRIVED', { org: run.federation.orgs.sp.name, detail }));
}
