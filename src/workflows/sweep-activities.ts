import { type ActivityOptions, proxyActivities, scheduleActivity } from '@temporalio/workflow';
import type { SweepLedgerActivities, SweepOrgActivities } from '../activities/sweep-activities.js';
import { orgTaskQueue, priorities } from './messages.js';

/** Said for each activity: a schedule starts its sweeps without a priority, and they go after everybody else, too. */
export const afterOthers = { priorityKey: priorities.sweep };

const retry = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 7 } as const;

/** What a sweep does in the ledger; joining a hundred thousand users takes its time, a heartbeat shows that it lives. */
export const sweepActivities = proxyActivities<SweepLedgerActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '1 minute',
  priority: afterOthers,
  retry,
});

/** Some pages of a list may wait for Okta's budget on the way. */
const reading: ActivityOptions = {
  startToCloseTimeout: '1 hour',
  scheduleToStartTimeout: '2 minutes',
  heartbeatTimeout: '1 minute',
  priority: afterOthers,
  retry,
};

/** Calls an activity that reads for a sweep on the queue of an org; `summary` is what the Temporal UI shows for it. */
export function callForSweep<Name extends keyof SweepOrgActivities>(
  org: string,
  name: Name,
  summary: string,
  ...args: Parameters<SweepOrgActivities[Name]>
): Promise<Awaited<ReturnType<SweepOrgActivities[Name]>>> {
  return scheduleActivity<Awaited<ReturnType<SweepOrgActivities[Name]>>>(name, args, {
    ...reading,
    taskQueue: orgTaskQueue(org),
    summary,
  });
}
