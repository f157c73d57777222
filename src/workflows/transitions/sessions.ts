import type { TransitionRun } from '../transition-run.js';
import { writeFreshly } from './looks.js';

/** Ends sessions and revokes tokens in the SP org at once, unless there is nobody left who could have any. */
export async function endSessions(run: TransitionRun, needed: boolean): Promise<void> {
  if (!needed) return run.leaveOut('sessions', 'skipped', run.sp.decided);
  await run.step('sessions', async () => {
    const ended = await writeFreshly(run, 'sessions', (org) =>
      run.callOrg(org, 'revokeSpSessions', 'Do: end sessions, revoke tokens', run.input, run.sp),
    );
    run.take('sessions', ended);
  });
}
