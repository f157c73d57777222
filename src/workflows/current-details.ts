import type { OperationStatus, Step } from '../domain/federation.js';

const marks: Record<Step['state'], string> = {
  pending: '·',
  running: '▶',
  waiting: '⏳',
  gate: '✋',
  stopped: '✖',
  done: '✔',
  skipped: '–',
  planned: '✎',
};

function what(step: Step): string {
  if (step.problem !== null) return `${step.problem.message} **${step.problem.fix}**`;
  if (step.gate?.state === 'open') return step.gate.question;
  if (step.state === 'planned')
    return step.assessment?.changes.map((change) => change.summary).join('; ') || (step.assessment?.explanation ?? '');
  const failed = step.checks.filter((check) => check.result !== 'passed');
  if (failed.length > 0)
    return failed.map((check) => `${check.result}: ${check.statement} (${check.detail})`).join('; ');
  if (step.applied.length > 0) return step.applied.join('; ');
  return step.assessment?.explanation ?? (step.checks.length > 0 ? `${step.checks.length} checks passed` : '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 600);
}

/** The operation as a Markdown table for the Temporal UI: at most 20,000 bytes, so every cell is bounded. */
export function currentDetails(status: OperationStatus): string {
  const rows = status.steps.map(
    (step) => `| ${marks[step.state]} ${step.state} | ${step.guide} | ${step.title} | ${cell(what(step))} |`,
  );
  const gates = status.steps.flatMap((step) => (step.gate?.state === 'open' ? [step.gate] : []));
  return [
    `**${status.kind}** by ${status.startedBy}`,
    '',
    '| state | guide | step | what |',
    '|---|---|---|---|',
    ...rows,
    ...gates.flatMap((gate) => [
      '',
      `**Gate \`${gate.name}\`** (role ${gate.role}, until ${gate.expiresAt}): ${gate.question}`,
      '',
      ...gate.instructions.map((line, index) => `${index + 1}. ${line.slice(0, 300)}`),
    ]),
  ].join('\n');
}
