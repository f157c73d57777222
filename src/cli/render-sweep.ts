import type { SweepAnswer } from '../api/schemas/sweep.js';
import type { SweepState, SweepStep } from '../domain/sweep.js';
import { acted, decision, found, pace, readLines } from '../workflows/sweep-details.js';
import { marks, type Paint, plain, renderProblem, type Tone } from './render.js';
import type { SweepFindingAnswer, SweepScheduleAnswer } from './sweeps-client.js';

const tones: Partial<Record<SweepState, Tone>> = {
  done: 'good',
  gate: 'waiting',
  waiting: 'waiting',
  paused: 'waiting',
  incomplete: 'bad',
  stopped: 'bad',
};

function renderSweepStep(step: SweepStep, paint: Paint): string {
  const { state, title, problem } = step;
  const [mark, tone] = marks[state];
  const decided = decision(step);
  return [
    `${paint(tone, mark)} ${title}${state === 'done' || state === 'pending' ? '' : paint(tone, `  ${state}`)}`,
    ...(decided === null || problem !== null ? [] : [paint('quiet', `      ${decided}`)]),
    ...(problem === null ? [] : renderProblem(problem, paint)),
  ].join('\n');
}

/** A sweep in one line: what it came to. */
export function renderSweepLine(sweep: SweepAnswer, paint: Paint = plain): string {
  const { id, spec, state, startedBy } = sweep;
  const counts = [found(sweep), acted(sweep)].flatMap((text) => text ?? []);
  return `Sweep ${id} (${spec.mode}): ${paint(tones[state] ?? 'strong', state)}, by ${startedBy}${counts.map((text) => `; ${text}`).join('')}`;
}

/** A sweep as a person reads it: what was read, found and done, and what a person must do now. */
export function renderSweep(sweep: SweepAnswer, paint: Paint = plain): string {
  const { id, federationId, spec, state, startedBy, waitingFor, reasons, listDigest, steps } = sweep;
  const gate = steps.find(({ gate: asked }) => asked?.state === 'open')?.gate ?? null;
  const told = (title: string, text: string | null) => (text === null ? [] : [`${title} ${text}`]);
  return [
    paint('strong', `Sweep ${id} (${spec.mode}) of ${federationId}: ${state}, by ${startedBy}`),
    ...told('Waits for', waitingFor),
    ...reasons.map((reason) => paint('waiting', `  ${reason}`)),
    ...told('Read:', pace(sweep)),
    ...readLines(sweep).map((line) => paint('quiet', `  ${line}`)),
    ...told('Found:', found(sweep)),
    ...told('List of actions:', acted(sweep)),
    ...steps.map((step) => renderSweepStep(step, paint)),
    ...(gate === null
      ? []
      : [
          paint('waiting', gate.question),
          ...gate.instructions.map((line, index) => `  ${index + 1}. ${line}`),
          `  Needs the role ${gate.role} and somebody else than ${startedBy}.`,
          `  org2org sweep findings ${federationId} ${id} --listed`,
          ...gate.choices.map(
            ({ value, meaning }) =>
              `  org2org sweep ${value} ${federationId} ${id} --digest ${listDigest} --why "…"   ${paint('quiet', meaning)}`,
          ),
        ]),
  ].join('\n');
}

/** What a sweep says about one user, in two lines. */
export function renderFinding(finding: SweepFindingAnswer, paint: Paint = plain): string {
  const { login, kind, action, outcome, transition, reason, note } = finding;
  const done = outcome === null ? '' : `: ${outcome}${transition === null ? '' : ` (transition ${transition})`}`;
  return [
    `${paint('strong', login)}  ${kind}  ${action}${done}`,
    paint('quiet', `      ${reason}${note === null ? '' : ` ${note}`}`),
  ].join('\n');
}

/** The schedule of sweeps. */
export function renderSchedule(schedule: SweepScheduleAnswer, paint: Paint = plain): string {
  const { cron, timeZone, paused, note, spec, setBy, nextTimes, recentSweeps, droppedOut } = schedule;
  return [
    paint('strong', `Sweeps (${spec.mode}) at ${cron}, ${timeZone}${paused ? ', paused' : ''}, set by ${setBy}`),
    ...(note === null ? [] : [`It was ${note}.`]),
    ...(paused ? [] : nextTimes.slice(0, 3).map((time) => `  next ${time}`)),
    ...recentSweeps.slice(0, 5).map((address) => paint('quiet', `  last ${address}`)),
    ...(droppedOut === 0 ? [] : [`${droppedOut} dropped out because the one before still ran.`]),
  ].join('\n');
}
