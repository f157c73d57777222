import { type ActivityOptions, scheduleActivity } from '@temporalio/workflow';
import type { RolloutActivities } from '../activities/rollout-activities.js';
import { orgTaskQueue } from './messages.js';

/** A list of a hundred thousand takes its time within Okta's limits; a heartbeat shows that its reader lives. */
const options: ActivityOptions = {
  startToCloseTimeout: '4 hours',
  scheduleToStartTimeout: '2 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 7 },
};

/** Calls an activity that may read long lists on the queue of an org; `summary` is what the Temporal UI shows for it. */
export function callForRollout<Name extends keyof RolloutActivities>(
  org: string,
  name: Name,
  summary: string,
  args: Parameters<RolloutActivities[Name]>,
): Promise<Awaited<ReturnType<RolloutActivities[Name]>>> {
  return scheduleActivity<Awaited<ReturnType<RolloutActivities[Name]>>>(name, args, {
    ...options,
    taskQueue: orgTaskQueue(org),
    summary,
  });
}
