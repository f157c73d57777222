import { z } from 'zod';
import { TransitionDocument } from '../api/schemas/user.js';
import type { Profile, TransitionKind } from '../domain/user-lifecycle.js';
import { apiAccess, type Options, WrongUsage } from './arguments.js';
import { followTransition } from './follow.js';
import { renderDiagnosis, renderProof, renderTransition, renderTransitionLine, renderUser } from './render-user.js';
import { paint, say } from './terminal.js';
import { UsersClient } from './users-client.js';

function users(federation: string): UsersClient {
  return new UsersClient(apiAccess(), federation);
}

/** `firstName=Ada` as an attribute; nothing behind the sign takes the attribute's value away. */
function profileOf(entries: readonly string[]): Profile {
  return Object.fromEntries(
    entries.map((entry) => {
      const [name = '', ...value] = entry.split('=');
      if (value.length === 0) throw new WrongUsage(`--profile ${entry}: write NAME=VALUE.`);
      return [name, value.join('=') || null];
    }),
  );
}

/** What is sent for a command line. @throws WrongUsage */
function document(kind: TransitionKind, options: Options): z.input<typeof TransitionDocument> {
  const { profile, at, reason, ticket, 'assign-by': assignBy, 'dry-run': dryRun } = options;
  const asked = { transition: kind, at, reason, ticket, assignBy, dryRun, profile: profile && profileOf(profile) };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const read = TransitionDocument.safeParse(given);
  if (!read.success) throw new WrongUsage(z.prettifyError(read.error));
  return { ...read.data };
}

/** Starts or plans a transition. */
export async function transition(
  kind: TransitionKind,
  options: Options,
  federation: string,
  login: string,
): Promise<void> {
  const client = users(federation);
  const accepted = await client.transition(login, document(kind, options));
  if (!options.watch) return say(renderTransitionLine(accepted.transition, paint));
  const seen = await followTransition(client, login, accepted.transition.number, () => undefined);
  say(renderTransition(federation, login, seen, paint));
  if (seen.state !== 'done' && seen.state !== 'planned') process.exitCode = 1;
}

export async function user(_: Options, federation: string, login: string): Promise<void> {
  say(renderUser(await users(federation).get(login), paint));
}

function numberOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new WrongUsage(`${text} is no number of a transition.`);
  return Number(text);
}

export async function move({ at }: Options, federation: string, login: string, number: string): Promise<void> {
  if (at === undefined) throw new WrongUsage('--at is missing.');
  say(renderTransitionLine(await users(federation).move(login, numberOf(number), at), paint));
}

export async function cancel(_: Options, federation: string, login: string, number: string): Promise<void> {
  say(renderTransitionLine(await users(federation).cancel(login, numberOf(number)), paint));
}

export async function proof({ json }: Options, federation: string, login: string): Promise<void> {
  const found = await users(federation).proof(login);
  say(json ? JSON.stringify(found, null, 2) : renderProof(found, paint));
}

/** The exit code is 1 where something keeps the user out. */
export async function diagnose(_: Options, federation: string, login: string): Promise<void> {
  const diagnosis = await users(federation).diagnose(login);
  say(renderDiagnosis(diagnosis, paint));
  if (diagnosis.verdict.result === 'failed') process.exitCode = 1;
}
