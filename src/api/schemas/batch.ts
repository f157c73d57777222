import { z } from 'zod';
import { Name } from '../../domain/federation-spec.js';
import {
  type BatchRecord,
  batchStates,
  errorPolicies,
  type RowCounts,
  type RowIssue,
  rowStates,
  usersInFlight,
} from '../../domain/user-batch.js';
import { transitionKinds } from '../../domain/user-lifecycle.js';
import { waitsFor } from '../../workflows/batch-details.js';
import { federationPath } from '../federations.js';

export const BatchPath = z.object({ id: Name, batch: z.string().regex(/^[0-9a-f]{24}$/, 'must be the id of a batch') });

const kind = z.enum(transitionKinds);

export const NewBatchQuery = z.object({
  transition: kind.optional().describe('The transition of rows that name none'),
  onError: z
    .enum(errorPolicies)
    .default('stop')
    .describe('What a bad row does: `stop` the whole batch before it begins, or `skip` itself only'),
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Checks the rows and finds out what each would change; writes nothing'),
  inFlight: z.coerce
    .number()
    .int()
    .min(1)
    .max(usersInFlight.most)
    .default(usersInFlight.usual)
    .describe('How many users are under way at the same time'),
});

export const BatchRowsQuery = z.object({ state: z.enum(rowStates).optional() });

export const BatchListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the nextPageToken of the page before')
    .optional(),
  state: z.enum(batchStates).optional(),
});

const count = z.int();
const CountsSchema: z.ZodType<RowCounts> = z
  .object({
    refused: count.describe('Not carried out for what stands in the file'),
    pending: count,
    running: count,
    done: count,
    planned: count,
    gate: count,
    stopped: count,
    unfinished: count.describe('The batch no longer waits for them; their transitions may still end'),
    superseded: count,
    cancelled: count,
  })
  .meta({ id: 'RowCounts' });

/** What GET tells about one batch. */
export interface BatchAnswer extends Omit<BatchRecord, 'chunks' | 'digest'> {
  /** In words; null once the batch has ended. */
  readonly waitsFor: string | null;
  readonly links: { readonly self: string; readonly rows: string; readonly events: string };
}

export const BatchAnswerSchema: z.ZodType<BatchAnswer> = z
  .object({
    id: z.string(),
    federationId: z.string(),
    state: z.enum(batchStates),
    options: z.object({
      onError: z.enum(errorPolicies),
      dryRun: z.boolean(),
      transition: kind.nullable(),
      inFlight: z.int(),
    }),
    startedBy: z.string(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    orderedBy: z.string().nullable().describe('Who paused, resumed or cancelled it last'),
    rows: z.int().describe('Rows of the file'),
    counts: CountsSchema.describe('Rows by state'),
    changed: z.int().describe('Rows that wrote something in either org'),
    waitsFor: z.string().nullable(),
    links: z.object({ self: z.string(), rows: z.string(), events: z.string() }),
  })
  .meta({ id: 'Batch' });

const RowIssueSchema: z.ZodType<RowIssue> = z
  .object({
    row: z.int().nullable(),
    line: z.int(),
    column: z.string().nullable(),
    reason: z.string(),
    fix: z.string(),
  })
  .meta({ id: 'RowIssue' });

/** Answer 202: the batch that is running now. */
export const BatchAcceptedSchema = z
  .object({
    batch: BatchAnswerSchema,
    started: z.boolean().describe('False if the same file had begun before with the same Idempotency-Key'),
    refused: z.array(RowIssueSchema).describe('What is wrong with refused rows, the first 1,000 of them'),
  })
  .meta({ id: 'BatchAccepted' });

/** One page of GET …/batches. */
export const BatchListSchema = z
  .object({
    batches: z.array(
      z.object({
        id: z.string(),
        state: z.enum(batchStates),
        startedAt: z.string().nullable(),
        endedAt: z.string().nullable(),
        links: z.object({ self: z.string() }),
      }),
    ),
    nextPageToken: z.string().nullable().describe('Send it as pageToken for the next page; null on the last page'),
  })
  .meta({ id: 'BatchList' });

/** Address of a batch in the API. */
export function batchPath(federationId: string, batchId: string): string {
  return `${federationPath(federationId)}/batches/${batchId}`;
}

export function batchAnswer(record: BatchRecord): BatchAnswer {
  const { chunks: _, digest: __, ...shown } = record;
  const self = batchPath(record.federationId, record.id);
  return { ...shown, waitsFor: waitsFor(record), links: { self, rows: `${self}/rows`, events: `${self}/events` } };
}
