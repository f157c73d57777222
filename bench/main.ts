import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BenchResult } from './result.js';

/** What the command line may say besides the name. */
interface BenchOptions {
  /** Rows of the batch of `users`. */
  readonly rows?: number;
  /** The one part of `users` to measure. */
  readonly only?: string;
}

/** Every benchmark by its name; loaded only when it is asked for. */
const benchmarks: Record<string, () => Promise<{ run(options: BenchOptions): Promise<BenchResult> }>> = {
  rate: () => import('./rate.js'),
  sandbox: () => import('./sandbox.js'),
  setup: () => import('./setup.js'),
  sweep: () => import('./sweep.js'),
  users: () => import('./users.js'),
  verify: () => import('./verify.js'),
};

function print({ name, machine, figures }: BenchResult): void {
  const lines = figures.map(({ name: figure, value, unit, goal, met, detail }) => {
    const verdict = goal === null ? '' : ` (goal ${goal}: ${met === true ? 'met' : 'missed'})`;
    return `  ${figure}: ${value} ${unit}${verdict}\n      ${detail}`;
  });
  process.stdout.write(`${name} on ${machine}\n${lines.join('\n')}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, rows: { type: 'string' }, only: { type: 'string' } },
});
const [name = ''] = positionals;
const rows = values.rows === undefined ? undefined : Number(values.rows);
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined || (rows !== undefined && !(Number.isInteger(rows) && rows > 0))) {
  process.stderr.write(
    `Usage: npm run bench -- NAME [--json FILE] [--rows N] [--only PART]\nNAME is one of: ${Object.keys(benchmarks).join(', ')}; --rows: rows of the batch of users; --only: one part of users\n`,
  );
  process.exit(2);
}
const benchmark = await load();
const { only } = values;
const result = await benchmark.run({
  ...(rows === undefined ? {} : { rows }),
  ...(only === undefined ? {} : { only }),
});
print(result);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
if (result.figures.some(({ met }) => met === false)) process.exitCode = 1;
