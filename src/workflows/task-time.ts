import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** What a caller is told whose question came at the wrong moment; asked again, it is answered. */
export const askedTooEarly = 'The workflow has a task on its way, and is asked before it: ask again.';

/**
 * Keeps workflows from going on at a time that is not theirs. To answer a query, a worker that does not hold a workflow
 * replays it, and hands over what has happened since its last workflow task at the time of that task, before the task to
 * which it belongs (Core of the SDK 1.24). A look of an hour ago passes for a fresh one then, and what was decided by it
 * stands against every later replay. Such a query fails, the worker forgets the workflow, and its task is carried out.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: TaskMoment | null = null;
  return {
    internals: [
      {
        activate(input, next) {
          const { jobs, timestamp, historyLength, historySizeBytes } = input.activation;
          if (jobs?.some(({ queryWorkflow }) => queryWorkflow == null) === true) {
            const moment = {
              events: historyLength ?? 0,
              time: `${timestamp?.seconds}.${timestamp?.nanos}`,
              bytes: `${historySizeBytes}`,
            };
            if (last !== null && isBeforeItsTask(last, moment)) throw new Error(askedTooEarly);
            last = moment;
          }
          next(input);
        },
      },
    ],
  };
};

/** How much a workflow had been through when it was handed something, and what its last workflow task said. */
interface TaskMoment {
  readonly events: number;
  readonly time: string;
  readonly bytes: string;
}

/** A new workflow task has a time and a size of history of its own; a server that tells no size is believed. */
function isBeforeItsTask(last: TaskMoment, moment: TaskMoment): boolean {
  return (
    moment.events > last.events && moment.time === last.time && moment.bytes === last.bytes && moment.bytes !== '0'
  );
}
