import type { Transition, UserRecord, UserStep } from '../domain/user-lifecycle.js';
import { marks } from './current-details.js';

function what(step: UserStep): string {
  if (step.problem !== null) return `${step.problem.message} **${step.problem.fix}**`;
  if (step.gate?.state === 'open') return step.gate.question;
  if (step.applied.length > 0) return `${step.applied.join('; ')}. ${step.decided ?? ''}`;
  return step.decided ?? '';
}

function lines(transition: Transition): string[] {
  const gates = transition.steps.flatMap((step) => (step.gate?.state === 'open' ? [step.gate] : []));
  return [
    `**${transition.number}. ${transition.kind}**${transition.dryRun ? ' (dry run)' : ''} by ${transition.requestedBy}: ${transition.state}${transition.at === null ? '' : `, planned for ${transition.at}`}${transition.note === null ? '' : ` (${transition.note})`}`,
    '',
    ...gates.flatMap((gate) => [
      `**Gate \`${gate.name}\`** (role ${gate.role}, until ${gate.expiresAt}): ${gate.question}`,
      '',
      ...gate.instructions.map((instruction, index) => `${index + 1}. ${instruction.slice(0, 300)}`),
      '',
    ]),
    ...transition.steps.map(
      (step) => `- ${marks[step.state]} **${step.title}**: ${what(step).replaceAll('\n', ' ').slice(0, 600)}`,
    ),
  ];
}

/** The user's transitions as Markdown for the Temporal UI: the one that runs, or else the last one, then what is planned. */
export function userDetails({ federationId, state, transitions }: UserRecord): string {
  const planned = transitions.filter((transition) => transition.state === 'planned');
  const begun = transitions.filter((transition) => transition.startedAt !== null);
  const shown = begun.at(-1);
  return [
    `A user of federation **${federationId}**: ${state}.`,
    '',
    ...(shown === undefined ? [] : lines(shown)),
    ...planned.slice(0, 10).map(({ number, kind, at }) => `- ⏱ ${number}. ${kind} is planned for ${at ?? 'soon'}`),
  ].join('\n');
}
