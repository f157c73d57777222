import { z } from 'zod';
import {
  type Assessment,
  type Candidate,
  type Change,
  type Choices,
  type FieldChange,
  type FieldValue,
  type KnownValues,
  resourceNames,
} from '../../domain/assessment.js';
import type { Check } from '../../domain/check.js';
import type { Evidence, Fact, Facts } from '../../domain/evidence.js';
import { ProblemSchema } from './problem.js';

const FactSchema: z.ZodType<Fact> = z
  .union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])
  .meta({ id: 'Fact' });

export const FactsSchema: z.ZodType<Facts> = z.record(z.string(), FactSchema).meta({ id: 'Facts' });

export const EvidenceSchema: z.ZodType<Evidence> = z
  .object({
    org: z.string(),
    operation: z.string().describe("Okta's operation id"),
    status: z.int(),
    at: z.string(),
    requestId: z.string().nullable().describe("Okta's X-Okta-Request-Id"),
    facts: FactsSchema,
  })
  .meta({ id: 'Evidence' });

const ResourceNameSchema = z.enum(resourceNames).meta({ id: 'ResourceName' });

export const MadeSchema = z.array(ResourceNameSchema).describe('What was created, in place of adopting what was there');

export const FieldValueSchema: z.ZodType<FieldValue> = z
  .union([FactSchema, z.object({ knownAfter: ResourceNameSchema })])
  .meta({ id: 'FieldValue' });

export const FieldChangeSchema: z.ZodType<FieldChange> = z
  .object({ field: z.string(), before: FieldValueSchema, after: FieldValueSchema })
  .meta({ id: 'FieldChange' });

export const ChangeSchema: z.ZodType<Change> = z
  .object({
    org: z.string(),
    resource: ResourceNameSchema,
    write: z.string(),
    summary: z.string(),
    fields: z.array(FieldChangeSchema),
    reversible: z.boolean(),
  })
  .meta({ id: 'Change' });

const CandidateSchema: z.ZodType<Candidate> = z
  .object({ id: z.string(), label: z.string(), facts: FactsSchema })
  .meta({ id: 'Candidate' });

const known = z.string().exactOptional();

/** Ids, URLs and certificates of the objects of a federation; nothing here is a secret. */
export const KnownValuesSchema: z.ZodType<KnownValues> = z
  .object({
    targetAppId: known,
    targetAppGroups: z.array(z.string()).exactOptional(),
    targetAppSsoUrl: known,
    targetAppCertificate: known,
    org2orgAppId: known,
    issuer: known,
    ssoUrl: known,
    certificate: known,
    certificateThumbprint: known,
    trustedKeyId: known,
    identityProviderId: known,
    acsUrl: known,
    audience: known,
    serviceClientId: known,
    accessGroupId: known,
    tokenFingerprint: known,
  } satisfies Record<keyof KnownValues, z.ZodType>)
  .meta({ id: 'KnownValues' });

const ChoiceSchema = z.union([z.object({ use: z.string() }), z.object({ createBeside: z.array(z.string()) })]);

export const ChoicesSchema: z.ZodType<Choices> = z
  .partialRecord(ResourceNameSchema, ChoiceSchema)
  .meta({ id: 'Choices' });

export const AssessmentSchema: z.ZodType<Assessment> = z
  .object({
    resource: ResourceNameSchema,
    org: z.string(),
    id: z.string().nullable(),
    observed: FactsSchema.nullable(),
    changes: z.array(ChangeSchema),
    surplus: z
      .array(FieldChangeSchema)
      .exactOptional()
      .describe('What is there beyond what was agreed, and that no write takes away'),
    blockers: z.array(ProblemSchema),
    candidates: z.array(CandidateSchema),
    explanation: z.string(),
    evidence: z.array(EvidenceSchema),
    known: KnownValuesSchema,
  })
  .meta({ id: 'Assessment' });

export const CheckSchema: z.ZodType<Check> = z
  .object({
    name: z.string(),
    statement: z.string(),
    result: z.enum(['passed', 'failed', 'unknown']),
    detail: z.string(),
    fix: z.string().nullable(),
    evidence: z.array(EvidenceSchema),
  })
  .meta({ id: 'Check' });
