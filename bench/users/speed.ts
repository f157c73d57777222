import { atLeast, atMost, type BenchFigure, reported } from '../result.js';
import { carryOut, onboardingQueues, onboardToItsEnd, runNoop } from './one-user.js';
import { type ProcessUse, processUse } from './programs.js';
import { median, quantile, type Round, round, together } from './rounds.js';
import type { Stage } from './stage.js';

const alone = 15;
const rounds = 4;
/** Users of a round for each that is in flight: few, and a round is mostly its begin and its end, which are not saturated. */
const waves = 5;

/** One onboarding on an idle machine, and the same of a workflow that does nothing, by turns. */
export async function aloneFigures(stage: Stage): Promise<BenchFigure[]> {
  for (const login of stage.newLogins(3)) await carryOut(stage, 'onboard', login);
  for (let run = 0; run < 3; run += 1) await runNoop(stage);
  const ours: Round[] = [];
  const noops: Round[] = [];
  for (const login of stage.newLogins(alone)) {
    ours.push(await round([login], 1, (user) => carryOut(stage, 'onboard', user)));
    noops.push(await round([login], 1, () => runNoop(stage)));
  }
  const onboarding = together(ours).times;
  const noop = median(together(noops).times);
  return [
    atMost(
      'one onboarding with read-back',
      median(onboarding) / 1_000,
      1,
      's',
      `median of ${alone}, from the command to its report; slowest ${quantile(onboarding, 1).toFixed(0)} ms`,
    ),
    reported(
      'one onboarding ÷ one no-op workflow',
      median(onboarding) / noop,
      '',
      `a workflow of ${onboardingQueues.length} activities that do nothing, on the same task queues, by turns: median ${noop.toFixed(0)} ms`,
    ),
  ];
}

/**
 * Onboardings a second with many in flight, and workflows that do nothing, in rounds by turns: each is started and waited
 * for until it closes. The first round of both counts for nothing: code that runs for the first time is slow.
 */
export async function saturationFigures(stage: Stage, inFlight: number): Promise<BenchFigure[]> {
  const perRound = waves * inFlight;
  const ours: Round[] = [];
  const noops: Round[] = [];
  const onboardAll = () => round(stage.newLogins(perRound), inFlight, (login) => onboardToItsEnd(stage, login));
  const turns = Array.from({ length: perRound }, (_, index) => index);
  const runNoops = () => round(turns, inFlight, () => runNoop(stage));
  await onboardAll();
  await runNoops();
  const before = await uses(stage);
  for (let turn = 0; turn < rounds; turn += 1) {
    ours.push(await onboardAll());
    noops.push(await runNoops());
  }
  const after = await uses(stage);
  const onboarding = together(ours);
  const noop = together(noops);
  const cost = (name: keyof typeof before) =>
    `${name} ${(((after[name].cpuSeconds - before[name].cpuSeconds) * 1_000) / (rounds * perRound)).toFixed(0)} ms`;
  return [
    reported(
      `onboardings a second, ${inFlight} in flight`,
      onboarding.perSecond,
      '/s',
      `${rounds} rounds of ${perRound}; median ${median(onboarding.times).toFixed(0)} ms; processor time of each: ${cost('worker')}, ${cost('sandbox')}; of a no-op workflow: ${cost('noopWorker')}`,
    ),
    atLeast(
      `onboardings ÷ no-op workflows a second, ${inFlight} in flight`,
      onboarding.perSecond / noop.perSecond,
      0.8,
      '',
      `no-op workflows: ${noop.perSecond.toFixed(1)} a second in rounds between`,
    ),
  ];
}

async function uses(stage: Stage): Promise<Record<'worker' | 'noopWorker' | 'sandbox', ProcessUse>> {
  return {
    worker: await processUse(stage.worker.pid),
    noopWorker: await processUse(stage.noopWorker.pid),
    sandbox: await processUse(stage.sandbox.pid),
  };
}
