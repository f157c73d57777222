import { defineUpdate, scheduleActivity, setHandler } from '@temporalio/workflow';

/** What `noopUser` answers at once, as a user's workflow answers a command. */
export const noopUpdate = defineUpdate<null, []>('noopUpdate');

/** Does nothing, as often as it is told: one activity after another, each on the task queue that it is given. */
export async function noopUser(taskQueues: readonly string[]): Promise<void> {
  setHandler(noopUpdate, () => null);
  for (const taskQueue of taskQueues) {
    await scheduleActivity('noop', [], { startToCloseTimeout: '1 minute', heartbeatTimeout: '1 minute', taskQueue });
  }
}
