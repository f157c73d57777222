import type { RolloutAnswer } from '../api/schemas/rollout.js';
import type { RolloutState, RolloutStep } from '../domain/group-rollout.js';
import { marks, type Paint, plain, renderGate, renderProblem, type Tone } from './render.js';

const tones: Partial<Record<RolloutState, Tone>> = {
  done: 'good',
  stopped: 'bad',
  waiting: 'waiting',
  gate: 'waiting',
};

function renderRolloutStep({ state, title, applied, decided, problem }: RolloutStep, paint: Paint): string {
  const [mark, tone] = marks[state];
  return [
    `${paint(tone, mark)} ${title}${state === 'done' || state === 'pending' ? '' : paint(tone, `  ${state}`)}`,
    ...applied.map((line) => paint('quiet', `      ${line}`)),
    ...(decided === null || problem !== null ? [] : [paint('quiet', `      ${decided}`)]),
    ...(problem === null ? [] : renderProblem(problem, paint)),
  ].join('\n');
}

/** A rollout in one line: how it stands, and how many of its members. */
export function renderRolloutLine(rollout: RolloutAnswer, paint: Paint = plain): string {
  const { groupId, dryRun, state, startedBy, counts } = rollout;
  const told = `${counts.provisioned} of ${counts.members} members provisioned, ${counts.withAccess} with the target app`;
  return `Rollout of ${groupId}${dryRun ? ', dry run' : ''}: ${paint(tones[state] ?? 'strong', state)}, by ${startedBy}; ${told}`;
}

/** A rollout step by step, who has not arrived and why, and what a person must do now. */
export function renderRollout(rollout: RolloutAnswer, paint: Paint = plain): string {
  const { federationId, groupId, counts, explained, leaversStillThere, steps } = rollout;
  const open = steps.flatMap(({ gate }) => (gate?.state === 'open' ? [gate] : []));
  return [
    renderRolloutLine(rollout, paint),
    `${counts.left} left the group, ${counts.deprovisioned} of them deactivated`,
    ...steps.map((step) => renderRolloutStep(step, paint)),
    ...(explained.count === 0 ? [] : [paint('waiting', `${explained.count} have not arrived:`)]),
    ...explained.issues.map(({ id, reason, fix }) => `  ${id}: ${reason}. ${fix}`),
    ...(leaversStillThere.count === 0
      ? []
      : [paint('waiting', `${leaversStillThere.count} left and are still there: ${leaversStillThere.ids.join(', ')}`)]),
    ...open.flatMap((gate) => ['', renderGate(federationId, gate, paint, ['rollout', groupId])]),
  ].join('\n');
}
