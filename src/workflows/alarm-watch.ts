import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AlarmActivities } from '../activities/alarm-activities.js';
import type { AlarmEvent } from '../domain/alarm.js';
import { type AlarmRecord, alarmsQuery, lookAgainSignal } from './messages.js';

/** How many events wait to be told: more than that, and the oldest are dropped. The alarms themselves stay. */
const mostUntold = 500;

/** Events of one run after which it hands on to the next. */
const mostHistory = 4_000;

const { lookForAlarms } = proxyActivities<AlarmActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { maximumInterval: '1 minute' },
});

/** A webhook that is away for a day has missed what happened; what still stands is told by its next change. */
const { tellAlarm } = proxyActivities<AlarmActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', maximumInterval: '10 minutes' },
});

/** What the watch hands on when it continues as new. */
export interface AlarmWatchState {
  readonly record: AlarmRecord;
  readonly untold: readonly AlarmEvent[];
}

/**
 * Watches over every federation and gate for as long as the product runs: looks, tells a webhook of what has changed, in
 * order, and looks again.
 */
export async function alarmWatch(carried: AlarmWatchState | null): Promise<never> {
  let record: AlarmRecord = carried?.record ?? { alarms: [], lookedAt: null };
  let untold: readonly AlarmEvent[] = carried?.untold ?? [];
  let woken = false;
  let telling = false;
  setHandler(alarmsQuery, () => record);
  setHandler(lookAgainSignal, () => {
    woken = true;
  });

  const tell = async () => {
    telling = true;
    for (let event = untold[0]; event !== undefined; event = untold[0]) {
      await tellAlarm(event).catch(() => {});
      const told = event;
      untold = untold.filter((each) => each !== told);
    }
    telling = false;
  };

  for (;;) {
    woken = false;
    const { alarms, events, at, everyMinutes } = await lookForAlarms(record.alarms);
    record = { alarms, lookedAt: at };
    untold = [...untold, ...events].slice(-mostUntold);
    setCurrentDetails(details(record));
    if (!telling) void tell();
    await condition(() => woken, everyMinutes * 60_000);
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (continueAsNewSuggested || historyLength > mostHistory) {
      return continueAsNew<typeof alarmWatch>({ record, untold });
    }
  }
}

function details({ alarms, lookedAt }: AlarmRecord): string {
  return [
    `Looked at ${lookedAt}: ${alarms.length === 0 ? 'no alarm' : `${alarms.length} alarm(s)`}`,
    '',
    ...alarms
      .slice(0, 50)
      .map(({ severity, federationId, message }) => `- **${severity}** ${federationId}: ${message}`.slice(0, 350)),
  ].join('\n');
}
