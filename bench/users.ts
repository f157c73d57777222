import { type BenchResult, machine } from './result.js';
import { actionFigures } from './users/actions.js';
import { callFigures } from './users/calls.js';
import { memoryFigures } from './users/memory.js';
import { aloneFigures, saturationFigures } from './users/speed.js';
import { openStage } from './users/stage.js';
import { startFigures } from './users/start.js';

/** Rows of the batch where nobody says otherwise: as many as a run of few minutes can carry out. */
const usualRows = 600;

/** How fast and at what cost users are onboarded and offboarded, on a sandbox without latency and limits. */
export async function run({ rows = usualRows }: { readonly rows?: number }): Promise<BenchResult> {
  const stage = await openStage(2_000 + rows);
  try {
    const figures = [
      ...(await aloneFigures(stage)),
      ...(await actionFigures(stage)),
      ...(await callFigures(stage)),
      ...(await saturationFigures(stage, 20)),
      ...(await saturationFigures(stage, 50)),
      ...(await startFigures(stage)),
      ...(await memoryFigures(stage, rows)),
    ];
    return { name: 'users', machine: machine(), figures };
  } finally {
    await stage.stop();
  }
}
