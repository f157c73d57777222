import { z } from 'zod';
import { Name } from '../../domain/federation-spec.js';
import { type RolloutRecord, rolloutStates, rolloutStepNames } from '../../domain/group-rollout.js';
import { EvidenceSchema } from './assessment.js';
import { GateSchema } from './gate.js';
import { ProblemSchema } from './problem.js';

const groupId = z.string().regex(/^00g[A-Za-z0-9]{5,60}$/, "must be Okta's id of a group in the IdP org");

/** Body of POST …/rollouts. */
export const RolloutDocument = z
  .strictObject({
    group: z
      .union([z.string().min(1).max(255), z.strictObject({ id: groupId })])
      .describe('Name of a group of the IdP org, or its id where several share the name'),
    dryRun: z.boolean().default(false).describe('Look and say what would change; write nothing'),
    reason: z.string().trim().min(1).max(1000).optional(),
    ticket: z.string().trim().min(1).max(200).optional(),
  })
  .meta({ id: 'RolloutCommand' });

export const RolloutPath = z.object({ id: Name, group: groupId });
export const RolloutGatePath = RolloutPath.extend({ gate: z.string().min(1).max(200) });

export const RolloutListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the nextPageToken of the page before')
    .optional(),
});

const Named = z.object({ count: z.int(), ids: z.array(z.string()).describe('The first hundred') });
const StateSchema = z.enum(rolloutStates).meta({ id: 'RolloutState' });

const StepSchema = z
  .object({
    name: z.enum(rolloutStepNames),
    title: z.string(),
    side: z.enum(['idp', 'sp', 'both']),
    state: z.enum(['pending', 'running', 'waiting', 'gate', 'stopped', 'done', 'skipped', 'planned']),
    decided: z.string().nullable(),
    applied: z.array(z.string()),
    evidence: z.array(EvidenceSchema),
    gate: GateSchema.nullable(),
    problem: ProblemSchema.nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'RolloutStep' });

/** A rollout as the API tells it. */
export type RolloutAnswer = Omit<RolloutRecord, 'key'> & { readonly links: { readonly self: string } };

export const RolloutAnswerSchema: z.ZodType<RolloutAnswer> = z
  .object({
    federationId: z.string(),
    groupId: z.string(),
    state: StateSchema,
    dryRun: z.boolean(),
    reason: z.string().nullable(),
    ticket: z.string().nullable(),
    startedBy: z.string(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    cancelledBy: z.string().nullable(),
    pass: z.int().describe('How often the members were followed from the beginning'),
    counts: z.object({
      members: z.int(),
      provisioned: z.int(),
      queued: z.int(),
      failed: z.int(),
      notProvisioned: z.int(),
      unassigned: z.int(),
      withAccess: z.int(),
      left: z.int(),
      deprovisioned: z.int(),
    }),
    neverLinked: Named.describe('Members whose counterpart in the SP org must not be linked'),
    explained: z.object({
      count: z.int(),
      issues: z.array(
        z.object({
          id: z.string(),
          state: z.enum(['provisioned', 'queued', 'failed', 'notProvisioned', 'unassigned', 'absent']),
          reason: z.string(),
          fix: z.string(),
        }),
      ),
    }),
    leaversStillThere: Named,
    writes: z.int(),
    steps: z.array(StepSchema),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Rollout' });

/** Answer 202. */
export const RolloutAcceptedSchema = z
  .object({
    rollout: RolloutAnswerSchema,
    started: z.boolean().describe('False if the same command had already started it'),
  })
  .meta({ id: 'RolloutAccepted' });

export const RolloutListSchema = z
  .object({
    rollouts: z.array(z.object({ groupId: z.string(), state: StateSchema, links: z.object({ self: z.string() }) })),
    nextPageToken: z.string().nullable(),
  })
  .meta({ id: 'RolloutList' });
