import type { IdpProfile, UserStepName } from '../../domain/user-lifecycle.js';
import type { TransitionRun } from '../transition-run.js';
import { confirmPush, untilArrived } from './arrival.js';
import { idpUser, readFederation, spUser } from './looks.js';

export const updateSteps: readonly UserStepName[] = ['federation', 'idpUser', 'spUser', 'profile', 'propagated'];

/** Changes the profile in the IdP org and proves that the change arrived in the SP org, a changed login too. */
export async function update(run: TransitionRun, federationId: string): Promise<void> {
  await readFederation(run, federationId);
  await idpUser(run);
  await spUser(run);
  if (run.plansOnly) {
    await run.step('profile', async () => {
      run.take('profile', await run.call('profile', 'idp', 'assessIdpProfile', 'Look: what differs', run.idp));
    });
    return run.leaveOut('propagated', 'planned', 'Wait for the push and compare every attribute.');
  }
  const changed = await profile(run);
  await propagated(run, changed);
}

function profile(run: TransitionRun): Promise<IdpProfile> {
  return run.step('profile', async () => {
    const changed = await run.call('profile', 'idp', 'applyIdpProfile', 'Do: change the profile', run.idp);
    run.take('profile', changed);
    return changed;
  });
}

async function propagated(run: TransitionRun, changed: IdpProfile): Promise<void> {
  await run.step('propagated', async () => {
    const expected = { ...changed.expected, id: run.sp.user?.id ?? changed.expected.id };
    const user = await untilArrived(run, 'propagated', expected, run.current.startedAt);
    await confirmPush(run, 'propagated', user);
    run.keepAfter({ idp: changed.user });
  });
}
