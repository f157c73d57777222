import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { ScheduledOrder } from '../domain/federation.js';

/** However long the federation's workflow cannot be asked, up to an hour: then the next time comes. */
const { beginScheduled } = proxyActivities<Pick<FederationActivities, 'beginScheduled'>>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A schedule cannot send commands: it starts this, which has the federation begin the operation. */
export async function scheduledOperation(order: Omit<ScheduledOrder, 'key'>): Promise<string | null> {
  const dropped = await beginScheduled({ ...order, key: workflowInfo().workflowId });
  setCurrentDetails(dropped === null ? 'Begun.' : `Dropped out: ${dropped}`);
  return dropped;
}
