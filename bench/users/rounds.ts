/** Milliseconds that each task took, sorted; and how many were done in a second. */
export interface Round {
  readonly times: readonly number[];
  readonly perSecond: number;
}

/** Carries out one task for each item, `inFlight` at a time. */
export async function round<Item>(
  items: readonly Item[],
  inFlight: number,
  task: (item: Item) => Promise<unknown>,
): Promise<Round> {
  const times: number[] = [];
  const waiting = [...items];
  const begun = performance.now();
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const started = performance.now();
      await task(item);
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return { times: sorted(times), perSecond: (items.length * 1_000) / (performance.now() - begun) };
}

/** Several rounds as one: all times, and the rate over the time of all of them. */
export function together(rounds: readonly Round[]): Round {
  const done = rounds.reduce((sum, { times }) => sum + times.length, 0);
  const seconds = rounds.reduce((sum, { times, perSecond }) => sum + times.length / perSecond, 0);
  return { times: sorted(rounds.flatMap(({ times }) => times)), perSecond: done / seconds };
}

/** The value below which the share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = sorted(values);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
