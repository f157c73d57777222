import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { RolloutRecord } from '../domain/group-rollout.js';
import { federationActivities } from './federation-activities.js';
import { access } from './rollout-access.js';
import { provisioned } from './rollout-arrivals.js';
import { leavers } from './rollout-leavers.js';
import { members } from './rollout-members.js';
import { RolloutRun, type RolloutStart } from './rollout-run.js';

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
      await run.handOnIfLong();
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
  run.progress = { ...run.progress, given: null };
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
