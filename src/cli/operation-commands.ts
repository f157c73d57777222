import type { OperationAccepted } from '../domain/federation.js';
import { apiAccess, type Options, WrongUsage } from './arguments.js';
import { OperationsClient } from './operations-client.js';
import { renderOperation } from './render.js';
import { paint, say } from './terminal.js';

function operations(id: string): OperationsClient {
  return new OperationsClient(apiAccess(), id);
}

function reason({ why }: Options): string {
  if (why === undefined) throw new WrongUsage('--why is missing: whoever reads the operation later wants to know.');
  return why;
}

function minutes(name: string, text: string | undefined): Record<string, number> {
  if (text === undefined) return {};
  if (!/^\d+$/.test(text)) throw new WrongUsage(`--${name} is a number of minutes.`);
  return { [name === 'switch-after' ? 'switchAfterMinutes' : 'removeAfterMinutes']: Number(text) };
}

function told(id: string, { operation, started }: OperationAccepted): void {
  say(`${operation.kind} ${operation.number} of ${id} ${started ? 'has started' : 'is running already'}.`);
}

export async function startRotation(options: Options, id: string, what: string): Promise<void> {
  const between = {
    ...minutes('switch-after', options['switch-after']),
    ...minutes('remove-after', options['remove-after']),
  };
  told(id, await operations(id).rotate({ what, between }));
}

export async function rotationStatus(_: Options, id: string): Promise<void> {
  say(renderOperation(await operations(id).rotation(), paint));
}

export async function orderRotation(order: 'go-on' | 'revoke', options: Options, id: string): Promise<void> {
  say(renderOperation(await operations(id).orderRotation(order, reason(options)), paint));
}

export async function pauseOrResume(kind: 'pause' | 'resume', options: Options, id: string): Promise<void> {
  told(id, await operations(id).pause(kind, reason(options)));
}

export async function endFederation(options: Options, id: string, users: string): Promise<void> {
  told(id, await operations(id).end({ users, why: reason(options) }));
}
