import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { alarmWatch } from '../workflows/alarm-watch.js';
import {
  type AlarmRecord,
  alarmsQuery,
  alarmWatchWorkflowId,
  kindAttribute,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;

/** Starts and asks the workflow that watches over everything. */
export class Alarms {
  constructor(private readonly client: Client) {}

  /** Sees to it that the watch runs. @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE` */
  watch(): Promise<void> {
    return this.asking(async () => {
      await this.client.workflow.start<typeof alarmWatch>('alarmWatch', {
        workflowId: alarmWatchWorkflowId,
        taskQueue: workflowTaskQueue,
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [null],
        typedSearchAttributes: [{ key: kindAttribute, value: 'alarms' }],
        staticSummary: 'Watches over every federation and gate',
      });
    });
  }

  /** The alarms that stand; null if nothing has been looked at yet. @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE` */
  list(): Promise<AlarmRecord | null> {
    return this.asking(async () => {
      try {
        return await this.client.workflow.getHandle(alarmWatchWorkflowId).query(alarmsQuery);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    });
  }

  private async asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await this.client.withDeadline(Date.now() + deadlineMs, ask);
    } catch (error) {
      throw temporalError(error);
    }
  }
}
