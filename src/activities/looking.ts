import { setTimeout as wait } from 'node:timers/promises';

/** How long one activity goes on looking, in milliseconds; longer waits are timers of the workflow. */
const lookForMs = 15_000;

/** Time before the second look, in milliseconds; doubled before each further one up to the longest. */
const firstWaitMs = 60;
const longestWaitMs = 2_000;

/**
 * Looks again and again, in growing intervals and for at most 15 seconds, until what is seen is enough.
 *
 * @returns the last look, enough or not.
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  enough: (seen: Seen) => boolean,
  signal: AbortSignal,
): Promise<Seen> {
  const deadline = Date.now() + lookForMs;
  for (let pause = firstWaitMs; ; pause = Math.min(2 * pause, longestWaitMs)) {
    const seen = await look();
    if (enough(seen) || Date.now() + pause > deadline) return seen;
    await wait(pause, undefined, { signal });
  }
}
