import { problem } from '../../domain/errors.js';
import type { UserStepName } from '../../domain/user-lifecycle.js';
import { federationActivities } from '../federation-activities.js';
import { Stopped } from '../problems.js';
import type { TransitionRun } from '../transition-run.js';

/** The federation as it is set up now. */
export async function readFederation(run: TransitionRun, federationId: string): Promise<void> {
  await run.step('federation', async () => {
    const { kind } = run.current;
    run.federation = await run.attempt('federation', 'org2org', () =>
      federationActivities.readFederation(federationId, kind),
    );
    const { idp, sp } = run.federation.orgs;
    run.take('federation', {
      decided: `${idp.name} provisions into ${sp.name}.`,
      changes: [],
      applied: [],
      checks: [],
      blocker: null,
      evidence: [],
    });
  });
}

/** The user in the IdP org, who is created where the command brings a profile and nobody has the login. */
export async function idpUser(run: TransitionRun): Promise<void> {
  await run.step('idpUser', async () => {
    run.idp = await run.call('idpUser', 'idp', 'lookAtIdpUser', `Look: the user in ${run.federation.orgs.idp.name}`);
    run.take('idpUser', run.idp);
    const creates = run.idp.changes.length > 0;
    if (!creates || run.plansOnly) return;
    run.idp = await run.call('idpUser', 'idp', 'createIdpUser', 'Do: create the user in the IdP org');
    run.take('idpUser', run.idp);
  });
}

/** Who is there in the SP org. A user who needs a person's decision opens a gate. */
export async function spUser(run: TransitionRun): Promise<void> {
  await run.step('spUser', async () => {
    await lookAtSpUser(run);
    run.keepBefore();
    const { protectedBecause } = run.sp;
    if (protectedBecause === null || run.plansOnly) return;
    const { kind } = run.current;
    const org = run.federation.orgs.sp.name;
    const answer = await run.ask('spUser', {
      name: `protectedUser-${run.current.number}`,
      kind: 'protectedUser',
      question: `Shall this user lose access (${kind}) although ${protectedBecause}?`,
      instructions: [
        `Look at the user ${run.sp.user?.id ?? ''} in the console of ${org}.`,
        `Answer proceed if the ${kind} is meant for this very user, stop if not.`,
      ],
      evidence: { user: run.sp.user?.id ?? null, status: run.sp.user?.status ?? null, roles: run.sp.roles },
      choices: [
        { value: 'proceed', meaning: `Carry out the ${kind}` },
        { value: 'stop', meaning: 'Leave the user alone' },
      ],
      role: 'approver',
    });
    if (answer.choice === 'stop') throw refused(`protectedUser-${run.current.number}`);
    await lookAtSpUser(run);
  });
}

/** A fresh look at the user in the SP org; what it shows belongs to the step that asks for it. */
export async function lookAtSpUser(run: TransitionRun, step: UserStepName = 'spUser'): Promise<void> {
  const org = run.federation.orgs.sp.name;
  run.sp = await run.call(step, 'sp', 'lookAtSpUser', `Look: who is there in ${org}`, run.idp.assignment);
  run.take(step, run.sp);
}

/** A person decided that the transition ends here. */
export function refused(gate: string): Stopped {
  return new Stopped(problem('O2O_GATE_REFUSED', { gate, choice: 'stop' }));
}
