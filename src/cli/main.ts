import { z } from 'zod';
import { transitionKinds } from '../domain/user-lifecycle.js';
import { ApiProblem } from './api-request.js';
import { type Options, readArguments, usage, WrongUsage } from './arguments.js';
import { batch } from './batch-command.js';
import { answer, apply, gates, plan, status } from './federation-commands.js';
import { configLines, newToken } from './new-token.js';
import { endFederation, orderRotation, pauseOrResume, rotationStatus, startRotation } from './operation-commands.js';
import { adopt, preflight, spec } from './orgs-commands.js';
import { renderApiProblem } from './render.js';
import { cancelRollout, listRollouts, rolloutStatus, startRollout } from './rollout-commands.js';
import {
  decideSweep,
  listSweeps,
  orderSweep,
  startSweep,
  sweepFindings,
  sweepSchedule,
  sweepStatus,
} from './sweep-commands.js';
import { say, terminalPaint } from './terminal.js';
import { cancel, diagnose, move, proof, transition, user } from './user-commands.js';
import { drift, goLive, verify } from './verification-commands.js';

/** A command, and how many words it takes behind its name, which may be two words itself. */
type Command =
  | { readonly takes: 1; carryOut(options: Options, first: string): Promise<void> }
  | { readonly takes: 2; carryOut(options: Options, first: string, second: string): Promise<void> }
  | { readonly takes: 3; carryOut(options: Options, first: string, second: string, third: string): Promise<void> };

const commands: Readonly<Record<string, Command>> = {
  apply: { takes: 1, carryOut: apply },
  plan: { takes: 1, carryOut: plan },
  status: { takes: 1, carryOut: status },
  preflight: { takes: 1, carryOut: preflight },
  adopt: { takes: 2, carryOut: adopt },
  spec: { takes: 1, carryOut: spec },
  gates: { takes: 1, carryOut: gates },
  answer: { takes: 3, carryOut: answer },
  verify: { takes: 1, carryOut: verify },
  drift: { takes: 1, carryOut: drift },
  live: { takes: 1, carryOut: goLive },
  'token new': { takes: 1, carryOut: token },
  user: { takes: 2, carryOut: user },
  move: { takes: 3, carryOut: move },
  cancel: { takes: 3, carryOut: cancel },
  proof: { takes: 2, carryOut: proof },
  diagnose: { takes: 2, carryOut: diagnose },
  batch: { takes: 2, carryOut: batch },
  'rotation start': { takes: 2, carryOut: startRotation },
  'rotation status': { takes: 1, carryOut: rotationStatus },
  'rotation go-on': { takes: 1, carryOut: (...words) => orderRotation('go-on', ...words) },
  'rotation revoke': { takes: 1, carryOut: (...words) => orderRotation('revoke', ...words) },
  'federation pause': { takes: 1, carryOut: (...words) => pauseOrResume('pause', ...words) },
  'federation resume': { takes: 1, carryOut: (...words) => pauseOrResume('resume', ...words) },
  'federation end': { takes: 2, carryOut: endFederation },
  'rollout start': { takes: 2, carryOut: startRollout },
  'rollout list': { takes: 1, carryOut: listRollouts },
  'rollout status': { takes: 2, carryOut: rolloutStatus },
  'rollout cancel': { takes: 2, carryOut: cancelRollout },
  'sweep start': { takes: 1, carryOut: startSweep },
  'sweep list': { takes: 1, carryOut: listSweeps },
  'sweep status': { takes: 2, carryOut: sweepStatus },
  'sweep findings': { takes: 2, carryOut: sweepFindings },
  'sweep approve': { takes: 2, carryOut: (...words) => decideSweep('approve', ...words) },
  'sweep reject': { takes: 2, carryOut: (...words) => decideSweep('reject', ...words) },
  'sweep pause': { takes: 2, carryOut: (_, ...words) => orderSweep('pause', ...words) },
  'sweep resume': { takes: 2, carryOut: (_, ...words) => orderSweep('resume', ...words) },
  'sweep cancel': { takes: 2, carryOut: (_, ...words) => orderSweep('cancel', ...words) },
  'sweep schedule': { takes: 2, carryOut: sweepSchedule },
  ...Object.fromEntries(
    transitionKinds.map((kind): [string, Command] => [
      kind,
      { takes: 2, carryOut: (options, id, login) => transition(kind, options, id, login) },
    ]),
  ),
};

async function token({ role = [] }: Options, name: string): Promise<void> {
  const made = newToken(name, role);
  say(
    `Token, shown only here: ${made.token}\n\nFor the configuration file, under apiTokens:\n${configLines(made.entry)}`,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return say(usage);
  const [name] = positionals;
  if (name === undefined) throw new WrongUsage('No command.');
  const length = Object.hasOwn(commands, positionals.slice(0, 2).join(' ')) ? 2 : 1;
  const named = positionals.slice(0, length).join(' ');
  const words = positionals.slice(length);
  const command = Object.hasOwn(commands, named) ? commands[named] : undefined;
  if (command === undefined || command.takes !== words.length) throw new WrongUsage(`This is not how ${name} is used.`);
  const [first = '', second = '', third = ''] = words;
  if (command.takes === 1) return command.carryOut(values, first);
  if (command.takes === 2) return command.carryOut(values, first, second);
  return command.carryOut(values, first, second, third);
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
