import type { Check } from '../domain/check.js';

const marks = { passed: '✔', failed: '✖', unknown: '?' } as const;

/** Checks as Markdown for the Temporal UI. */
export function checkDetails(checks: readonly Check[]): string {
  return checks
    .map(({ result, statement, detail }) => `- ${marks[result]} **${statement}**: ${detail}`.slice(0, 400))
    .join('\n');
}
