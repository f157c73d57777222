import { sleep, upsertSearchAttributes } from '@temporalio/workflow';
import { stateAttribute } from '../../../src/workflows/messages.js';

/** Sleeps and says how many milliseconds have passed for it. */
export async function nap(milliseconds: number): Promise<number> {
  upsertSearchAttributes([{ key: stateAttribute, value: 'waiting' }]);
  const before = Date.now();
  await sleep(milliseconds);
  return Date.now() - before;
}
