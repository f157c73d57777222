import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { scheduledKinds } from '../domain/federation.js';
import { operationScheduleId, sweepScheduleId } from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/**
 * Removes every schedule of a federation; what they have begun goes on.
 *
 * @returns the ids of those that there were.
 * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
 */
export async function endSchedules(client: Client, federationId: string): Promise<readonly string[]> {
  const ids = [sweepScheduleId(federationId), ...scheduledKinds.map((kind) => operationScheduleId(federationId, kind))];
  const removed: string[] = [];
  for (const id of ids) {
    try {
      await client.schedule.getHandle(id).delete();
      removed.push(id);
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw temporalError(error);
    }
  }
  return removed;
}
