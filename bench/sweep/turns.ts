import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Sweeps } from '../../src/commands/sweeps.js';
import { type SweepRecord, SweepSpec } from '../../src/domain/sweep.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import type { deactivationSweep } from '../../src/workflows/deactivation-sweep.js';
import { sweepWorkflowId } from '../../src/workflows/messages.js';
import { federationId, operator } from '../../test/world/world.js';
import { startProgram } from '../users/programs.js';
import type { OktaRequest } from '../users/sandbox-control.js';
import type { Stage } from '../users/stage.js';
import type { NeededList } from './fewest-pages.js';
import type { Population } from './population.js';

/** One sweep in the mode report. */
export interface SweepTurn {
  readonly workflowId: string;
  readonly milliseconds: number;
  /** Requests of the product to both orgs. */
  readonly requests: readonly OktaRequest[];
}

/**
 * Sweeps everyone, from the command to the end of the workflow.
 *
 * @throws Error if it ended otherwise than done, or found anything else than what was planted
 */
export async function sweepOnce(stage: Stage, ledger: Ledger, population: Population): Promise<SweepTurn> {
  await stage.sandbox.forgetRequests();
  const begun = performance.now();
  const { sweep } = await new Sweeps(stage.client, ledger).start({
    federationId,
    spec: SweepSpec.parse({ mode: 'report' }),
    trigger: 'request',
    actor: operator,
    idempotencyKey: randomUUID(),
  });
  const workflowId = sweepWorkflowId(federationId, sweep.id);
  const record = await stage.client.workflow.getHandle<typeof deactivationSweep>(workflowId).result();
  const milliseconds = performance.now() - begun;
  check(record, population);
  return { workflowId, milliseconds, requests: await stage.sandbox.requests() };
}

function check({ state, population, findings, reasons }: SweepRecord, { users, expected }: Population): void {
  const wanted: Readonly<Record<string, number>> = expected;
  const wrong = Object.entries(findings).filter(([kind, count]) => count !== (wanted[kind] ?? 0));
  if (state === 'done' && population === users && wrong.length === 0) return;
  const told = `${state} with ${population} users, wrong ${JSON.stringify(Object.fromEntries(wrong))}`;
  throw new Error(`The sweep is ${told}: ${reasons.join('; ')}`);
}

const Bare = z.object({ milliseconds: z.number(), pages: z.number() });

/**
 * Reads the same lists with the bare program, in a process of its own; its start is not counted.
 *
 * @param how how it reads the lists of one org.
 */
export async function readBare(
  { orgs }: Stage,
  lists: readonly NeededList[],
  how: 'oneByOne' | 'together',
): Promise<z.output<typeof Bare>> {
  const asked = (['idp', 'sp'] as const).map((side) => ({
    ...orgs[side],
    lists: lists.filter(({ org }) => org === side).map(({ path }) => path),
  }));
  const environment = { BARE_READER_ORGS: JSON.stringify(asked), BARE_READER_LISTS: how };
  const program = await startProgram('bench/sweep/bare-reader.ts', environment, null);
  await program.stop();
  return Bare.parse(JSON.parse(program.firstLine));
}
