import { setTimeout as delay } from 'node:timers/promises';
import type { BatchAnswer } from '../api/schemas/batch.js';
import type { FederationAnswer } from '../api/schemas/federation.js';
import type { RolloutAnswer } from '../api/schemas/rollout.js';
import type { SweepAnswer } from '../api/schemas/sweep.js';
import type { TransitionReport } from '../api/schemas/user.js';
import type { ApiClient } from './api-client.js';
import { ApiProblem } from './api-request.js';
import type { BatchesClient } from './batches-client.js';
import type { RolloutsClient } from './rollouts-client.js';
import type { SweepsClient } from './sweeps-client.js';
import type { UsersClient } from './users-client.js';

const everyMs = 500;

/** How long the API, or what it needs, may be away between two answers, in milliseconds. */
const awayForMs = 5 * 60_000;

/**
 * Asks again and again until an answer is the last one; `told` hears every answer. That nobody answers for a while says
 * nothing of what is followed.
 */
async function until<Answer>(
  ask: () => Promise<Answer>,
  isLast: (answer: Answer) => boolean,
  told: (answer: Answer) => void,
): Promise<Answer> {
  for (let heardAt = Date.now(); ; await delay(everyMs)) {
    try {
      const answer = await ask();
      heardAt = Date.now();
      told(answer);
      if (isLast(answer)) return answer;
    } catch (error) {
      if (!isAway(error) || Date.now() - heardAt > awayForMs) throw error;
    }
  }
}

/** The API says that the same request may succeed later; or it does not answer, as `fetch` says with a TypeError. */
function isAway(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.document.retryable;
  return error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed');
}

/**
 * Asks for a federation until its operation of that number has ended or waits for a person.
 *
 * @param told hears every answer.
 */
export function follow(
  api: Pick<ApiClient, 'get'>,
  id: string,
  operation: number,
  told: (answer: FederationAnswer) => void,
): Promise<FederationAnswer> {
  const ended = ({ operations, gates }: FederationAnswer) =>
    gates.length > 0 || operations.some((one) => one.number === operation && one.endedAt !== null);
  return until(() => api.get(id), ended, told);
}

/**
 * Asks for a transition until it has ended, waits for a person, or waits for its time.
 *
 * @param told hears every answer.
 */
export function followTransition(
  users: Pick<UsersClient, 'report'>,
  login: string,
  number: number,
  told: (transition: TransitionReport) => void,
): Promise<TransitionReport> {
  const ended = ({ endedAt, state }: TransitionReport) => endedAt !== null || state === 'gate' || state === 'planned';
  return until(() => users.report(login, number), ended, told);
}

/** Asks for a batch until all its rows have come to an end or to a person, or it is paused. */
export function followBatch(
  batches: Pick<BatchesClient, 'get'>,
  id: string,
  told: (batch: BatchAnswer) => void,
): Promise<BatchAnswer> {
  const rests = ({ endedAt, state }: BatchAnswer) => endedAt !== null || state === 'paused';
  return until(() => batches.get(id), rests, told);
}

/** Asks for a rollout until it has ended or waits for a person. */
export function followRollout(
  rollouts: Pick<RolloutsClient, 'get'>,
  groupId: string,
  told: (rollout: RolloutAnswer) => void,
): Promise<RolloutAnswer> {
  const rests = ({ endedAt, state }: RolloutAnswer) => endedAt !== null || state === 'gate';
  return until(() => rollouts.get(groupId), rests, told);
}

/** Asks for a sweep until it has ended, waits for a person's approval, or is paused. */
export function followSweep(
  sweeps: Pick<SweepsClient, 'get'>,
  id: string,
  told: (sweep: SweepAnswer) => void,
): Promise<SweepAnswer> {
  const rests = ({ endedAt, state, steps }: SweepAnswer) =>
    endedAt !== null || state === 'paused' || steps.some(({ gate }) => gate?.state === 'open');
  return until(() => sweeps.get(id), rests, told);
}
