import { type ActivityOptions, log, scheduleActivity } from '@temporalio/workflow';
import type { OrgActivities } from '../activities/org-activities.js';
import type { Side } from '../domain/diagnosis-facts.js';
import { orgTaskQueue } from './messages.js';
import { problemOf } from './problems.js';

/** Someone waits for the answer: each side has a few seconds, and what it could not show in them is unknown. */
const aSide: ActivityOptions = {
  scheduleToStartTimeout: '5 seconds',
  scheduleToCloseTimeout: '9 seconds',
  startToCloseTimeout: '8 seconds',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumAttempts: 3 },
};

/** What one org shows to somebody who waits; the problem in its place if the org cannot be read. */
export async function orgSide<Name extends keyof OrgActivities>(
  name: Name,
  org: string,
  summary: string,
  ...args: Parameters<OrgActivities[Name]>
): Promise<Side<Awaited<ReturnType<OrgActivities[Name]>>>> {
  try {
    const facts = await scheduleActivity<Awaited<ReturnType<OrgActivities[Name]>>>(name, args, {
      ...aSide,
      taskQueue: orgTaskQueue(org),
      summary,
    });
    return { facts, problem: null };
  } catch (error) {
    const problem = problemOf(error, org);
    if (problem === null) throw error;
    log.info('One side could not be read', { org, activity: name, code: problem.code });
    return { facts: null, problem };
  }
}
