import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { FindingsQuery, SweepDecisionDocument } from '../api/schemas/sweep.js';
import { MissedTimeDocument } from '../api/schemas/sweep-schedule.js';
import type { SweepOrder } from '../domain/sweep.js';
import { apiAccess, type Options, WrongUsage } from './arguments.js';
import { followSweep } from './follow.js';
import { renderFinding, renderSchedule, renderSweep, renderSweepLine } from './render-sweep.js';
import { type SweepScheduleAnswer, SweepsClient, scheduleOrders } from './sweeps-client.js';
import { paint, say } from './terminal.js';

function sweeps(federation: string): SweepsClient {
  return new SweepsClient(apiAccess(), federation);
}

/** @throws WrongUsage */
function checked<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = schema.safeParse(given);
  if (!read.success) throw new WrongUsage(z.prettifyError(read.error));
  return read.data;
}

/** Prints a sweep; with `--watch` once it rests: the exit code is 1 unless it is done. */
async function show(client: SweepsClient, id: string, { watch }: Options): Promise<void> {
  if (!watch) return say(renderSweep(await client.get(id), paint));
  const rests = await followSweep(client, id, () => undefined);
  say(renderSweep(rests, paint));
  if (rests.state !== 'done') process.exitCode = 1;
}

/** Starts a sweep with what the file says; an option goes before the file. */
export async function startSweep(options: Options, federation: string): Promise<void> {
  const { file, mode, reason, ticket } = options;
  const inFile =
    file === undefined ? {} : checked(z.record(z.string(), z.unknown()), parse(await readFile(file, 'utf8')));
  const given = Object.entries({ mode, reason, ticket }).filter(([, value]) => value !== undefined);
  const client = sweeps(federation);
  const { sweep } = await client.start({ ...inFile, ...Object.fromEntries(given) });
  if (options.watch) return show(client, sweep.id, options);
  say(renderSweepLine(sweep, paint));
}

export async function listSweeps(_: Options, federation: string): Promise<void> {
  const { sweeps: found } = await sweeps(federation).list();
  say(found.map(({ id, state, startedAt }) => `${startedAt}  ${id}  ${state}`).join('\n') || 'No sweep yet.');
}

export async function sweepStatus(options: Options, federation: string, sweep: string): Promise<void> {
  await show(sweeps(federation), sweep, options);
}

export async function sweepFindings(options: Options, federation: string, sweep: string): Promise<void> {
  const { kind, outcome, listed, json } = options;
  const query = { ...(kind && { kind }), ...(outcome && { outcome }), ...(listed && { listed: 'true' }) };
  checked(FindingsQuery, query);
  const found = await sweeps(federation).findings(sweep, query);
  const line = (finding: (typeof found)[number]) => (json ? JSON.stringify(finding) : renderFinding(finding, paint));
  say(found.map(line).join('\n') || 'Nobody.');
}

/** Approves or rejects exactly the list with the digest. */
export async function decideSweep(
  decision: 'approve' | 'reject',
  { digest: listDigest, why }: Options,
  federation: string,
  sweep: string,
): Promise<void> {
  const body = checked(SweepDecisionDocument, { listDigest, why });
  say(renderSweepLine(await sweeps(federation).decide(sweep, decision, body), paint));
}

export async function orderSweep(order: SweepOrder, federation: string, sweep: string): Promise<void> {
  say(renderSweepLine(await sweeps(federation).order(sweep, order), paint));
}

/** Shows, sets or orders the schedule. */
export async function sweepSchedule(options: Options, federation: string, order: string): Promise<void> {
  const schedule = await ordered(sweeps(federation), options, order);
  say(`${renderSchedule(schedule, paint)}${order === 'delete' ? '\nIt is deleted.' : ''}`);
}

async function ordered(client: SweepsClient, options: Options, order: string): Promise<SweepScheduleAnswer> {
  const plain = scheduleOrders.find((name) => name === order);
  if (plain !== undefined) return client.orderSchedule(plain);
  switch (order) {
    case 'show':
      return client.schedule();
    case 'set':
      if (options.file === undefined)
        throw new WrongUsage('--file is missing: cron, timeZone and spec of the schedule.');
      return client.setSchedule(await readFile(options.file, 'utf8'));
    case 'backfill':
      return client.backfill(checked(MissedTimeDocument, { from: options.from, to: options.to }));
    case 'delete':
      return client.deleteSchedule();
    default:
      throw new WrongUsage(`${order} is no order to a schedule.`);
  }
}
