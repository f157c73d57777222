import { rateBucketOf } from '../../src/okta/rate-buckets.js';
import type { OktaRequest } from '../users/sandbox-control.js';

/** Requests of one bucket, window by window, as Okta counts them: a window begins with the first request after the last. */
export function windowsOf(requests: readonly OktaRequest[], bucket: string, windowMs: number): readonly UsedWindow[] {
  const windows: { beganAt: number; used: number }[] = [];
  for (const { method, path, time } of requests) {
    if (rateBucketOf(method, path.split('?')[0] ?? '')?.name !== bucket) continue;
    const at = Date.parse(time);
    const last = windows.at(-1);
    if (last === undefined || at >= last.beganAt + windowMs) windows.push({ beganAt: at, used: 1 });
    else last.used += 1;
  }
  return windows;
}

/** One window of a bucket. */
export interface UsedWindow {
  readonly beganAt: number;
  readonly used: number;
}
