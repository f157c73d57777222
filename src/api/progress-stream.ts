import { setTimeout as sleep } from 'node:timers/promises';
import { fastifySSE } from '@fastify/sse';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Org2OrgError } from '../domain/errors.js';

/** How often what somebody follows is looked at, and how often a silent stream shows that it lives. */
const lookEveryMs = 1_000;
const heartbeatEveryMs = 15_000;

/** What can be followed until it has ended. */
export interface Followed {
  readonly endedAt: string | null;
}

/**
 * Sends server-sent events until what is followed has ended or nobody listens: `progress` as it stands and whenever it has
 * changed, then one `end`.
 *
 * @param ask throws before the first event what is answered as a problem then
 */
export type SendProgress = (reply: FastifyReply, ask: () => Promise<Followed>) => Promise<void>;

/** Makes a part of the API ready for streams of progress; they end with the API. */
export async function progressStreams(app: FastifyInstance): Promise<SendProgress> {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  await app.register(fastifySSE, { heartbeatInterval: heartbeatEveryMs });
  return async (reply, ask) => {
    const left = new AbortController();
    reply.raw.on('close', () => left.abort());
    const signal = AbortSignal.any([closing.signal, left.signal]);
    for await (const followed of changes(await ask(), ask, signal)) {
      if (!reply.sse.isConnected) return;
      await reply.sse.send({ event: followed.endedAt === null ? 'progress' : 'end', data: followed });
    }
  };
}

async function* changes(first: Followed, ask: () => Promise<Followed>, signal: AbortSignal): AsyncGenerator<Followed> {
  let shown: string | null = null;
  for (let followed = first; ; ) {
    const text = JSON.stringify(followed);
    if (text !== shown) yield followed;
    shown = text;
    if (followed.endedAt !== null || signal.aborted) return;
    try {
      await sleep(lookEveryMs, undefined, { signal });
      followed = await ask();
    } catch (error) {
      if (signal.aborted) return;
      const away = error instanceof Org2OrgError && error.problem.retryable;
      if (!away) throw error;
    }
  }
}
