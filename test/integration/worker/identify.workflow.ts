import { scheduleActivity } from '@temporalio/workflow';
import { orgTaskQueue } from '../../../src/workflows/messages.js';

/** Runs one activity of an org once. */
export async function identify(org: string): Promise<unknown> {
  return scheduleActivity('identifyOrg', [{}, org], {
    taskQueue: orgTaskQueue(org),
    startToCloseTimeout: '10s',
    retry: { maximumAttempts: 1 },
  });
}
