import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ApiClient, ApiProblem } from './api-client.js';
import { follow } from './follow.js';
import { configLines, newToken } from './new-token.js';
import { renderApiProblem, renderFederation, renderGate, renderPlan } from './render.js';
import { terminalPaint } from './terminal.js';

const usage = `Usage:
  org2org apply FILE [--id ID] [--watch]     set up what the specification says (ID: the file's name);
                                             with --watch the exit code is 1 where the setup stops
  org2org plan FILE [--id ID]                what would change; writes nothing
  org2org status ID                          state, steps, gates
  org2org gates ID                           what a person must do now
  org2org answer ID GATE CHOICE --why TEXT   answer a gate
  org2org token new NAME --role ROLE…        a new API token and its line for the configuration

Environment: ORG2ORG_API (http://127.0.0.1:8080), ORG2ORG_TOKEN`;

class WrongUsage extends Error {}

const paint = terminalPaint(process.stdout);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        id: { type: 'string' },
        why: { type: 'string' },
        role: { type: 'string', multiple: true },
        watch: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : undefined);
  }
}

type Options = ReturnType<typeof readArguments>['values'];

function api(): ApiClient {
  const token = process.env.ORG2ORG_TOKEN;
  if (token === undefined || token === '') throw new WrongUsage('ORG2ORG_TOKEN is not set.');
  return new ApiClient({ url: process.env.ORG2ORG_API ?? 'http://127.0.0.1:8080', token });
}

function federationOf(file: string, { id }: Options): string {
  return id ?? basename(file, extname(file));
}

async function apply(file: string, options: Options): Promise<void> {
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

async function plan(file: string, options: Options): Promise<void> {
  const id = federationOf(file, options);
  const client = api();
  const { operation } = await client.plan(id, await readFile(file, 'utf8'));
  const { lastPlan } = await follow(client, id, operation.number, () => undefined);
  if (lastPlan?.workflowId !== operation.workflowId) throw new Error(`Plan ${operation.number} of ${id} was ended.`);
  say(renderPlan(lastPlan, paint));
  if (lastPlan.outcome === 'stopped') process.exitCode = 1;
}

async function gates(id: string): Promise<void> {
  const answer = await api().get(id);
  say(answer.gates.map((gate) => renderGate(id, gate, paint)).join('\n\n') || 'No gate is open.');
}

async function answer(id: string, gate: string, choice: string, { why }: Options): Promise<void> {
  if (why === undefined) throw new WrongUsage('--why is missing: whoever reads the gate later wants to know.');
  const answered = await api().answerGate(id, gate, { choice, why });
  say(`Gate ${answered.name}: answered with ${choice}.`);
}

function tokenNew(name: string, { role = [] }: Options): void {
  const made = newToken(name, role);
  say(
    `Token, shown only here: ${made.token}\n\nFor the configuration file, under apiTokens:\n${configLines(made.entry)}`,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [command, first, second, third, ...rest] = positionals;
  if (values.help) return say(usage);
  if (rest.length > 0) throw new WrongUsage(`${rest.join(' ')} is too much.`);
  if (command === 'apply' && first !== undefined) return apply(first, values);
  if (command === 'plan' && first !== undefined) return plan(first, values);
  if (command === 'status' && first !== undefined) return say(renderFederation(await api().get(first), paint));
  if (command === 'gates' && first !== undefined) return gates(first);
  if (command === 'answer' && first !== undefined && second !== undefined && third !== undefined) {
    return answer(first, second, third, values);
  }
  if (command === 'token' && first === 'new' && second !== undefined) return tokenNew(second, values);
  throw new WrongUsage(command === undefined ? 'No command.' : `This is not how ${command} is used.`);
}

function told(error: unknown): string {
  if (error instanceof WrongUsage) return `${error.message}\n\n${usage}`;
  if (error instanceof ApiProblem) return renderApiProblem(error.document, terminalPaint(process.stderr));
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error
    ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}`
    : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
});
