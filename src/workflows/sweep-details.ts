import type { SweepRecord, SweepStep } from '../domain/sweep.js';
import { gateLines, marks } from './current-details.js';

function what({ problem, gate, decided }: SweepStep): string {
  if (problem !== null) return `${problem.message} **${problem.fix}**`;
  if (gate?.state === 'open') return gate.question;
  return decided ?? '';
}

function nonZero(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'none' : parts.map(([name, count]) => `${count} ${name}`).join(', ');
}

/** A sweep as Markdown for the Temporal UI: what was read, found and done, how fast, and what it waits for. Ids only. */
export function sweepDetails(record: SweepRecord): string {
  const { spec, state, startedBy, attempt, lists, population, source, findings, actions, rate, waitingFor, steps } =
    record;
  const { listed, ...outcomes } = actions;
  const gates = steps.flatMap((step) => (step.gate?.state === 'open' ? [step.gate] : []));
  return [
    `**Sweep (${spec.mode})** by ${startedBy}: **${state}**${attempt > 1 ? `, attempt ${attempt} to read` : ''}`,
    '',
    ...(waitingFor === null ? [] : [`Waits for: ${waitingFor}`, '']),
    ...lists.map(({ list, pages, items, ended }) => `- ${list}: ${items} on ${pages} page(s)${ended ? '' : ' so far'}`),
    ...(rate === null
      ? []
      : [
          `- ${rate.usersPerSecond} entries/s${rate.expectedEnd === null ? '' : `, all read about ${rate.expectedEnd}`}`,
        ]),
    '',
    `Population ${population}, assignments ${source}. Findings: ${nonZero(findings)}.`,
    `On the list: ${listed}. ${nonZero(outcomes)}.`,
    '',
    ...record.reasons.slice(0, 10).map((reason) => `- ${reason}`),
    ...gates.flatMap(gateLines),
    ...steps.map(
      (step) => `- ${marks[step.state]} **${step.title}**: ${what(step).replaceAll('\n', ' ').slice(0, 600)}`,
    ),
  ].join('\n');
}
