import { Pool } from 'undici';
import { z } from 'zod';
import { federationId } from '../../test/world/world.js';
import { atLeast, type BenchFigure, reported } from '../result.js';
import { startNoop, updateWithStartNoop, workflowIdOf } from './one-user.js';
import { median, quantile, type Round, round, together } from './rounds.js';
import type { Stage } from './stage.js';

const rounds = 3;
const perRound = 100;
const inFlight = 10;

/** Planned that far ahead a command is taken, answered and kept, and no onboarding competes with the next ones. */
const nextYear = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString();

const Accepted = z.object({ started: z.literal(true) });

/**
 * How fast a command is taken, from the request to the answer, against what a program without an API would do on the
 * same server. What was started is ended before the next round.
 */
export async function startFigures(stage: Stage): Promise<BenchFigure[]> {
  const pool = new Pool(stage.api.url, { connections: inFlight });
  const taken: Record<'post' | 'start' | 'updateWithStart', Round[]> = { post: [], start: [], updateWithStart: [] };
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      const logins = stage.newLogins(perRound);
      taken.post.push(await round(logins, inFlight, (login) => post(stage, pool, login)));
      await Promise.all(
        logins.map((login) => stage.client.workflow.getHandle(workflowIdOf(login)).terminate('measured')),
      );
      for (const [name, start] of [
        ['start', startNoop],
        ['updateWithStart', updateWithStartNoop],
      ] as const) {
        const ids: string[] = [];
        taken[name].push(await round(logins, inFlight, async () => ids.push(await start(stage))));
        await Promise.all(ids.map((id) => stage.noopClient.workflow.result(id)));
      }
    }
  } finally {
    await pool.close();
  }
  const [first, bare, update] = [together(taken.post), together(taken.start), together(taken.updateWithStart)];
  const said = ({ times, perSecond }: Round) =>
    `${perSecond.toFixed(0)} a second, median ${median(times).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`;
  const how = `${rounds} rounds of ${perRound}, ${inFlight} in flight, by turns`;
  const both = `POST /v1/federations/{id}/users over kept connections, answered 202 with the transition, which is planned for next year: ${said(first)}`;
  const against = (name: string, other: Round) => [
    [`rate of POST ÷ ${name}`, first.perSecond / other.perSecond] as const,
    [`p99 of ${name} ÷ POST`, quantile(other.times, 0.99) / quantile(first.times, 0.99)] as const,
  ];
  return [
    ...against('bare client.start', bare).map(([name, value]) =>
      atLeast(
        name,
        value,
        0.9,
        '',
        `${both}; client.workflow.start of a no-op workflow, no worker asked: ${said(bare)}; ${how}`,
      ),
    ),
    ...against('bare update-with-start', update).map(([name, value]) =>
      reported(
        name,
        value,
        '',
        `${both}; client.workflow.executeUpdateWithStart of a no-op workflow, answered by its worker: ${said(update)}; ${how}`,
      ),
    ),
  ];
}

async function post({ api }: Stage, pool: Pool, login: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: `/v1/federations/${federationId}/users`,
    headers: api.headers,
    body: JSON.stringify({ login, at: nextYear }),
  });
  const answer = await body.text();
  if (statusCode !== 202) throw new Error(`POST: ${statusCode} ${answer}`);
  Accepted.parse(JSON.parse(answer));
}
