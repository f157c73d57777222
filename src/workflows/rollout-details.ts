import type { RolloutRecord, RolloutStep } from '../domain/group-rollout.js';
import { gateLines, marks } from './current-details.js';

function what({ problem, gate, applied, decided }: RolloutStep): string {
  if (problem !== null) return `${problem.message} **${problem.fix}**`;
  if (gate?.state === 'open') return gate.question;
  return [...applied, ...(decided === null ? [] : [decided])].join('; ');
}

/** A rollout as Markdown for the Temporal UI: counts, steps and what it waits for. Ids only. */
export function rolloutDetails(record: RolloutRecord): string {
  const { state, dryRun, startedBy, groupId, pass, counts, explained, leaversStillThere, steps } = record;
  const gates = steps.flatMap((step) => (step.gate?.state === 'open' ? [step.gate] : []));
  return [
    `**Rollout of the group ${groupId}**${dryRun ? ' (dry run)' : ''} by ${startedBy}: **${state}**, pass ${pass}`,
    '',
    `${counts.members} members: ${counts.provisioned} provisioned, ${counts.queued} queued, ${counts.failed} failed, ${counts.notProvisioned} assigned before provisioning was on, ${counts.unassigned} not assigned. ${counts.withAccess} have access to the target app. ${counts.left} left, ${counts.deprovisioned} of them DEPROVISIONED.`,
    '',
    ...gates.flatMap(gateLines),
    ...steps.map(
      (step) => `- ${marks[step.state]} **${step.title}**: ${what(step).replaceAll('\n', ' ').slice(0, 600)}`,
    ),
    ...(explained.count === 0 ? [] : ['', `**${explained.count} not arrived:**`]),
    ...explained.issues.slice(0, 20).map(({ id, state: was, reason }) => `- ${id} ${was}: ${reason.slice(0, 200)}`),
    ...(leaversStillThere.count === 0
      ? []
      : ['', `Left and still there in the SP org: ${leaversStillThere.ids.slice(0, 20).join(', ')}`]),
  ].join('\n');
}
