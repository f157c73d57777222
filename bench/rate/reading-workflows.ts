import { scheduleActivity } from '@temporalio/workflow';
import type { ListProgress, SweepInput, SweepOrgActivities } from '../../src/activities/sweep-activities.js';
import { orgTaskQueue } from '../../src/workflows/messages.js';

/** Reads the assignments of a federation for a sweep, again and again until it is terminated, with the product's activity. */
export async function readingSweep(input: SweepInput): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    for (let from: ListProgress | null = null; from?.done !== true; ) {
      const args: Parameters<SweepOrgActivities['readSweepList']> = [{ ...input, attempt }, 'assignments', from];
      const read: ListProgress = await scheduleActivity<ListProgress>('readSweepList', args, {
        taskQueue: orgTaskQueue(input.federation.orgs.idp.name),
        startToCloseTimeout: '1 hour',
        heartbeatTimeout: '1 minute',
        priority: { priorityKey: 5 },
      });
      from = { ...read, evidence: [] };
    }
  }
}
