import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { ApiClient } from './api-client.js';
import { apiAccess, type Options, WrongUsage } from './arguments.js';
import { follow } from './follow.js';
import { renderFederation, renderGate, renderPlan } from './render.js';
import { RolloutsClient } from './rollouts-client.js';
import { paint, say } from './terminal.js';
import { UsersClient } from './users-client.js';

function api(): ApiClient {
  return new ApiClient(apiAccess());
}

function federationOf(file: string, { id }: Options): string {
  return id ?? basename(file, extname(file));
}

export async function apply(options: Options, file: string): Promise<void> {
  const id = federationOf(file, options);
  const client = api();
  const { operation, started } = await client.apply(id, await readFile(file, 'utf8'));
  say(`Setup ${operation.number} of ${id} ${started ? 'has started' : 'is running already'}.`);
  if (!options.watch) return;
  const answer = await follow(client, id, operation.number, () => undefined);
  say(renderFederation(answer, paint));
  if (answer.operations.some((one) => one.number === operation.number && one.outcome === 'stopped'))
    process.exitCode = 1;
}

export async function plan(options: Options, file: string): Promise<void> {
  const id = federationOf(file, options);
  const client = api();
  const { operation } = await client.plan(id, await readFile(file, 'utf8'));
  const { lastPlan } = await follow(client, id, operation.number, () => undefined);
  if (lastPlan?.workflowId !== operation.workflowId) throw new Error(`Plan ${operation.number} of ${id} was ended.`);
  say(renderPlan(lastPlan, paint));
  if (lastPlan.outcome === 'stopped') process.exitCode = 1;
}

export async function status(_: Options, id: string): Promise<void> {
  say(renderFederation(await api().get(id), paint));
}

export async function gates(_: Options, id: string): Promise<void> {
  const answer = await api().get(id);
  say(answer.gates.map((gate) => renderGate(id, gate, paint)).join('\n\n') || 'No gate is open.');
}

export async function answer(options: Options, id: string, gate: string, choice: string): Promise<void> {
  const { why, user, rollout } = options;
  if (why === undefined) throw new WrongUsage('--why is missing: whoever reads the gate later wants to know.');
  const reply = { choice, why };
  const answered =
    user !== undefined
      ? await new UsersClient(apiAccess(), id).answerGate(user, gate, reply)
      : rollout !== undefined
        ? await new RolloutsClient(apiAccess(), id).answerGate(rollout, gate, reply)
        : await api().answerGate(id, gate, reply);
  say(`Gate ${answered.name}: answered with ${choice}.`);
}
