import { Pool } from 'undici';
import { z } from 'zod';
import { federationId } from '../../test/world/world.js';
import { atLeast, type BenchFigure, reported } from '../result.js';
import { startNoop, startPlanned, updateWithStartNoop, workflowIdOf } from './one-user.js';
import { processorMs } from './programs.js';
import { median, quantile, type Round, round, together } from './rounds.js';
import type { Stage } from './stage.js';

const rounds = 5;
const perRound = 200;
/** Rounds before them that count for nothing: code that runs for the first time is slow. */
const warmUps = 3;
const inFlight = 10;

/** Planned that far ahead a command is taken, answered and kept, and no onboarding competes with the next ones. */
const nextYear = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString();

const Accepted = z.object({ started: z.literal(true) });

/**
 * How fast a command is taken, from the request to the answer, against what a program without an API would do on the
 * same server: it starts the same workflow itself. What was started is ended before the next round.
 */
export async function startFigures(stage: Stage): Promise<BenchFigure[]> {
  const bare = await stage.start('bench/users/bare-api.ts');
  const pool = new Pool(stage.api.url, { connections: inFlight });
  const barePool = new Pool(bare.url, { connections: inFlight });
  const taken: Record<'post' | 'start' | 'bare' | 'noop' | 'updateWithStart', Round[]> = {
    post: [],
    start: [],
    bare: [],
    noop: [],
    updateWithStart: [],
  };
  const processors = { post: 0, start: 0, bare: 0 };
  const forget = () => {
    for (const counted of Object.values(taken)) counted.length = 0;
    processors.post = 0;
    processors.start = 0;
    processors.bare = 0;
  };
  const used = async () => {
    const each = await Promise.all([stage.api.pid, bare.pid, process.pid].map(processorMs));
    return each.reduce((sum, ms) => sum + ms, 0);
  };
  const planned = async (name: keyof typeof processors, plan: (login: string) => Promise<void>) => {
    const logins = stage.newLogins(perRound);
    const before = await used();
    taken[name].push(await round(logins, inFlight, plan));
    processors[name] += (await used()) - before;
    const handles = logins.map((login) => stage.client.workflow.getHandle(workflowIdOf(login)));
    await Promise.all(handles.map((handle) => handle.terminate('measured')));
  };
  const noops = async (name: 'noop' | 'updateWithStart', start: (stage: Stage) => Promise<string>) => {
    const ids: string[] = [];
    const turns = Array.from({ length: perRound }, (_, index) => index);
    taken[name].push(await round(turns, inFlight, async () => ids.push(await start(stage))));
    await Promise.all(ids.map((id) => stage.noopClient.workflow.result(id)));
  };
  try {
    for (let turn = -warmUps; turn < rounds; turn += 1) {
      if (turn === 0) forget();
      await planned('post', (login) => post(pool, `/v1/federations/${federationId}/users`, stage.api.headers, login));
      await planned('start', (login) => startPlanned(stage.client, login, nextYear));
      await planned('bare', (login) => post(barePool, '/users', { 'content-type': 'application/json' }, login));
      await noops('noop', startNoop);
      await noops('updateWithStart', updateWithStartNoop);
    }
  } finally {
    await Promise.all([pool.close(), barePool.close()]);
  }
  const said = ({ times, perSecond }: Round) =>
    `${perSecond.toFixed(0)} a second, median ${median(times).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`;
  const ours = together(taken.post);
  const each = (name: keyof typeof processors) => `${(processors[name] / (rounds * perRound)).toFixed(1)} ms`;
  const how = `${rounds} rounds of ${perRound}, ${inFlight} in flight, by turns; processor time of caller and API for each: POST ${each('post')}, client.start ${each('start')}, bare route ${each('bare')}`;
  const both = `POST /v1/federations/{id}/users over kept connections, answered 202 with the transition, which is planned for next year: ${said(ours)}`;
  const against = (
    name: string,
    other: Round,
    what: string,
    figure: (name: string, value: number, detail: string) => BenchFigure,
  ) => {
    const detail = `${both}; ${what}: ${said(other)}; ${how}`;
    return [
      figure(`rate of POST ÷ ${name}`, ours.perSecond / other.perSecond, detail),
      figure(`p99 of ${name} ÷ POST`, quantile(other.times, 0.99) / quantile(ours.times, 0.99), detail),
    ];
  };
  const goal = (name: string, value: number, detail: string) => atLeast(name, value, 0.9, '', detail);
  const told = (name: string, value: number, detail: string) => reported(name, value, '', detail);
  return [
    ...against('bare client.start', together(taken.start), 'client.workflow.start of the same workflow', goal),
    ...against(
      'a bare route',
      together(taken.bare),
      'a Fastify route that starts the same workflow and writes one row, and nothing else',
      told,
    ),
    told(
      'rate of a bare route ÷ bare client.start',
      together(taken.bare).perSecond / together(taken.start).perSecond,
      'what an API without authentication, validation, chained audit and log would reach',
    ),
    ...against(
      'client.start of a no-op workflow',
      together(taken.noop),
      'client.workflow.start of a workflow that ends at once and has no attributes',
      told,
    ),
    ...against(
      'update-with-start of a no-op workflow',
      together(taken.updateWithStart),
      'client.workflow.executeUpdateWithStart of such a workflow, answered by its worker',
      told,
    ),
  ];
}

async function post(pool: Pool, path: string, headers: Readonly<Record<string, string>>, login: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path,
    headers,
    body: JSON.stringify({ login, at: nextYear }),
  });
  const answer = await body.text();
  if (statusCode !== 202) throw new Error(`POST: ${statusCode} ${answer}`);
  Accepted.parse(JSON.parse(answer));
}
