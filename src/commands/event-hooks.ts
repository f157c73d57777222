import type { Client } from '@temporalio/client';
import type { EventHint } from '../domain/event-hook.js';
import type { hookEvents } from '../workflows/hook-events.js';
import {
  eventHintsSignal,
  hookEventsWorkflowId,
  kindAttribute,
  priorities,
  stateAttribute,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds: Okta waits 3 seconds for the whole answer. */
const deadlineMs = 2_000;

/** Hands the events of event hooks over to the workflow that gathers them. */
export class EventHooks {
  constructor(private readonly client: Client) {}

  /**
   * Hands over what a delivery gives reason to look at; once it returns, nothing of it is lost. Starts the org's
   * `hookEvents` if it does not run.
   *
   * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE` within 2 seconds.
   */
  async handOver(org: string, hints: readonly EventHint[]): Promise<void> {
    try {
      await this.client.withDeadline(Date.now() + deadlineMs, () =>
        this.client.workflow.signalWithStart<typeof hookEvents, [readonly EventHint[]]>('hookEvents', {
          workflowId: hookEventsWorkflowId(org),
          taskQueue: workflowTaskQueue,
          args: [{ org, carried: null }],
          signal: eventHintsSignal,
          signalArgs: [hints],
          typedSearchAttributes: [
            { key: kindAttribute, value: 'hooks' },
            { key: stateAttribute, value: 'running' },
          ],
          staticSummary: `Events of the event hooks of ${org}`,
          priority: { priorityKey: priorities.sweep },
        }),
      );
    } catch (error) {
      throw temporalError(error);
    }
  }
}
