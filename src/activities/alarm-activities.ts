import type { AlarmEvent, RaisedAlarm } from '../domain/alarm.js';

/** What a look at everything has shown. */
export interface AlarmLook {
  readonly alarms: readonly RaisedAlarm[];
  /** What has changed since the look before. */
  readonly events: readonly AlarmEvent[];
  readonly at: string;
  /** How long to wait before the next look, by the configuration of the worker that looked. */
  readonly everyMinutes: number;
}

/** Activities of the workflow `alarmWatch`. They ask workflows, and no org. */
export interface AlarmActivities {
  /** Looks at every federation and every open gate, and compares with the alarms before. */
  lookForAlarms(before: readonly RaisedAlarm[]): Promise<AlarmLook>;
  /** Posts one event to the webhook; nothing where none is configured. */
  tellAlarm(event: AlarmEvent): Promise<void>;
}
