import { z } from 'zod';
import { auditActions, auditOutcomes } from '../../domain/audit.js';
import { Name } from '../../domain/federation-spec.js';
import { FactsSchema } from './assessment.js';

const time = z.iso
  .datetime({ offset: true, error: 'must be a date and time with a time zone, like 2027-01-31T18:00:00+01:00' })
  .transform((text) => new Date(text).toISOString());

export const AuditQuery = z.object({
  federation: Name.optional(),
  actor: z.string().min(1).max(200).optional().describe('Name of the API token'),
  action: z.enum(auditActions).optional(),
  login: z.string().min(1).max(100).optional().describe('Whom it was about; upper and lower case are the same'),
  outcome: z.enum(auditOutcomes).optional(),
  since: time.optional(),
  until: time.optional().describe('Before this time'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('For JSON; NDJSON holds all of them'),
  before: z.coerce.number().int().min(1).optional().describe('`nextBefore` of the page before'),
});

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');

/** A head that was kept: both or none of it. */
export const AuditCheckQuery = z
  .object({
    seq: z.coerce.number().int().min(1).optional().describe('`head.seq` of an earlier check'),
    digest: digest.optional().describe('`head.digest` of that check'),
  })
  .refine(({ seq, digest: kept }) => (seq === undefined) === (kept === undefined), 'needs both seq and digest');

const LinkSchema = z.object({ seq: z.int(), digest: z.string() });

const AuditRowSchema = z
  .object({
    seq: z.int().describe('Counts the rows without a gap'),
    entryId: z.string(),
    at: z.string(),
    action: z.enum(auditActions),
    federationId: z.string().nullable(),
    outcome: z.enum(auditOutcomes),
    code: z.string().nullable().describe('Code of the error with which it was refused or failed'),
    details: FactsSchema,
    actor: z
      .object({ name: z.string(), sourceAddress: z.string().nullable(), userAgent: z.string().nullable() })
      .nullable(),
    subject: z
      .object({
        login: z.string().nullable(),
        reason: z.string().nullable(),
        ticket: z.string().nullable(),
        idempotencyKey: z.string().nullable().describe('SHA-256 of the Idempotency-Key'),
      })
      .nullable(),
    erased: z.boolean().describe('Whether it was about somebody whose personal data was erased'),
    actorDigest: z.string(),
    subjectDigest: z.string().nullable(),
    previous: z.string().describe('Digest of the row before'),
    digest: z.string(),
  })
  .meta({ id: 'AuditRow' });

export const AuditPageSchema = z
  .object({ rows: z.array(AuditRowSchema), nextBefore: z.int().nullable() })
  .meta({ id: 'AuditPage' });

export const AuditCheckSchema = z
  .object({
    intact: z.boolean(),
    rows: z.int().describe('Rows that hold'),
    erased: z.int().describe('Rows among them whose personal data was erased'),
    broken: z.object({ seq: z.int(), reason: z.string() }).nullable().describe('The first row that does not hold'),
    anchor: LinkSchema.nullable().describe('The last row that retention has removed'),
    head: LinkSchema.describe('The last row that holds; keep it elsewhere and send it with a later check'),
  })
  .meta({ id: 'AuditCheck' });
