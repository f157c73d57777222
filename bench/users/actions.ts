import proto from '@temporalio/proto';

import { atMost, type BenchFigure } from '../result.js';
import { carryOut, workflowIdOf } from './one-user.js';
import type { Stage } from './stage.js';

type Event = proto.temporal.api.history.v1.IHistoryEvent;

const { EventType } = proto.temporal.api.enums.v1;

/** What an event costs by Temporal's own way of counting actions; an activity costs one for each attempt. */
const kinds: readonly (readonly [name: string, type: number, count?: (event: Event) => number])[] = [
  ['start', EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED],
  ['continued as new', EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW],
  ['update', EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED],
  ['signal', EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED],
  [
    'activity attempt',
    EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
    ({ activityTaskStartedEventAttributes }) => activityTaskStartedEventAttributes?.attempt ?? 1,
  ],
  ['timer', EventType.EVENT_TYPE_TIMER_STARTED],
  ['search attributes', EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES],
  ['child workflow', EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED, () => 2],
  ['signal to a workflow', EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED],
  ['marker', EventType.EVENT_TYPE_MARKER_RECORDED],
];

/** Temporal actions of one onboarding whose caller waits for its end, and of one offboarding. */
export async function actionFigures(stage: Stage): Promise<BenchFigure[]> {
  const [login = ''] = stage.newLogins(1);
  await carryOut(stage, 'onboard', login);
  const onboarding = await actions(stage, login);
  await carryOut(stage, 'offboard', login);
  const offboarding = await actions(stage, login);
  const note = `the caller waits for the end, which costs one timer; each worker asks the federation's workflow besides, one query in two seconds for all users`;
  return [
    atMost('Temporal actions of an onboarding', onboarding.total, 12, '', `${onboarding.list}; ${note}`),
    atMost(
      'Temporal actions of an offboarding',
      offboarding.total + 1,
      12,
      '',
      `${offboarding.list}, 1 query of the workflow that had closed; ${note}`,
    ),
  ];
}

async function actions({ client }: Stage, login: string): Promise<CountedActions> {
  const { events } = await client.workflow.getHandle(workflowIdOf(login)).fetchHistory();
  return countActions(events ?? []);
}

/** Temporal actions, and how many of each kind. */
export interface CountedActions {
  readonly total: number;
  readonly list: string;
}

/** Counts the actions that the events of histories cost. */
export function countActions(events: readonly Event[]): CountedActions {
  const counts = kinds.map(([name, type, count = () => 1]) => ({
    name,
    count: events.filter(({ eventType }) => eventType === type).reduce((sum, event) => sum + count(event), 0),
  }));
  return {
    total: counts.reduce((sum, { count }) => sum + count, 0),
    list: counts.flatMap(({ name, count }) => (count === 0 ? [] : [`${count} × ${name}`])).join(', '),
  };
}
