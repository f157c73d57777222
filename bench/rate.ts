import { setTimeout as wait } from 'node:timers/promises';
import { FederationRecords } from '../src/commands/federation-records.js';
import { SweepRules } from '../src/domain/sweep.js';
import { allowedOf } from '../src/okta/rate-plan.js';
import { priorities } from '../src/workflows/messages.js';
import { federationId } from '../test/world/world.js';
import { windowsOf } from './rate/budget.js';
import type { readingSweep } from './rate/reading-workflows.js';
import { atLeast, atMost, type BenchFigure, type BenchResult, machine, reported } from './result.js';
import { carryOut } from './users/one-user.js';
import { median, quantile } from './users/rounds.js';
import type { OktaRequest } from './users/sandbox-control.js';
import { openStage, type Stage } from './users/stage.js';

/** Okta's limits times this, in windows of half a minute, so that a few minutes show enough onboardings. */
const factor = 6;
const windowMs = 30_000;

/** The narrowest bucket of both kinds of work, in the IdP org, and what of it one token has. */
const bucket = '/api/v1/apps';
const limit = 100 * factor * 0.5;
const share = 0.5;

const onboardings = 50;
const everyMs = 3_000;
/** Users in the list that is read again and again, and how many read it at the same time. */
const listed = 1_200;
const readers = 2;

/** Okta's limits, two workers, a sweep that reads without a pause, and onboardings besides. */
export async function run(): Promise<BenchResult> {
  const stage = await openStage(2 * onboardings + 10);
  try {
    await stage.start('src/worker/main.ts');
    await stage.start('bench/rate/reading-worker.ts');
    const federation = await new FederationRecords(stage.client).forUsers(federationId, 'onboard');
    await stage.sandbox.seedProvisioned({ appId: federation.org2orgAppId, prefix: 'listed', count: listed });
    // Shorter windows begin with the next request: the log begins there too.
    await stage.sandbox.limits({ factor, windowMs, latencyMs: 20 });
    await stage.sandbox.forgetRequests();
    for (const login of stage.newLogins(3)) await carryOut(stage, 'onboard', login);
    const alone = await onboardAll(stage);

    const input = { sweepId: 'bench', attempt: 1, federation, rules: SweepRules.parse({}) };
    const sweeps = await Promise.all(
      Array.from({ length: readers }, (_, reader) =>
        stage.client.workflow.start<typeof readingSweep>('readingSweep', {
          workflowId: `reading/${reader}`,
          taskQueue: 'bench/reading',
          args: [{ ...input, sweepId: `bench-${reader}` }],
          priority: { priorityKey: priorities.sweep },
        }),
      ),
    );
    await wait(windowMs);
    const since = Date.now();
    const together = await onboardAll(stage);
    const until = Date.now();
    await Promise.all(sweeps.map((sweep) => sweep.terminate('measured')));
    const requests = await stage.sandbox.requests();
    return { name: 'rate', machine: machine(), figures: figuresOf(alone, together, requests, { since, until }) };
  } finally {
    await stage.stop();
  }
}

/** Onboards users at a steady pace, whether or not the ones before are done; answers how long each took. */
async function onboardAll(stage: Stage): Promise<readonly number[]> {
  const running: Promise<number>[] = [];
  for (const login of stage.newLogins(onboardings)) {
    const begun = performance.now();
    running.push(carryOut(stage, 'onboard', login).then(() => performance.now() - begun));
    await wait(everyMs);
  }
  return Promise.all(running);
}

function figuresOf(
  alone: readonly number[],
  together: readonly number[],
  requests: readonly OktaRequest[],
  sweeping: { readonly since: number; readonly until: number },
): BenchFigure[] {
  const allowed = allowedOf(limit, share);
  const idp = requests.filter(({ org }) => org === 'idp');
  const windows = windowsOf(idp, bucket, windowMs).filter(
    ({ beganAt }) => beganAt >= sweeping.since && beganAt + windowMs <= sweeping.until,
  );
  const used = windows.map((window) => window.used);
  const [first, last] = [windows[0], windows.at(-1)];
  const seconds = first === undefined || last === undefined ? 0 : (last.beganAt - first.beganAt) / 1_000;
  const perTime = used.slice(0, -1).reduce((sum, count) => sum + count, 0) / ((allowed * seconds * 1_000) / windowMs);
  const tooMany = requests.filter(({ status }) => status === 429).length;
  const how = `two workers, ${bucket} of the IdP org: ${limit} requests in ${windowMs / 1_000} s for this token, of which ${allowed} are ours`;
  const said = (times: readonly number[]) =>
    `median ${median(times).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`;
  return [
    atLeast(
      'used of the allowed share',
      used.reduce((sum, count) => sum + count, 0) / (allowed * Math.max(1, used.length)),
      0.95,
      '',
      `${how}; used in each window: ${used.join(', ')}`,
    ),
    atMost('most used of the allowed share', Math.max(0, ...used) / allowed, 1, '', 'in the fullest of these windows'),
    reported(
      'used of the allowed share by the clock',
      perTime,
      '',
      `requests over ${seconds.toFixed(0)} s against the share of as many seconds: a window begins with its first request, so time passes between them`,
    ),
    atMost('answers 429', tooMany, 0, '', `of ${requests.length} requests to both orgs, with and without a sweep`),
    atMost(
      'p95 of onboardings with a sweep ÷ without',
      quantile(together, 0.95) / quantile(alone, 0.95),
      1.5,
      '',
      `${onboardings} onboardings, one every ${everyMs / 1_000} s, under the same limits; with: ${said(together)}; without: ${said(alone)}`,
    ),
  ];
}
