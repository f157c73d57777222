import { defineQuery, proxyActivities, setHandler } from '@temporalio/workflow';

const ageQuery = defineQuery<number | null>('age');

/** Looks, waits for somebody, and then does what depends on whether time has passed since its look. */
export async function timed(activitiesTaskQueue: string): Promise<string> {
  const { held, fresh, stale } = proxyActivities<Record<'held' | 'fresh' | 'stale', () => Promise<string>>>({
    startToCloseTimeout: '1 minute',
    taskQueue: activitiesTaskQueue,
  });
  let age: number | null = null;
  setHandler(ageQuery, () => age);
  const lookedAt = Date.now();
  await held();
  age = Date.now() - lookedAt;
  return age === 0 ? await fresh() : await stale();
}
