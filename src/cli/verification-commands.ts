import { setTimeout as delay } from 'node:timers/promises';
import type { VerificationAnswer } from '../api/schemas/verification.js';
import { apiAccess, type Options, WrongUsage } from './arguments.js';
import { renderDrift, renderVerification } from './render-verification.js';
import { paint, say } from './terminal.js';
import { VerificationClient } from './verification-client.js';

const everyMs = 500;

function client(id: string): VerificationClient {
  return new VerificationClient(apiAccess(), id);
}

/** Asks until the report is that of the operation that was begun, and the last one. */
async function until<Answer extends Pick<VerificationAnswer, 'workflowId'>>(
  ask: () => Promise<Answer>,
  workflowId: string,
  isLast: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.workflowId !== workflowId || isLast(answer)) return answer;
    await delay(everyMs);
  }
}

/** Verifies and waits for the report; the exit code is 1 unless it has passed. */
export async function verify({ json }: Options, id: string): Promise<void> {
  const api = client(id);
  const { operation } = await api.begin('verification', {});
  const answer = await until(
    () => api.verification(),
    operation.workflowId,
    ({ endedAt }) => endedAt !== null,
  );
  say(json ? JSON.stringify(answer, null, 2) : renderVerification(answer, paint));
  if (answer.result !== 'passed') process.exitCode = 1;
}

/** Checks for drift and waits for the report or a gate; the exit code is 1 unless both orgs are as agreed. */
export async function drift({ json, policy }: Options, id: string): Promise<void> {
  const api = client(id);
  const { operation } = await api.begin('drift', policy === undefined ? {} : { policy });
  const isLast = ({ endedAt, gates }: Awaited<ReturnType<typeof api.drift>>) => endedAt !== null || gates.length > 0;
  const answer = await until(() => api.drift(), operation.workflowId, isLast);
  say(json ? JSON.stringify(answer, null, 2) : renderDrift(answer, paint));
  if (answer.agrees !== true) process.exitCode = 1;
}

export async function goLive({ why }: Options, id: string): Promise<void> {
  if (why === undefined) throw new WrongUsage('--why is missing: whoever reads it later wants to know.');
  const { since, by } = await client(id).goLive(why);
  say(`${id} is live since ${since}, by ${by}.`);
}
