import type { Client } from '@temporalio/client';
import { watchEverything } from '../commands/watched.js';
import type { AlarmSettings } from '../config/alarm-settings.js';
import { alarmEvents, alarmsOf, type RaisedAlarm } from '../domain/alarm.js';
import type { AlarmActivities } from './alarm-activities.js';
import { untilCancelled } from './until-cancelled.js';

/** Tells the world outside of an alarm. */
export type TellAlarm = AlarmActivities['tellAlarm'];

/**
 * The activities of `alarmWatch`, on the queue of the workflows.
 *
 * @param count is told after every look which alarms stand, for metrics.
 */
export function createAlarmActivities(
  client: Client,
  settings: AlarmSettings,
  tellAlarm: TellAlarm,
  count: (alarms: readonly RaisedAlarm[]) => void,
): AlarmActivities {
  return {
    async lookForAlarms(before) {
      const watched = await untilCancelled(() => watchEverything(client));
      const now = Date.now();
      const at = new Date(now).toISOString();
      const { alarms, events } = alarmEvents(before, alarmsOf(watched, settings, now), at);
      count(alarms);
      return { alarms, events, at, everyMinutes: settings.everyMinutes };
    },
    tellAlarm,
  };
}
