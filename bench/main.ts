import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BenchResult } from './result.js';

/** Every benchmark by its name; loaded only when it is asked for. */
const benchmarks: Record<string, () => Promise<{ run(): Promise<BenchResult> }>> = {
  sandbox: () => import('./sandbox.js'),
  setup: () => import('./setup.js'),
};

function print({ name, machine, figures }: BenchResult): void {
  const lines = figures.map(({ name: figure, value, unit, goal, met, detail }) => {
    const verdict = goal === null ? '' : ` (goal ${goal}: ${met === true ? 'met' : 'missed'})`;
    return `  ${figure}: ${value} ${unit}${verdict}\n      ${detail}`;
  });
  process.stdout.write(`${name} on ${machine}\n${lines.join('\n')}\n`);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const [name = ''] = positionals;
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined) {
  process.stderr.write(
    `Usage: npm run bench -- NAME [--json FILE]\nNAME is one of: ${Object.keys(benchmarks).join(', ')}\n`,
  );
  process.exit(2);
}
const benchmark = await load();
const result = await benchmark.run();
print(result);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
if (result.figures.some(({ met }) => met === false)) process.exitCode = 1;
