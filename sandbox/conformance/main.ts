import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startSandbox } from '../sandbox.js';
import { readOpenApi } from './openapi.js';
import { readScenarios, scenarioDirectory } from './recordings.js';
import { replayScenario, type StepResult } from './replay.js';
import { type Report, reportOf } from './report.js';
import { markdown, table } from './tables.js';

const Floor = z.object({
  sameStatusShare: z.number(),
  missingKeys: z.number(),
  wrongTypes: z.number(),
  violations: z.number(),
});

const { values: options } = parseArgs({
  options: {
    scenarios: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    match: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Whether the figures are as good as they ever were. */
function belowFloor(report: Report): string[] {
  const floor = Floor.parse(JSON.parse(readFileSync(new URL('floor.json', import.meta.url), 'utf8')));
  return [
    report.sameStatusShare < floor.sameStatusShare
      ? `same status ${report.sameStatusShare} < ${floor.sameStatusShare}`
      : '',
    ...(['missingKeys', 'wrongTypes', 'violations'] as const).map((name) =>
      report[name] > floor[name] ? `${name} ${report[name]} > ${floor[name]}` : '',
    ),
  ].filter((line) => line !== '');
}

async function run(): Promise<number> {
  const directory = options.scenarios ?? scenarioDirectory();
  const scenarios = readScenarios(directory)?.filter(
    ({ name }) => options.match === undefined || new RegExp(options.match, 'i').test(name),
  );
  if (scenarios === undefined || scenarios.length === 0) {
    print(`Conformance was skipped: there are no recorded scenarios in ${directory}.`);
    return 0;
  }
  const openApi = readOpenApi();
  const sandbox = await startSandbox({ openConnections: true });
  const results: StepResult[] = [];
  try {
    for (const scenario of scenarios) results.push(...(await replayScenario(sandbox.idp, scenario, openApi)));
  } finally {
    await sandbox.stop();
  }
  const report = reportOf(results);
  print(table(report, options.verbose));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  if (options.markdown !== undefined) writeFileSync(options.markdown, markdown(report));
  const low = options.scenarios === undefined && options.match === undefined ? belowFloor(report) : [];
  for (const line of low) print(`Below the floor: ${line}`);
  return low.length === 0 ? 0 : 1;
}

process.exitCode = await run();
