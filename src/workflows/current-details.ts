import type { OperationStatus, Step } from '../domain/federation.js';
import type { Gate } from '../domain/gate.js';

/** What a step's state looks like in a list. */
export const marks: Record<Step['state'], string> = {
  pending: '·',
  running: '▶',
  waiting: '⏳',
  gate: '✋',
  stopped: '✖',
  done: '✔',
  skipped: '–',
  planned: '✎',
};

/** Up to this many checks are shown by their statements. */
const fewChecks = 3;

function what(step: Step): string {
  if (step.problem !== null) return `${step.problem.message} **${step.problem.fix}**`;
  if (step.gate?.state === 'open') return step.gate.question;
  if (step.state === 'planned') {
    const changes = step.assessment?.changes.map((change) => change.summary).join('; ');
    return changes || (step.assessment?.explanation ?? '');
  }
  const failed = step.checks.filter((check) => check.result !== 'passed');
  if (failed.length > 0)
    return failed.map((check) => `${check.result}: ${check.statement} (${check.detail})`).join('; ');
  if (step.applied.length > 0) return step.applied.join('; ');
  if (step.checks.length > fewChecks) return `${step.checks.length} checks passed`;
  if (step.checks.length > 0) return step.checks.map((check) => check.statement).join('; ');
  return step.assessment?.explanation ?? '';
}

function line(step: Step): string {
  const text = what(step).replaceAll('\n', ' ').slice(0, 600);
  return `- ${marks[step.state]} ${step.guide} · **${step.title}**${text === '' ? '' : `: ${text}`}`;
}

/** An open gate in Markdown: the question, and what the person must do. */
export function gateLines(gate: Gate): readonly string[] {
  return [
    `**Gate \`${gate.name}\`** (role ${gate.role}, until ${gate.expiresAt}): ${gate.question}`,
    '',
    ...gate.instructions.map((instruction, index) => `${index + 1}. ${instruction.slice(0, 300)}`),
    '',
  ];
}

/** The operation as a Markdown list for the Temporal UI: at most 20,000 bytes, so every line is bounded. */
export function currentDetails(status: OperationStatus): string {
  const gates = status.steps.flatMap((step) => (step.gate?.state === 'open' ? [step.gate] : []));
  const ended = status.steps.filter((step) => ['done', 'skipped', 'planned'].includes(step.state)).length;
  return [
    `**${status.kind}** by ${status.startedBy}: ${status.outcome ?? 'running'}, ${ended} of ${status.steps.length} steps`,
    '',
    ...gates.flatMap(gateLines),
    ...status.steps.map(line),
  ].join('\n');
}
