import { z } from 'zod';
import { Name } from '../../domain/federation-spec.js';
import {
  findingKinds,
  type ListRead,
  outcomes,
  type SweepRecord,
  SweepSpec,
  sweepLists,
  sweepStates,
  sweepStepNames,
} from '../../domain/sweep.js';
import { federationPath } from '../federations.js';
import { EvidenceSchema, FactsSchema } from './assessment.js';
import { GateSchema } from './gate.js';
import { ProblemSchema } from './problem.js';

const sweepId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/, 'must be the id of a sweep');

export const SweepPath = z.object({ id: Name, sweep: sweepId });

/** Body of POST …/approve and …/reject. */
export const SweepDecisionDocument = z
  .strictObject({
    listDigest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be the listDigest of the sweep')
      .describe('`listDigest` of the sweep whose list was read: the decision counts for exactly this list'),
    why: z.string().trim().min(1).max(1000).describe('Why; stays with the sweep for whoever reads it later'),
  })
  .meta({ id: 'SweepDecision' });

export const SweepListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.iso.datetime('must be the nextBefore of the page before').optional(),
});

const planned = ['none', 'suspend', 'deactivate', 'suspendThenDeactivate', 'resume'] as const;

export const FindingsQuery = z.object({
  kind: z.enum(findingKinds).optional(),
  action: z.enum(planned).optional(),
  outcome: z.enum(outcomes).optional(),
  listed: z.enum(['true', 'false']).optional().describe('Only those on the list of actions, or only the others'),
  spUserId: z.string().min(1).max(100).optional(),
  login: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('For JSON; NDJSON and CSV hold all of them'),
  after: z.string().min(1).max(100).optional().describe('`nextAfter` of the page before'),
});

const StateSchema = z.enum(sweepStates).meta({ id: 'SweepState' });

/** A sweep as the API tells it. */
export type SweepAnswer = SweepRecord & {
  readonly links: { readonly self: string; readonly findings: string; readonly events: string };
};

export function sweepPath(federationId: string, sweepId: string): string {
  return `${federationPath(federationId)}/sweeps/${sweepId}`;
}

export function sweepAnswer(record: SweepRecord): SweepAnswer {
  const self = sweepPath(record.federationId, record.id);
  return { ...record, links: { self, findings: `${self}/findings`, events: `${self}/events` } };
}

/** How far a sweep is, for whoever follows it: without what does not change, and how much was read in all. */
export function sweepProgress(record: SweepRecord) {
  const { spec: _, steps: __, ...progress } = sweepAnswer(record);
  const sum = (count: (read: ListRead) => number) => record.lists.reduce((total, read) => total + count(read), 0);
  return { ...progress, pages: sum(({ pages }) => pages), users: sum(({ items }) => items) };
}

const StepSchema = z
  .object({
    name: z.enum(sweepStepNames),
    title: z.string(),
    state: z.enum(['pending', 'running', 'waiting', 'gate', 'stopped', 'done', 'skipped', 'planned']),
    decided: z.string().nullable(),
    evidence: z.array(EvidenceSchema),
    gate: GateSchema.nullable(),
    problem: ProblemSchema.nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'SweepStep' });

const count = z.int();

export const SweepAnswerSchema: z.ZodType<SweepAnswer> = z
  .object({
    id: z.string(),
    federationId: z.string(),
    spec: SweepSpec.describe('What was asked for, with every default filled in'),
    state: StateSchema,
    startedBy: z.string(),
    trigger: z.enum(['request', 'schedule', 'event']),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    attempt: count.describe('How often reading began'),
    lists: z.array(
      z.object({
        list: z.enum(sweepLists),
        pages: count,
        items: count,
        ended: z.boolean(),
        repeated: count,
        emptyWithin: count,
      }),
    ),
    population: count,
    source: count,
    findings: z.record(z.enum(findingKinds), count),
    actions: z.object({ listed: count, pending: count, done: count, withdrawn: count, failed: count, notDone: count }),
    listDigest: z.string().nullable().describe('Digest of the list of actions; an approval names it'),
    reasons: z.array(z.string()).describe('Why the read is not trusted, or why the fuse has blown'),
    steps: z.array(StepSchema),
    rate: z.object({ usersPerSecond: z.number(), expectedEnd: z.string().nullable() }).nullable(),
    waitingFor: z.string().nullable(),
    orderedBy: z.string().nullable(),
    updatedAt: z.string(),
    links: z.object({ self: z.string(), findings: z.string(), events: z.string() }),
  })
  .meta({ id: 'Sweep' });

/** Answer 202. */
export const SweepAcceptedSchema = z
  .object({
    sweep: SweepAnswerSchema,
    started: z.boolean().describe('False if the same command had already started it'),
  })
  .meta({ id: 'SweepAccepted' });

export const SweepListSchema = z
  .object({
    sweeps: z.array(
      z.object({ id: z.string(), state: StateSchema, startedAt: z.string(), links: z.object({ self: z.string() }) }),
    ),
    nextBefore: z.string().nullable(),
  })
  .meta({ id: 'SweepList' });

export const FindingsSchema = z
  .object({
    findings: z.array(
      z
        .object({
          spUserId: z.string(),
          idpUserId: z.string().nullable(),
          login: z.string(),
          kind: z.enum(findingKinds),
          reason: z.string(),
          action: z.enum(planned),
          evidence: FactsSchema,
          outcome: z.enum(outcomes).nullable(),
          transition: z.int().nullable().describe('Number of the user’s transition'),
          note: z.string().nullable(),
          foundAt: z.string(),
          proof: z.string().nullable().describe('Address of the proof, where the user was offboarded'),
        })
        .meta({ id: 'SweepFinding' }),
    ),
    nextAfter: z.string().nullable(),
  })
  .meta({ id: 'SweepFindings' });
