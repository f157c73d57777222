import { type ActivityOptions, scheduleActivity } from '@temporalio/workflow';
import type { OrgActivities } from '../activities/org-activities.js';
import { orgTaskQueue } from './messages.js';

/**
 * An activity that fails for a while is tried again quickly and a few times; after that the operation shows that it
 * waits and goes on looking in longer intervals. Okta's own delays (`nextRetryDelay`) take the place of the interval.
 */
const options: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  scheduleToStartTimeout: '2 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 7 },
};

/**
 * Calls an activity on the queue of an org; `summary` is what the Temporal UI shows for it.
 */
export function callOrg<Name extends keyof OrgActivities>(
  org: string,
  name: Name,
  summary: string,
  ...args: Parameters<OrgActivities[Name]>
): Promise<Awaited<ReturnType<OrgActivities[Name]>>> {
  return schedule(org, name, summary, args, {});
}

/** As `callOrg`, with options of its own: ahead of or behind others' activities, or tried less often. */
export function callOrgWith<Name extends keyof OrgActivities>(
  besides: Pick<ActivityOptions, 'priority' | 'retry'>,
  org: string,
  name: Name,
  summary: string,
  ...args: Parameters<OrgActivities[Name]>
): Promise<Awaited<ReturnType<OrgActivities[Name]>>> {
  return schedule(org, name, summary, args, besides);
}

function schedule<Name extends keyof OrgActivities>(
  org: string,
  name: Name,
  summary: string,
  args: Parameters<OrgActivities[Name]>,
  besides: ActivityOptions,
) {
  return scheduleActivity<Awaited<ReturnType<OrgActivities[Name]>>>(name, args, {
    ...options,
    ...besides,
    taskQueue: orgTaskQueue(org),
    summary: summary.slice(0, 200),
  });
}
