import { type BenchFigure, type BenchResult, machine } from './result.js';
import { actionFigures } from './users/actions.js';
import { callFigures } from './users/calls.js';
import { memoryFigures } from './users/memory.js';
import { aloneFigures, saturationFigures } from './users/speed.js';
import { openStage, type Stage } from './users/stage.js';
import { startFigures } from './users/start.js';

/** Rows of the batch where nobody says otherwise: as many as a run of few minutes can carry out. */
const usualRows = 600;

/** The parts of the benchmark, in their order. */
const parts: Readonly<Record<string, (stage: Stage, rows: number) => Promise<BenchFigure[]>>> = {
  alone: aloneFigures,
  actions: actionFigures,
  calls: callFigures,
  saturation: async (stage) => [...(await saturationFigures(stage, 20)), ...(await saturationFigures(stage, 50))],
  start: startFigures,
  memory: memoryFigures,
};

/**
 * How fast and at what cost users are onboarded and offboarded, on a sandbox without latency and limits.
 *
 * @param only the part to measure; all of them where none is named.
 * @throws Error if there is no such part
 */
export async function run({
  rows = usualRows,
  only,
}: {
  readonly rows?: number;
  readonly only?: string;
}): Promise<BenchResult> {
  const measured = only === undefined ? Object.values(parts) : Object.hasOwn(parts, only) ? [parts[only]] : [];
  if (measured.length === 0) throw new Error(`users has the parts ${Object.keys(parts).join(', ')}`);
  const stage = await openStage(8_000 + rows);
  try {
    const figures: BenchFigure[] = [];
    for (const measure of measured) figures.push(...((await measure?.(stage, rows)) ?? []));
    return { name: 'users', machine: machine(), figures };
  } finally {
    await stage.stop();
  }
}
