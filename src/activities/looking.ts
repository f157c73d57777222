import { setTimeout as wait } from 'node:timers/promises';

/** How long one activity goes on looking, in milliseconds; longer waits are timers of the workflow. */
const lookForMs = 15_000;

/** Time before the second look, in milliseconds; doubled before each further one up to the longest. */
const firstWaitMs = 60;
const longestWaitMs = 2_000;

/** Time before the first look at what Okta does by itself after a write, in milliseconds: a look at once is mostly too early. */
export const followsAfterMs = 60;

/**
 * Looks again and again, in growing intervals and for at most 15 seconds, until what is seen is enough.
 *
 * @param firstAfterMs when the first look is made, in milliseconds from now
 * @returns the last look, enough or not.
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  enough: (seen: Seen) => boolean,
  signal: AbortSignal,
  firstAfterMs = 0,
): Promise<Seen> {
  if (firstAfterMs > 0) await wait(firstAfterMs, undefined, { signal });
  const deadline = Date.now() + lookForMs;
  for (let pause = firstWaitMs; ; pause = Math.min(2 * pause, longestWaitMs)) {
    const seen = await look();
    if (enough(seen) || Date.now() + pause > deadline) return seen;
    await wait(pause, undefined, { signal });
  }
}
