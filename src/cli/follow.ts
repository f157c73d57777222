import { setTimeout as delay } from 'node:timers/promises';
import type { FederationAnswer } from '../api/schemas/federation.js';
import type { ApiClient } from './api-client.js';

const everyMs = 500;

/**
 * Asks for a federation again and again until its operation of that number has ended or waits for a person.
 *
 * @param told hears every answer.
 */
export async function follow(
  api: Pick<ApiClient, 'get'>,
  id: string,
  operation: number,
  told: (answer: FederationAnswer) => void,
): Promise<FederationAnswer> {
  for (;;) {
    const answer = await api.get(id);
    told(answer);
    const ended = answer.operations.some((one) => one.number === operation && one.endedAt !== null);
    if (ended || answer.gates.length > 0) return answer;
    await delay(everyMs);
  }
}
