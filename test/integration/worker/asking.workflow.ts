import { scheduleActivity } from '@temporalio/workflow';
import { workflowTaskQueue } from '../../../src/workflows/messages.js';

/** Reads a federation once. */
export async function asking(federationId: string): Promise<unknown> {
  return scheduleActivity('readFederation', [federationId, 'onboard'], {
    taskQueue: workflowTaskQueue,
    startToCloseTimeout: '1 minute',
    retry: { maximumAttempts: 1 },
  });
}
