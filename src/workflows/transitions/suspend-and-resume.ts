import type { UserStepName } from '../../domain/user-lifecycle.js';
import type { TransitionRun } from '../transition-run.js';
import { idpUser, readFederation, spUser, writeFreshly } from './looks.js';
import { endSessions } from './sessions.js';

export const suspendSteps: readonly UserStepName[] = ['federation', 'idpUser', 'spUser', 'sessions', 'suspended'];
export const resumeSteps: readonly UserStepName[] = ['federation', 'idpUser', 'spUser', 'resumed'];

/** Suspends the user in the SP org, who keeps assignment, groups and data. */
export async function suspend(run: TransitionRun, federationId: string): Promise<void> {
  await readFederation(run, federationId);
  await idpUser(run);
  await spUser(run);
  if (run.plansOnly) {
    run.leaveOut('sessions', 'planned', 'End sessions and revoke tokens.');
    return run.leaveOut('suspended', 'planned', run.sp.changes[0]?.summary ?? run.sp.decided);
  }
  await endSessions(run, run.sp.changes.length > 0);
  await changeStatus(run, 'suspended', 'suspend');
}

/** Makes a suspended user active again. */
export async function resume(run: TransitionRun, federationId: string): Promise<void> {
  await readFederation(run, federationId);
  await idpUser(run);
  await spUser(run);
  if (run.plansOnly) return run.leaveOut('resumed', 'planned', run.sp.changes[0]?.summary ?? run.sp.decided);
  await changeStatus(run, 'resumed', 'unsuspend');
}

async function changeStatus(
  run: TransitionRun,
  step: 'suspended' | 'resumed',
  write: 'suspend' | 'unsuspend',
): Promise<void> {
  await run.step(step, async () => {
    if (run.sp.changes.length === 0) {
      run.take(step, { ...run.sp, changes: [], applied: [], checks: [], evidence: [] });
      return run.keepAfter({});
    }
    const changed = await writeFreshly(run, step, (org) => {
      run.wroteStatus = true;
      return run.callOrg(org, 'changeSpStatus', `Do: ${write} in the SP org`, run.input, run.sp, write);
    });
    run.take(step, changed);
    run.keepAfter({ sp: changed.user });
  });
}
