import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { federationId } from '../../test/world/world.js';
import { atMost, type BenchFigure } from '../result.js';
import { processUse } from './programs.js';
import { median } from './rounds.js';
import type { Stage } from './stage.js';

const inFlight = 20;
const sampleEveryMs = 500;

/** What the API answers where Temporal has not told of the batch in time. */
const busy = 503;

/** How much larger the last quarter may be than the second: the first one warms up. */
const flat = 1.1;

const Accepted = z.object({ batch: z.object({ id: z.string(), rows: z.number() }) });
const Batch = z.object({ state: z.string(), counts: z.record(z.string(), z.number()) });

/** Resident memory of the worker and the API while a batch of onboardings runs. */
export async function memoryFigures(stage: Stage, rows: number): Promise<BenchFigure[]> {
  const body = stage.newLogins(rows).map((login) => `${JSON.stringify({ login })}\n`);
  const { url, headers } = stage.api;
  const batches = `${url}/v1/federations/${federationId}/batches`;
  const begun = performance.now();
  const sent = await fetch(`${batches}?transition=onboard&inFlight=${inFlight}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson', 'idempotency-key': 'memory' },
    body: body.join(''),
  });
  if (!sent.ok) throw new Error(`The batch was not accepted: ${sent.status} ${await sent.text()}`);
  const { batch } = Accepted.parse(await sent.json());

  const worker: number[] = [];
  const api: number[] = [];
  let ended: z.output<typeof Batch>;
  for (;;) {
    worker.push((await processUse(stage.worker.pid)).residentMegabytes);
    api.push((await processUse(stage.api.pid)).residentMegabytes);
    const answer = await fetch(`${batches}/${batch.id}`, { headers });
    if (answer.status !== busy) {
      ended = Batch.parse(await answer.json());
      if (ended.state !== 'running') break;
    }
    await wait(sampleEveryMs);
  }
  const { done = 0 } = ended.counts;
  if (done !== rows) throw new Error(`The batch ended as ${ended.state}: ${JSON.stringify(ended.counts)}`);
  const seconds = (performance.now() - begun) / 1_000;
  const how = `${rows} rows that each onboard a new user, ${inFlight} in flight, ${seconds.toFixed(0)} s; --rows N for more`;
  return [growth('worker', worker, how), growth('API', api, how)];
}

function growth(name: string, samples: readonly number[], how: string): BenchFigure {
  const quarter = Math.floor(samples.length / 4);
  const second = median(samples.slice(quarter, 2 * quarter));
  const last = median(samples.slice(3 * quarter));
  const peak = Math.max(...samples);
  return atMost(
    `memory of the ${name} during a batch, last ÷ second quarter`,
    last / second,
    flat,
    '',
    `resident set, medians ${second.toFixed(0)} and ${last.toFixed(0)} MB, peak ${peak.toFixed(0)} MB; ${how}`,
  );
}
