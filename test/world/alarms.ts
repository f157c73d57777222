import { Alarms } from '../../src/commands/alarms.js';
import type { RaisedAlarm } from '../../src/domain/alarm.js';
import { alarmWatchWorkflowId, lookAgainSignal } from '../../src/workflows/messages.js';
import { patiently, type World } from './world.js';

/** Has everything in a world looked at again; begins the watch where it does not run yet. */
export async function lookAgain({ client }: World): Promise<void> {
  await patiently(() => new Alarms(client).watch());
  await client.workflow.getHandle(alarmWatchWorkflowId).signal(lookAgainSignal);
}

/** Has everything looked at again and tells which alarms stand, which may be those of the look before; null before the first. */
export async function standingAlarms(world: World): Promise<readonly RaisedAlarm[] | null> {
  await lookAgain(world);
  const record = await patiently(() => new Alarms(world.client).list());
  return record?.lookedAt == null ? null : record.alarms;
}
