import type { MetricMeter } from '@temporalio/common';
import { alarmKinds, alarmSeverities, type RaisedAlarm } from '../domain/alarm.js';

/** Counts the alarms that stand, by kind and severity, beside the metrics of Temporal's SDK. */
export function alarmMetrics(meter: MetricMeter): (alarms: readonly RaisedAlarm[]) => void {
  const gauge = meter.createGauge('org2org_alarms', 'int', undefined, 'Alarms that stand');
  return (alarms) => {
    for (const kind of alarmKinds) {
      for (const severity of alarmSeverities) {
        const those = alarms.filter((alarm) => alarm.kind === kind && alarm.severity === severity);
        gauge.set(those.length, { kind, severity });
      }
    }
  };
}
