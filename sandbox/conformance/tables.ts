import { exceptionReasons } from './exceptions.js';
import type { OperationFigures, Report } from './report.js';

const columns: readonly [string, (row: OperationFigures) => number][] = [
  ['steps', (row) => row.steps],
  ['same status', (row) => row.sameStatus],
  ['missing keys', (row) => row.missingKeys],
  ['wrong types', (row) => row.wrongTypes],
  ['against OpenAPI', (row) => row.violations],
  ['known', (row) => row.known],
];

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function totals(report: Report): string {
  return [
    `${report.scenarios} scenarios, ${report.steps} steps (${report.skipped} name objects that the scenario did not make)`,
    `same status: ${report.sameStatus} (${percent(report.sameStatusShare)})`,
    `missing keys: ${report.missingKeys}, wrong types: ${report.wrongTypes}, against OpenAPI: ${report.violations}`,
  ].join('\n');
}

/** The report for a terminal: one line per operation, the totals, the differences. */
export function table(report: Report, verbose: boolean): string {
  const width = Math.max(...report.operations.map((row) => row.operation.length), 9);
  const head = ['operation'.padEnd(width), ...columns.map(([name]) => name)].join('  ');
  const rows = report.operations.map((row) =>
    [row.operation.padEnd(width), ...columns.map(([name, read]) => String(read(row)).padStart(name.length))].join('  '),
  );
  const unexplained = report.differences.filter((entry) => entry.reason === null);
  const explained = report.differences.filter((entry) => entry.reason !== null);
  const line = (entry: Report['differences'][number]) =>
    `${String(entry.count).padStart(5)}  ${entry.operation}: ${entry.what}`;
  return [
    head,
    ...rows,
    '',
    totals(report),
    ...(unexplained.length === 0
      ? []
      : ['', 'Differences:', ...unexplained.slice(0, verbose ? undefined : 40).map(line)]),
    ...(explained.length === 0 ? [] : ['', `Differences with a known reason: ${explained.length}`]),
    ...(verbose ? explained.map((entry) => `${line(entry)} (${entry.reason})`) : []),
  ].join('\n');
}

/** The report as a page of the documentation. */
export function markdown(report: Report): string {
  const head = `| operation | ${columns.map(([name]) => name).join(' | ')} |\n|---|${columns.map(() => '---:').join('|')}|`;
  const rows = report.operations.map(
    (row) => `| \`${row.operation}\` | ${columns.map(([, read]) => read(row)).join(' | ')} |`,
  );
  const grouped = new Map<string, number>();
  for (const entry of report.differences) {
    if (entry.reason !== null) grouped.set(entry.reason, (grouped.get(entry.reason) ?? 0) + entry.count);
  }
  const open = report.differences.filter((entry) => entry.reason === null);
  return [
    '# Operations of the sandbox against recorded answers of Okta',
    '',
    'Written by `npm run conformance -- --markdown docs/sandbox-operations.md`. Recorded conversations with real Okta orgs',
    "are replayed against an empty org of the sandbox; every answer is also checked against Okta's OpenAPI description.",
    '',
    ...totals(report)
      .split('\n')
      .map((line) => `- ${line}`),
    '',
    head,
    ...rows,
    '',
    '## Differences that cannot be met',
    '',
    ...[...grouped].map(([reason, count]) => `- ${reason} (${count} times)`),
    '',
    '## Where Okta’s own answers contradict its description',
    '',
    ...exceptionReasons().map((reason) => `- ${reason}`),
    '',
    ...(open.length === 0
      ? []
      : [
          '## Other differences',
          '',
          ...open.map((entry) => `- \`${entry.operation}\`: ${entry.what} (${entry.count} times)`),
          '',
        ]),
  ].join('\n');
}
